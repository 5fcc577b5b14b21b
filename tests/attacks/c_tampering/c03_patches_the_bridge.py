"""C03: it patches what serves the calls inside its own process."""

from tests.attacks.case import Case, Notebook, Verdict

ALL = ("conv_shapes", "pool2d", "linear", "layer_norm")
BRIDGE = "import gc\nbridge = next(o for o in gc.get_objects() if type(o).__name__ == 'Bridge')\n"
VALUE = (
    BRIDGE
    + """
send = type(bridge)._send
def always(self, reply):
    send(self, {"ending": "finished", "value": True, "changed": [], "generators": {}})
type(bridge)._send = always
"""
)
FIELDS = (
    BRIDGE
    + """
send = type(bridge)._send
def more(self, reply):
    send(self, dict(reply, passed=True, score=100, ending="perfect"))
type(bridge)._send = more
"""
)
RAW = (
    BRIDGE
    + """
def raw(self, reply):
    self._calls.sendall(b"\\xff" * 4096)
type(bridge)._send = raw
"""
)
HUGE = (
    BRIDGE
    + """
import struct
def huge(self, reply):
    self._calls.sendall(struct.pack("<IQ", 1, 1 << 62))
type(bridge)._send = huge
"""
)
SILENT = BRIDGE + "type(bridge)._send = lambda self, reply: None"
DEEP = (
    BRIDGE
    + """
import struct
def deep(self, reply):
    header = b"[" * 500_000
    self._calls.sendall(struct.pack("<IQ", 1, len(header)) + header)
type(bridge)._send = deep
"""
)
ASKS = (
    BRIDGE
    + """
send = type(bridge)._send
def ask(self, reply):
    send(self, {"ask": "linear", "args": (1,), "kwargs": {}})
type(bridge)._send = ask
"""
)
CALLBACK = (
    BRIDGE
    + """
import struct, json
send = type(bridge)._send
def name(self, reply):
    header = json.dumps({"dict": [[{"str": 1}, {"str": 2}], [{"str": 3}, {"name": "probes.answer"}]]}).encode()
    parts = [header, b"nonce", self._nonce.encode(), b"value"]
    self._calls.sendall(struct.pack(f"<I{len(parts)}Q", len(parts), *map(len, parts)) + b"".join(parts))
type(bridge)._send = name
"""
)
CLOSED = BRIDGE + "bridge._calls.close()"
NONCES = (
    BRIDGE
    + """
send = type(bridge)._send
def many(self, reply):
    nonce = self._nonce
    for number in range(300):
        self._nonce = f"{number:032x}"
        send(self, reply)
    self._nonce = nonce
    send(self, reply)
type(bridge)._send = many
"""
)
SLOW = (
    BRIDGE
    + """
import time, struct
def slow(self, reply):
    for byte in struct.pack("<IQ", 1, 60_000_000):
        self._calls.sendall(bytes([byte]))
        time.sleep(0.01)
    while True:
        self._calls.sendall(b" ")
        time.sleep(0.05)
type(bridge)._send = slow
"""
)
LATE = (
    BRIDGE
    + """
kept = []
send = type(bridge)._send
def late(self, reply):
    kept.append((self._nonce, reply))
    for nonce, old in kept[-3:-1]:
        self._nonce = nonce
        send(self, old)
    self._nonce = kept[-1][0]
    send(self, reply)
type(bridge)._send = late
"""
)


def patching(source: str, *, verdict: Verdict = Verdict.PROTO, **more) -> Notebook:
    """Every answer is lost, since every call goes through what is patched."""
    limits = {"total_seconds": 10}  # they wait for one another
    return Notebook(
        verdict, source, loses=ALL, may=("protocol", "forged_reply"), limits=limits, **more
    )


CASE = Case(
    number="C03",
    tries="Patches the bridge that serves calls, so that it says what it likes to the host.",
    stopped_by="What it says is decoded strictly; an ill-formed or a missing reply is a lost call.",
    variants={
        "always-true": patching(VALUE, verdict=Verdict.ZERO),
        "another-ending": patching(FIELDS),
        "garbage": patching(RAW),
        "a-huge-message": patching(HUGE),
        "silence": patching(SILENT, verdict=Verdict.TIME),
        "deep-nesting": patching(DEEP),
        "asks-the-host": patching(ASKS),
        "names-a-function": patching(CALLBACK),
        "closes-the-socket": patching(CLOSED, verdict=Verdict.TIME),
        "three-hundred-nonces": patching(NONCES),
        "a-byte-at-a-time": patching(SLOW),
        "replays": Notebook(Verdict.ZERO, LATE, flags=("forged_reply",)),
    },
    quick=("replays",),
    held_by=(
        "tests/unit/sandbox/test_box_hostile_peer.py::test_a_lying_kernel_costs_the_call",
        "tests/unit/sandbox/test_box_hostile_peer.py::test_a_reply_to_another_call_is_ignored",
    ),
)
