"""Rules for the outputs of a notebook."""

from __future__ import annotations

import base64
import io
import struct
import zlib

import pytest
from PIL import Image, PngImagePlugin

from grader.report import outputs
from grader.report.outputs import Allowance, draw_again, show_outputs
from tests.unit.report import builders


def show(*pieces):
    return show_outputs(pieces, Allowance())


def chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def png_claiming(width: int, height: int, data: bytes = b"") -> str:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
    return base64.b64encode(raw).decode()


def test_streams_are_shown_as_text_without_escapes():
    """Neighbouring prints are one piece, and colours are gone."""
    (shown,) = show(builders.stream("\x1b[31ma"), builders.stream("b\n"))

    assert (shown.kind, shown.text) == ("text", "ab")


def test_stderr_is_shown_apart():
    """A warning is told from a print, and is no error."""
    assert [piece.kind for piece in show(builders.stream("a"), builders.stream("b", "stderr"))] == [
        "text",
        "stderr",
    ]


@pytest.mark.parametrize(
    "mime",
    [
        "text/html",
        "text/markdown",
        "text/latex",
        "text/vnd.mermaid",
        "image/svg+xml",
        "image/jpeg",
        "application/javascript",
        "application/vnd.jupyter.widget-view+json",
    ],
)
def test_any_other_type_is_named_and_not_shown(mime: str):
    """Only text and pictures drawn anew are shown."""
    (shown,) = show({"output_type": "display_data", "data": {mime: "<script>alert(1)</script>"}})

    assert shown.kind == "note"
    assert shown.text == f"An output of type {mime} is not shown."


def test_a_hostile_type_is_not_even_named():
    """The name of a type is text of a stranger too."""
    (shown,) = show({"output_type": "display_data", "data": {"<b>\n": "x"}})

    assert shown.text == "An output of type unknown is not shown."


def test_plain_text_is_preferred_to_html():
    """A data frame brings both: its text is shown without a remark."""
    (shown,) = show(builders.display(text_html="<b>1</b>", text_plain="   a\n0  1"))

    assert (shown.kind, shown.text) == ("text", "   a\n0  1")


def test_an_error_is_one_line():
    """The traceback stays away: it names paths of the box."""
    (shown,) = show(
        {
            "output_type": "error",
            "ename": "ValueError",
            "evalue": "bad\nvalue",
            "traceback": ["/usr/lib/secret"],
        }
    )

    assert (shown.kind, shown.text) == ("error", "ValueError: bad value")


@pytest.mark.parametrize(
    "output",
    [
        {},
        {"output_type": "stream"},
        {"output_type": "display_data", "data": None},
        {"output_type": "display_data", "data": {}},
        {"output_type": ["x"], "data": 3},
        {"output_type": "error"},
        {"output_type": "update_display_data", "data": {"text/plain": "x"}},
        {"output_type": "execute_result", "data": {"image/png": {"a": 1}}},
    ],
)
def test_a_malformed_output_never_stops_a_page(output):
    """Whatever has no form is skipped or named."""
    show(output)


def test_ten_megabytes_of_text_are_cut():
    """An output is shown up to a limit."""
    (shown,) = show(builders.stream("x" * 10_000_000))

    assert len(shown.text) < 9_000


def test_a_page_shows_only_so_much_text():
    """Many outputs share one allowance."""
    allowance = Allowance(characters=100)

    first = show_outputs([builders.stream("x" * 5000)], allowance)
    second = show_outputs([builders.stream("y" * 5000)], allowance)

    assert len(first[0].text) < 200
    assert second[0].kind == "note"


def test_a_picture_that_is_not_shown_is_not_decoded(monkeypatch):
    """Twenty-four of eight million pixels each would cost the grader minutes."""
    decoded, pixels = [], outputs._pixels
    monkeypatch.setattr(outputs, "_pixels", lambda raw: decoded.append(raw) or pixels(raw))
    allowance = Allowance(pictures=2)

    shown = show_outputs([builders.display(image_png=builders.picture(9, 9))] * 24, allowance)

    assert len(decoded) == 2
    assert [piece.kind for piece in shown] == ["picture", "picture", "note"]


def test_a_flood_of_outputs_is_counted_not_shown():
    """A hundred thousand displays cost nothing."""
    shown = show_outputs([builders.display(text_html="x")] * 100_000, Allowance())

    assert [piece.text for piece in shown] == [
        "An output of type text/html is not shown.",
        "99976 more outputs are not shown.",
    ]


def test_a_picture_is_drawn_anew():
    """Only the pixels survive: no metadata, nothing appended."""
    image = Image.new("RGB", (40, 20), "red")
    file = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "hidden-sentinel")
    image.save(file, "PNG", pnginfo=info, icc_profile=b"sentinel-profile")
    raw = file.getvalue() + b"<script>appended-sentinel</script>"

    shown = draw_again(base64.b64encode(raw).decode())

    drawn = base64.b64decode(shown.text)
    assert (shown.kind, shown.width, shown.height) == ("picture", 40, 20)
    assert b"sentinel" not in drawn
    assert Image.open(io.BytesIO(drawn)).getpixel((3, 3)) == (255, 0, 0)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_kind_of_png_is_drawn(mode: str):
    """Matplotlib and Pillow write several."""
    file = io.BytesIO()
    Image.new(mode, (8, 8)).save(file, "PNG")

    assert draw_again(base64.b64encode(file.getvalue()).decode()).kind == "picture"


def test_a_large_picture_is_made_smaller():
    """A page stays light."""
    shown = draw_again(builders.picture(2400, 600))

    assert (shown.width, shown.height) == (1200, 300)


@pytest.mark.parametrize(
    "encoded",
    [
        "",
        "no base64!",
        '"><script>alert(1)</script>',
        base64.b64encode(b"\x89PNG\r\n\x1a\n").decode(),
        base64.b64encode(b"GIF89a" + b"0" * 100).decode(),
        base64.b64encode(b"<svg onload=alert(1)>" * 9).decode(),
        builders.picture()[:400],
        png_claiming(8, 8, b"not zlib"),
        png_claiming(100_000, 100_000),
        png_claiming(0, 7),
        png_claiming(4000, 4000, zlib.compress(b"\0" * 50_000_000)),
        "A" * 9_000_000,
        "\ud800",
    ],
    ids=range(13),
)
def test_a_broken_picture_or_a_bomb_is_a_note(encoded: str):
    """A picture that cannot be drawn within the limits is said to be missing."""
    assert draw_again(encoded).kind == "note"


def test_a_page_shows_only_so_many_pictures():
    """A hundred plots would make the page too large to open."""
    picture = builders.display(image_png=builders.picture())

    shown = show_outputs([picture] * 20, Allowance(pictures=3))

    assert [piece.kind for piece in shown] == ["picture"] * 3 + ["note"]
