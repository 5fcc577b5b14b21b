"""The Jupyter client of one submission: nbclient, in the box, under a uid of its own.

It has no rights, no clock and no say: it runs the cells it is told to run and reports what came
back, one event as a cell begins and one as it ends. Deadlines are the host's. Whatever a hostile
kernel sends here can end this process, which is then that submission's protocol error.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import socket
from collections.abc import Mapping
from typing import Any

from jupyter_client.asynchronous import AsyncKernelClient
from nbclient import NotebookClient
from nbformat import NotebookNode
from zmq.asyncio import Context
from zmq.constants import MAXMSGSIZE, RCVHWM, SUBSCRIBE, UNSUBSCRIBE

from grader.inside import wire

MAX_MESSAGE = 16 << 20  # libzmq has no limit by default: a peer could fill our memory
MAX_WAITING = 64
MAX_MESSAGES = 2000
MAX_TEXT = 4000
WELCOME_SECONDS = 2.0
PORTS = 1, 2  # the sockets' names end in these: shell, iopub
OUTPUTS = frozenset(["stream", "display_data", "execute_result", "error"])


class Client(AsyncKernelClient):
    """A client of shell and iopub that tells the kernel which cell of the program it asks for."""

    index = 0

    def execute(self, code: str, *_: Any, **__: Any) -> str:
        """Ask for the next cell."""
        content = {
            "code": code,
            "silent": False,
            "store_history": True,
            "user_expressions": {},
            "allow_stdin": False,
            "stop_on_error": False,
        }
        message = self.session.msg("execute_request", content, metadata={"cellId": str(self.index)})
        self.shell_channel.send(message)
        return str(message["header"]["msg_id"])


class Runner(NotebookClient):
    """nbclient with bounds on what it keeps, and nothing that outlives a cell."""

    allowance = 0
    messages = 0
    truncated = False
    idle = False

    def begin(self, allowance: int) -> None:
        """Forget the cell before."""
        self.allowance, self.messages = allowance, 0
        self.truncated = self.idle = False
        self._display_id_map.clear()

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Keep a message of the cell that runs, while there is room for it."""
        if msg["msg_type"] == "status":
            self.idle = msg["content"]["execution_state"] == "idle"
        if msg["msg_type"] in {"comm_open", "comm_msg", "comm_close"}:
            return None
        if msg["msg_type"] in OUTPUTS | {"update_display_data", "clear_output"}:
            self.messages += 1
            self.allowance -= len(json.dumps(msg["content"]))
            if self.allowance < 0 or self.messages > MAX_MESSAGES:
                self.truncated = True
                return self._begin_of(msg, cell)
        return super().process_message(msg, cell, cell_index)

    def _begin_of(self, msg: Any, cell: Any) -> None:
        """Of text that is too long, keep the beginning, once."""
        room = self.allowance + len(json.dumps(msg["content"]))
        if msg["msg_type"] == "stream" and room > 0:
            text = {**msg["content"], "text": msg["content"]["text"][: room // 2]}
            super().process_message({**msg, "content": text}, cell, 0)

    async def _async_poll_kernel_alive(self) -> None:
        """Wait for nothing: the zygote sees at once when the kernel has died."""
        await asyncio.Event().wait()


def run(folder: str, key: bytes, events: socket.socket) -> None:
    """Run the cells that the host asks for, one event at their begin and end."""
    try:
        asyncio.run(_run(folder, key, events))
    except BaseException as error:  # noqa: BLE001  (whatever the kernel made of us is an event)
        _send(events, {"event": "broken", "reason": type(error).__name__})
    os._exit(0)


async def _run(folder: str, key: bytes, events: socket.socket) -> None:
    work = _receive(events)
    client = _client(folder, key)
    # Made by hand: nbformat's own functions would validate, and first compile their schema.
    cells = [
        NotebookNode(cell_type="code", metadata=NotebookNode(), source=source, outputs=[])
        for source in work["cells"]
    ]
    notebook = NotebookNode(cells=cells, metadata=NotebookNode())
    runner = Runner(
        notebook,
        km=None,
        timeout=None,
        allow_errors=True,
        store_widget_state=False,
        iopub_timeout=2,
        record_timing=False,
    )
    runner.kc = client
    await _welcome(client)
    for index in work["indexes"]:
        await _run_cell(runner, client, index, work["output"], events)
    _send(events, {"event": "done"})


def _client(folder: str, key: bytes) -> Client:
    context = Context()
    context.setsockopt(MAXMSGSIZE, MAX_MESSAGE)
    context.setsockopt(RCVHWM, MAX_WAITING)
    client = Client(context=context, transport="ipc")
    client.session.key = key
    client.session.username = "grader"
    # jupyter_client writes a unix socket's path as IP-PORT.
    client.ip, client.shell_port, client.iopub_port = folder + "/s", *PORTS
    wanted = {"shell": True, "iopub": True, "stdin": False, "hb": False, "control": False}
    client.start_channels(**wanted)
    return client


async def _welcome(client: Client) -> None:
    """Wait until the kernel knows that we listen; no output is lost from then on."""
    while True:
        try:
            message = await client.get_iopub_msg(timeout=WELCOME_SECONDS)
        except queue.Empty:
            # A kernel that subscribes its listener after our subscription came never sees it.
            client.iopub_channel.socket.setsockopt(UNSUBSCRIBE, b"")
            client.iopub_channel.socket.setsockopt(SUBSCRIBE, b"")
            continue
        if message["msg_type"] == "iopub_welcome":
            return


async def _run_cell(
    runner: Runner, client: Client, index: int, output: int, events: socket.socket
) -> None:
    _send(events, {"event": "begin", "index": index})
    cell = runner.nb.cells[index]
    client.index = index
    runner.begin(output)
    reply: dict[str, Any] = {}

    def keep(**facts: Any) -> None:
        reply.update(facts["execute_reply"]["content"])

    runner.on_cell_executed = keep
    if cell.source.strip():
        await runner.async_execute_cell(cell, index)
    _send(events, {"event": "end", "index": index, **_ending(reply), **_outputs(runner, cell)})
    cell.outputs = []


def _ending(reply: Mapping[str, Any]) -> dict[str, Any]:
    if reply.get("status", "ok") == "ok":
        return {"raised": None}
    cell, line = reply.get("where") or (None, None)
    return {
        "raised": {
            "type": str(reply.get("ename"))[:200],
            "message": str(reply.get("evalue"))[:MAX_TEXT],
            "cell": cell if isinstance(cell, int) else None,
            "line": line if isinstance(line, int) else None,
        }
    }


def _outputs(runner: Runner, cell: NotebookNode) -> dict[str, Any]:
    """What the cell displayed, as JSON text: the host looks at each part of it."""
    # A message beyond the limit of its size takes what was queued behind it along.
    truncated = runner.truncated or not (runner.idle or not cell.source.strip())
    return {"outputs": json.dumps(cell.outputs), "truncated": truncated}


def _receive(events: socket.socket) -> Any:
    reader = wire.Reader()
    while (message := reader.next()) is None:
        data = events.recv(1 << 18)
        if not data:
            os._exit(0)
        reader.feed(data)
    return message


def _send(events: socket.socket, event: dict[str, Any]) -> None:
    events.sendall(wire.pack(event))
