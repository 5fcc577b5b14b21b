"""A05: a thread of one cell answers for the cells after it."""

from tests.attacks.case import Case, Notebook, Verdict

REPLIES = """
import threading, time
def forge():
    kernel = get_ipython().kernel
    for _ in range(300):
        parent = kernel.get_parent()
        content = {"status": "ok", "execution_count": 9, "user_expressions": {}, "payload": []}
        for n in range(30):
            fake = dict(parent, header=dict(parent["header"], msg_id=f"{kernel.session.session}_1_{n}"))
            kernel.session.send(kernel.shell_stream, "execute_reply", content, parent=fake,
                                ident=kernel._parent_ident["shell"])
            kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=fake)
        time.sleep(0.002)
threading.Thread(target=forge, daemon=True).start()
"""
IDLE = """
import threading, time
def early():
    kernel = get_ipython().kernel
    parent = kernel.get_parent()
    for _ in range(500):
        kernel.session.send(kernel.iopub_socket, "status", {"execution_state": "idle"}, parent=parent)
        time.sleep(0.001)
threading.Thread(target=early, daemon=True).start()
"""
CALLS = """
import gc
bridge = next(o for o in gc.get_objects() if type(o).__name__ == "Bridge")
send = type(bridge)._send
def twice(self, reply):
    nonce, self._nonce = self._nonce, "0" * 32
    send(self, {"ending": "finished", "value": 42, "changed": [], "generators": {}})
    self._nonce = nonce
    send(self, reply)
type(bridge)._send = twice
"""
FUTURE = CALLS.replace('"0" * 32', "self._nonce[::-1]")

CASE = Case(
    number="A05",
    tries="Forges replies to later cells or calls from a thread that an earlier cell has left.",
    stopped_by="A call counts by the nonce of its request alone; strays are flagged.",
    variants={
        "to-cells": Notebook(Verdict.ZERO, REPLIES, may=("protocol", "output_truncated")),
        "idle-too-early": Notebook(Verdict.ZERO, IDLE, may=("protocol", "output_truncated")),
        "to-calls": Notebook(Verdict.ZERO, CALLS, flags=("forged_reply",)),
        "with-the-nonce-reversed": Notebook(Verdict.ZERO, FUTURE, flags=("forged_reply",)),
        "beside-a-right-answer": Notebook(Verdict.OK, CALLS, flags=("forged_reply",)),
    },
    quick=("to-calls",),
)
