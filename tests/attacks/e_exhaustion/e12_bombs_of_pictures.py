"""E12: it displays a picture that unpacks to gigabytes, or huge HTML and JSON."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.e_exhaustion.floods import flood

PNG = """
import base64, struct, zlib
from IPython.display import display
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
size = {size}
packer = zlib.compressobj(9)
row = b"\\0" * (size // 8 + 1)
pixels = b"".join(packer.compress(row) for _ in range({rows})) + packer.flush()
png = b"\\x89PNG\\r\\n\\x1a\\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0))
png += chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
display({{"image/png": base64.b64encode(png).decode(), "text/plain": "x"}}, raw=True)
"""

CASE = Case(
    number="E12",
    tries="Displays a picture that unpacks to gigabytes, or huge HTML and JSON.",
    stopped_by="Outputs have a size; a picture's pixels are counted before it is unpacked.",
    variants={
        "a-bomb-of-a-picture": Notebook(
            Verdict.OK,
            PNG.format(size=100_000, rows=2000),
            may=("output_truncated",),
            limits={"cell_seconds": 20},
        ),
        "a-picture-of-noise": flood(
            "import base64, os\nfrom IPython.display import display\n"
            "display({'image/png': base64.b64encode(os.urandom(10_000_000)).decode()}, raw=True)"
        ),
        "html": flood(
            "from IPython.display import HTML, display\ndisplay(HTML('<b>' * 5_000_000))"
        ),
        "json": flood(
            "from IPython.display import JSON, display\ndisplay(JSON({'x': ['y' * 100] * 100_000}))"
        ),
    },
    held_by=("tests/unit/report/test_outputs.py::test_a_broken_picture_or_a_bomb_is_a_note",),
)
