"""J02: it sends messages of the kernel that are none: wrong types, no delimiter, deep nesting."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

BROKEN = """
for bad in ([], "x", {"status": []}, {"data": 1}, None, 1, True, {"execution_state": None}):
    for kind in ("stream", "display_data", "error", "comm_open", "comm_msg", "status", "clear_output", "x", "execute_result"):
        try: session.send(iopub, kind, bad, parent=kernel.get_parent())
        except Exception: pass
"""


# The driver's deserializer meets these: a message with a right signature around wrong parts.
RAW = """
import json
def raw(header, parent, metadata, content, buffers=()):
    parts = [json.dumps(p).encode() if not isinstance(p, bytes) else p for p in (header, parent, metadata, content)]
    stream = [b"x", b"<IDS|MSG>", session.sign(parts), *parts, *buffers]
    iopub.send_multipart(stream)
own = kernel.get_parent()["header"]
own = json.loads(json.dumps(own, default=str))
"""


HEADERS = {
    "a-header-that-is-a-list": 'raw([], own, {}, {"name": "stdout", "text": "x"})',
    "a-year-of-9999": 'raw(dict(own, msg_type="stream", date="9999-99-99T99:99:99"), own, {}, {})',
    "no-parent": 'raw(dict(own, msg_type="stream"), None, {}, {"name": "stdout", "text": "x"})',
    "deep-content": 'raw(dict(own, msg_type="stream"), own, {}, b"[" * 100_000)',
    "no-json": 'raw(dict(own, msg_type="stream"), own, {}, b"\\xff\\xfe")',
    "no-type": 'raw({"x": 1}, own, {}, {})',
    "a-type-that-is-a-list": 'raw(dict(own, msg_type=["stream"]), own, {}, {})',
    "a-version-of-words": 'raw(dict(own, msg_type="stream", version="abc"), own, {}, {"name": "stdout", "text": "x"})',
    "a-comm-without-data": 'raw(dict(own, msg_type="comm_msg"), own, {}, {"comm_id": 1})',
    "nan": 'raw(dict(own, msg_type="stream"), own, {}, b\'{"name": NaN}\')',
    "ten-thousand-buffers": 'raw(dict(own, msg_type="stream"), own, {}, {"name": "stdout", "text": "x"}, [b"y"] * 10_000)',
    "empty-buffers": 'raw(dict(own, msg_type="display_data"), own, {}, {"data": {}, "metadata": {}}, [b""] * 100)',
    "an-image-that-is-a-number": 'raw(dict(own, msg_type="display_data"), own, {}, {"data": {"image/png": 1}, "metadata": []})',
    "an-error-without-name": 'raw(dict(own, msg_type="error"), own, {}, {"traceback": 7})',
    "a-stream-of-numbers": 'raw(dict(own, msg_type="stream"), own, {}, {"name": 1, "text": 2})',
    "an-idle-without-state": 'raw(dict(own, msg_type="status"), own, {}, {})',
    "surrogates": 'raw(dict(own, msg_type="stream"), own, {}, b\'{"name": "stdout", "text": "\\\\ud800"}\')',
}


NO_DELIMITER = (
    "iopub.send_multipart([b'junk'] * 3)\niopub.send_multipart([b'<IDS|MSG>'])\niopub.send(b'')"
)

CASE = Case(
    number="J02",
    tries="Sends messages of the kernel that are none: wrong types, no delimiter, deep nesting.",
    stopped_by="nbclient runs in the box, in a process of its own; its death is a protocol error.",
    variants={
        **{name: sending(RAW + body) for name, body in HEADERS.items()},
        "broken-contents": sending(BROKEN),
        "no-delimiter": sending(NO_DELIMITER),
    },
    held_by=("tests/box/test_endings.py::test_no_forgery_turns_a_wrong_answer_into_a_right_one",),
)
