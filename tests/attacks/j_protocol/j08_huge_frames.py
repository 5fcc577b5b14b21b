"""J08: it sends one frame of gigabytes, a hundred thousand parts, or floods."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

FRAMES = """
text = "x" * {size}
session.send(iopub, "stream", {{"name": "stdout", "text": text}}, parent=kernel.get_parent())
"""


PARTS = "iopub.send_multipart([b'x', b'<IDS|MSG>'] + [b'y'] * 100_000)"

CASE = Case(
    number="J08",
    tries="Sends one frame of gigabytes, a hundred thousand parts, or floods.",
    stopped_by="MAXMSGSIZE in the driver, whose memory is limited as well.",
    variants={
        "one-frame": sending(FRAMES.format(size=200_000_000), limits={"cell_seconds": 10}),
        "just-below-the-limit": sending(
            FRAMES.format(size=15_000_000), limits={"cell_seconds": 10}
        ),
        "many-parts": sending(PARTS),
    },
)
