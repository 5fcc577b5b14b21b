"""A real ipykernel in a fork: shell and iopub alone, on sockets that the zygote has opened.

There is no control, stdin or heartbeat channel, no debugger and no thread but iopub's: whoever
ends or interrupts this process does it with a signal, from outside.
"""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
from typing import Any

from ipykernel.compiler import XCachingCompiler
from ipykernel.iostream import IOPubThread, OutStream
from ipykernel.ipkernel import IPythonKernel
from ipykernel.kernelapp import IPKernelApp
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.profiledir import ProfileDir
from jupyter_client.session import Session
from tornado.ioloop import IOLoop
from traitlets.config import Config
from zmq.constants import ROUTER, USE_FD, XPUB
from zmq.eventloop.zmqstream import ZMQStream
from zmq.sugar.context import Context

from grader.inside.bridge import Bridge
from grader.inside.confine import set_environment
from grader.inside.places import CELL, innermost
from grader.inside.warmup import forget_ourselves

MAX_PRINTED = 16 << 20
MAX_LINES, MAX_LINE = 100, 10_000
QUIET = Config({"HistoryManager": {"enabled": False}, "IPKernelApp": {"quiet": True}})


class CellCompiler(XCachingCompiler):
    """Names the code of a cell by the cell's place in the program."""

    def get_code_name(self, _raw: str, _transformed: str, number: int) -> str:
        """The name that tracebacks carry."""
        return CELL.format(number - 1)


class CappedStream(OutStream):
    """Standard output and error of a cell, up to a size; what exceeds it is dropped here."""

    left = MAX_PRINTED

    def write(self, string: Any) -> Any:
        """Send text to the notebook, as long as there is room."""
        if not isinstance(string, str):
            return super().write(string)  # which raises what a file raises
        if self.left > 0:
            self.left -= len(string)
            super().write(string[: 2 * MAX_PRINTED])
        return len(string)


class Shell(ZMQInteractiveShell):
    """The shell, with bounds on what an exception may say."""

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        short = [line[:MAX_LINE] for line in stb[:MAX_LINES]]
        super()._showtraceback(etype, str(evalue)[:MAX_LINE], short)


class NoThread:
    """In the place of the thread for subshells: there is none, and cells run in this one."""

    parent_thread = threading.main_thread()

    def __bool__(self) -> bool:
        return False


class Kernel(IPythonKernel):
    """The kernel, told by each request which cell of the program it runs."""

    compiler_class = CellCompiler
    shell_class = Shell
    failure: BaseException | None = None
    shell_channel_thread = NoThread()
    _supports_kernel_subshells = False

    async def do_execute(self, code: str, silent: bool, *rest: Any, **more: Any) -> Any:
        """Run a cell; an error's reply says in which of the student's lines it arose."""
        index = int(more.pop("cell_id", None) or 0)
        self.shell.execution_count = index + 1
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, CappedStream):
                stream.left = MAX_PRINTED
        try:
            reply = await super().do_execute(code, silent, *rest, **more)
        except Exception as error:  # noqa: BLE001  (the cells have broken the shell itself)
            # Without a reply the host would wait until the time of each cell is over.
            self.failure = error
            reply = {"status": "error", "ename": type(error).__name__, "evalue": str(error)}
        if reply.get("status") == "error":
            cell, line = innermost(self.failure)
            reply["evalue"] = reply["evalue"][:MAX_LINE]
            reply["traceback"] = []  # it was shown already
            reply["where"] = [index if cell is None else cell, line]
        return reply

    def keep_failure(self, result: Any) -> None:
        """Remember what the cell raised, to find its line."""
        self.failure = result.error_before_exec or result.error_in_exec


class App(IPKernelApp):
    """The application around the kernel, with the parts that need the outside left out."""

    kernel_class = Kernel
    outstream_class = "grader.inside.kernel.CappedStream"
    capture_fd_output = False

    def __init__(self, listeners: dict[str, socket.socket], key: bytes, **more: Any) -> None:
        super().__init__(**more)
        self._listeners = listeners
        self._key = key

    def initialize(self, _arguments: Any = None) -> None:
        """Everything up to the point where requests can be served."""
        self.config = QUIET
        self.log = logging.getLogger("grader.kernel")
        self.log.disabled = True
        self.profile_dir = ProfileDir.create_profile_dir(os.environ["IPYTHONDIR"])
        self.session = Session(key=self._key, username="student", parent=self)
        self.init_sockets()
        self.init_io()
        self.init_signal()
        self.init_kernel()
        self.init_shell()
        self.init_gui_pylab()

    def init_sockets(self) -> None:
        """Shell and iopub, on listeners made by root in a folder that nobody else can write."""
        self.context = context = Context()
        self.shell_socket = self._socket(context, ROUTER, "shell")
        # A flood is kept in this process, whose memory is limited, and not thrown away: else
        # the message that a cell has ended could be lost.
        self.iopub_socket = self._socket(context, XPUB, "iopub")
        self.iopub_thread = IOPubThread(self.iopub_socket, pipe=False, session=self.session)
        self.iopub_thread.start()
        self.iopub_socket = self.iopub_thread.background_socket

    def _socket(self, context: Any, kind: int, channel: str) -> Any:
        listener = self._listeners[channel]
        made = context.socket(kind)
        made.linger = 0
        made.sndhwm = 0
        made.setsockopt(USE_FD, listener.fileno())
        made.bind(f"ipc://{listener.getsockname()}")
        return made

    def init_kernel(self) -> None:
        """The kernel without control channel, subshells and debugger."""
        self.kernel = self.kernel_class.instance(
            parent=self,
            session=self.session,
            shell_stream=ZMQStream(self.shell_socket),
            iopub_thread=self.iopub_thread,
            iopub_socket=self.iopub_socket,
            log=self.log,
            profile_dir=self.profile_dir,
            user_ns=self.user_ns,
        )
        self.kernel.record_ports({})
        self.displayhook.get_execution_count = lambda: self.kernel.execution_count


def run(
    listeners: dict[str, socket.socket], key: bytes, calls: socket.socket, student_side: str
) -> None:
    """Serve cells, and calls of the functions they define, until killed."""
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    wanted = dict(os.environ)
    app = App.instance(listeners=listeners, key=key)
    app.initialize()
    shell = app.kernel.shell
    shell.events.register("post_run_cell", app.kernel.keep_failure)
    # `exit` at the end of a notebook is not an answer's end.
    shell.ask_exit = lambda: None
    set_environment(wanted)
    if backend := sys.modules.get("matplotlib_inline.backend_inline"):
        # It was loaded before there was a shell to draw in.
        backend._enable_matplotlib_integration()
    forget_ourselves(student_side)
    app.kernel.start()
    bridge = Bridge(calls, shell.user_ns)
    IOLoop.current().add_handler(calls.fileno(), bridge.serve, IOLoop.READ)
    loop.run_forever()
