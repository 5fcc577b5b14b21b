"""However a submission's code ends, it costs the cell or call it happened in, and no other."""

# ruff: noqa: E501  (students write long lines)

from __future__ import annotations

import numpy as np
import pytest

from grader.records import Ending, Reply
from tests.attacks.a_score_forging.a05_early_replies import CALLS
from tests.box.conftest import QUICK, program

GOOD = "def good():\n    return 42"
DEAF = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
HANGS = {
    "python loop": "while True: pass",
    "sleep": "import time; time.sleep(60)",
    "deaf to interrupts": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass",
    "catches everything": "while True:\n  try:\n    while True: pass\n  except BaseException: pass",
    "long C call": "sum(range(10**12))",
    "waits for input": "import sys; sys.stdin.read(); import threading; threading.Lock().acquire(); l=threading.Lock(); l.acquire(); l.acquire()",
    "stops itself": "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)",
}
DEATHS = {
    "os._exit": "import os; os._exit(0)",
    "killed": "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
    "crashes": "import ctypes; ctypes.string_at(0)",
    "aborts": "import os; os.abort()",
    "exits in a thread": "import os, threading, time; threading.Thread(target=os._exit, args=(0,)).start(); time.sleep(30)",
}
BOMB = "import numpy as np\nx = np.ones(10**10)"


def function(body: str) -> str:
    """A function `bad` with this body."""
    return "def bad():\n" + "".join(f"    {line}\n" for line in body.splitlines())


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_a_cell_that_hangs_costs_only_itself(run, body):
    """A cell that never ends is out of time; the cells around it ran, and functions can be called."""
    session = run(GOOD, body, "def later(): return 1")

    endings = [cell.ending for cell in session.execution.cells]
    assert endings == [Ending.FINISHED, Ending.OUT_OF_TIME, Ending.FINISHED]
    assert (session.call("good").value, session.call("later").value) == (42, 1)


@pytest.mark.parametrize("body", HANGS.values(), ids=HANGS)
def test_a_call_that_hangs_costs_only_itself(run, body):
    """A call that never returns is out of time, and the next one is served."""
    session = run(GOOD, function(body))

    assert session.call("bad").ending is Ending.OUT_OF_TIME
    assert session.call("good").value == 42


@pytest.mark.parametrize("body", DEATHS.values(), ids=DEATHS)
def test_a_cell_that_ends_the_process_costs_only_itself(run, body):
    """After a cell that kills its kernel, the others are run again without it."""
    session = run(GOOD, body, "def later(): return 1")

    endings = [cell.ending for cell in session.execution.cells]
    assert endings == [Ending.FINISHED, Ending.EXITED, Ending.FINISHED]
    assert (session.call("good").value, session.call("later").value) == (42, 1)


@pytest.mark.parametrize("body", DEATHS.values(), ids=DEATHS)
def test_a_call_that_ends_the_process_costs_only_itself(run, body):
    """After a call that kills its kernel, the next one finds the program again."""
    session = run(GOOD, function(body))

    assert session.call("bad").ending is Ending.EXITED
    assert session.call("good").value == 42


@pytest.mark.parametrize(
    "name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit", "BaseException"]
)
def test_exceptions_that_mean_to_end_a_process_are_replies(run, name):
    """SystemExit in a call is the ending EXITED, the other base exceptions are raised ones."""
    session = run(GOOD, f"def bad(): raise {name}")

    reply = session.call("bad")

    assert reply.ending is (Ending.EXITED if name == "SystemExit" else Ending.RAISED)
    assert reply.raised.type == name
    assert session.call("good").value == 42


def test_memory_that_is_not_there_is_an_error_of_that_cell(run):
    """Too large an array is out of memory, in that cell or call alone."""
    session = run(GOOD, BOMB, function(BOMB))

    assert session.execution.cells[1].ending is Ending.OUT_OF_MEMORY
    assert session.call("bad").ending is Ending.OUT_OF_MEMORY
    assert session.call("good").value == 42
    assert "out_of_memory" not in session.flags


def test_memory_taken_bit_by_bit_ends_as_well(run):
    """A list that grows until nothing is left costs its call."""
    hoard = function("x = []\nwhile True: x.append(bytearray(1 << 22))")
    session = run(GOOD, hoard, limits=QUICK.model_copy(update={"call_seconds": 20}))

    assert session.call("bad").ending is Ending.OUT_OF_MEMORY
    assert session.call("good").value == 42


@pytest.mark.docker
def test_memory_of_many_processes_is_counted_together(docker_box):
    """Children that each stay below the limit are ended by the container's; it is then replaced."""
    body = (
        "import os, time\nfor _ in range(12):\n  if not os.fork():\n    x = b'x' * 300_000_000\n"
        "    time.sleep(60)\nx = b'x' * 300_000_000\ntime.sleep(60)"
    )
    with docker_box.session(program(GOOD, function(body)), QUICK) as session:
        ending = session.call("bad").ending
        good = session.call("good").value

    assert ending in {Ending.OUT_OF_MEMORY, Ending.OUT_OF_TIME}
    assert good == 42
    assert {"out_of_memory", "container_replaced"} <= set(session.flags)


@pytest.mark.parametrize(
    "body",
    [
        "import os\nwhile True:\n  try: os.fork()\n  except OSError: pass",
        "import os\nwhile True:\n  try:\n    if not os.fork(): os.setsid()\n  except OSError: pass",
        "import threading, time\nwhile True:\n  threading.Thread(target=time.sleep, args=(60,)).start()",
    ],
    ids=["forks", "forks into sessions", "threads"],
)
def test_a_fork_bomb_costs_only_its_call(run, body):
    """Processes and threads are limited in number, and all of them end."""
    session = run(GOOD, function(body))

    assert session.call("bad").ending in {Ending.OUT_OF_TIME, Ending.RAISED}
    assert session.call("good").value == 42


COMES_BACK = """\
import os
def bad():
    if os.fork() == 0:
        raise ValueError("a child")
    return 1
def total(x):
    return float(x.sum())
"""


def test_a_child_that_comes_back_serves_nobody(run):
    """It neither answers in its parent's place nor takes the half of a later request."""
    session = run(COMES_BACK)
    ones = np.ones(200_000)

    assert session.call("bad").value == 1
    assert [session.call("total", (ones,)).value for _ in range(10)] == [ones.size] * 10
    assert session.flags == ()


@pytest.mark.parametrize(
    "body",
    [
        "for _ in range(200_000): print('x' * 1000)",
        "print('x' * 50_000_000)",
        "import sys\nfor _ in range(20_000): print('x' * 9, flush=True)",
        "from IPython.display import display\nfor i in range(5000): display(i)",
        "from IPython.display import display\nd = display(0, display_id=True)\nfor i in range(5000): d.update(i)",
    ],
    ids=["lines", "one line", "flushed", "displays", "updates"],
)
def test_a_flood_of_output_is_cut(run, body):
    """Whatever a cell prints or displays, what is kept of it is bounded; the next cells run."""
    limits = QUICK.model_copy(update={"cell_seconds": 20, "output_kb": 64})

    session = run(body, GOOD, limits=limits)

    cell = session.execution.cells[0]
    assert len(str(cell.outputs)) < 200_000
    assert cell.truncated
    assert "output_truncated" in session.flags
    assert session.call("good").value == 42


def test_a_message_of_an_exception_is_cut(run):
    """An exception says what it says in so many characters."""
    session = run("raise ValueError('x' * 20_000_000)", GOOD)

    assert session.execution.cells[0].ending is Ending.RAISED
    assert len(str(session.execution.cells[0])) < 100_000
    assert session.call("good").value == 42


def test_a_function_that_always_hangs_is_not_tried_for_ever(run):
    """After three calls that ran out of time, the function is taken to hang."""
    session = run(GOOD, function("while True: pass"))

    endings = [session.call("bad").ending for _ in range(10)]

    assert set(endings) == {Ending.OUT_OF_TIME}
    assert session.call("bad").seconds == 0
    assert session.call("good").value == 42


def test_a_substitute_gives_a_function_that_hung_another_chance(run):
    """What hung because of an earlier answer is tried again with the reference's in its place."""
    session = run("def first():\n    while True: pass", "def second(): return first() + 1")
    for _ in range(4):
        session.call("second")

    session.substitute({"first": lambda args, kwargs: Reply(Ending.FINISHED, 1)})

    assert session.call("second").value == 2


def test_when_its_time_is_used_up_a_submission_is_skipped(run):
    """The seconds of all cells and calls together are limited."""
    limits = QUICK.model_copy(update={"total_seconds": 1.0})

    session = run(GOOD, "import time\ntime.sleep(1.2)", "x = 1", limits=limits)

    assert session.execution.cells[2].ending is Ending.SKIPPED
    assert session.call("good").ending is Ending.SKIPPED


def test_cells_that_end_every_kernel_leave_the_good_ones(run):
    """When no more restarts are allowed, what is known to end well still serves calls."""
    limits = QUICK.model_copy(update={"restarts": 2})

    session = run(GOOD, *["import os; os._exit(1)"] * 4, limits=limits)

    endings = [cell.ending for cell in session.execution.cells]
    assert endings == [Ending.FINISHED, *[Ending.EXITED] * 2, *[Ending.SKIPPED] * 2]
    assert session.call("good").value == 42


FORGERIES = {
    "early replies": """
import threading, time
def forge():
    kernel = get_ipython().kernel
    for _ in range(300):
        parent = kernel.get_parent()
        content = {"status": "ok", "execution_count": 9, "user_expressions": {}, "payload": []}
        for n in range(30):
            fake = dict(parent, header=dict(parent["header"], msg_id=f"{kernel.session.session}_1_{n}"))
            kernel.session.send(kernel.shell_stream, "execute_reply", content, parent=fake, ident=kernel._parent_ident["shell"])
            kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=fake)
        time.sleep(0.002)
threading.Thread(target=forge, daemon=True).start()
""",
    "patched NumPy": "import numpy as np\nfor n in ('array', 'asarray', 'array_equal', 'allclose'): setattr(np, n, lambda *a, **k: True)\nnp.testing.assert_allclose = lambda *a, **k: None",
    "patched json": "import json\njson.dumps = lambda *a, **k: '{}'\njson.loads = lambda *a, **k: {}",
    "patched kernel": "from ipykernel.ipkernel import IPythonKernel\nasync def ok(self, *a, **k): return {'status': 'ok', 'execution_count': 1, 'payload': [], 'user_expressions': {}}\nIPythonKernel.do_execute = ok",
    "broken messages": """
kernel = get_ipython().kernel
for bad in ([], "x", {"status": []}, {"data": 1}, None):
    for kind in ("stream", "display_data", "error", "comm_open", "status", "clear_output", "x"):
        try: kernel.session.send(kernel.iopub_socket, kind, bad, parent=kernel.get_parent())
        except Exception: pass
kernel.iopub_socket.send_multipart([b"junk"] * 3)
""",
    "writes to every descriptor": "import os\nfor fd in range(3, 64):\n  try: os.write(fd, b'\\xff' * 64)\n  except OSError: pass",
    "closes every descriptor": "import os\nos.closerange(3, 64)",
    "forged call replies": CALLS,
}


@pytest.mark.parametrize("forgery", FORGERIES.values(), ids=FORGERIES)
def test_no_forgery_turns_a_wrong_answer_into_a_right_one(run, forgery):
    """Whatever is patched or sent from inside, a wrong function's value is what arrives, or none."""
    session = run("import numpy as np\ndef wrong(): return np.arange(3)", forgery, "assert False")

    replies = [session.call("wrong") for _ in range(3)]

    for reply in replies:
        assert reply.ending is not Ending.FINISHED or np.array_equal(reply.value, np.arange(3))


def test_a_reply_without_the_calls_number_is_seen(run):
    """A reply that does not carry the call's nonce is ignored and flagged."""
    session = run("def wrong(): return 1", FORGERIES["forged call replies"])

    assert session.call("wrong").value == 1
    assert "forged_reply" in session.flags


@pytest.mark.parametrize(
    ("base", "name"), [("ValueError", "ValueError"), ("Exception", "Exception")]
)
def test_an_exception_of_the_notebooks_own_is_the_kind_it_extends(run, base, name):
    """Whoever raises a subclass of ValueError has raised a ValueError."""
    session = run(f"class TooLarge({base}): pass", "def f(): raise TooLarge('no')")

    assert session.call("f").raised.type == name
