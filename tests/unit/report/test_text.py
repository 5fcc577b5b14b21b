"""Rules for the text of strangers."""

from __future__ import annotations

import pytest

from grader.report.text import block, identity, joined, one_line, plain
from grader.scores import points


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x9b31mred", "red"),
        ("\x1b]0;owned\x07title", "title"),
        ("\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\", "click"),
        ("\x1b]52;c;c2VjcmV0\x07clip", "clip"),
        ("\x1b]0;no end\nnext line", "\nnext line"),
        ("\x1bc reset", " reset"),
        ("\x1b", ""),
        ("score 0\rscore 100", "score 100"),
        ("a\r\nb", "a\nb"),
        ("a\bb\x00c", "abc"),
        ("\u202eevil\u2066", "evil"),
        ("a\u200bb\ufeff", "ab"),
        ("a\U000e0041b", "ab"),
        ("a\u2028b", "a\nb"),
        ("a\ud800b", "a\ufffdb"),
        ("e" + "\u0301" * 40, "e" + "\u0301" * 3),
        ("tabs\tand\nlines", "tabs\tand\nlines"),
        ("Ø 漢字 ∂y", "Ø 漢字 ∂y"),
    ],
)
def test_escapes_and_unseen_characters_are_gone(hostile: str, shown: str):
    """What a terminal or a reader would be deceived by is removed, ordinary letters stay."""
    assert plain(hostile) == shown


def test_cleaning_twice_changes_nothing_more():
    """Removing one escape code never puts another together."""
    once = plain("\x1b\x1b[31m[31mx\x1b[\x1b[0m0m\x9b\x1b[m1mz")

    assert "\x1b" not in once
    assert plain(once) == once


@pytest.mark.parametrize(
    "piece", ["\x1b[31m", "\x1b]", "\x1b[0;", "\r", "\x1b ", "\u0301", "\u202e"]
)
def test_a_bomb_of_escapes_is_cut_before_it_is_read(piece: str):
    """A million escape codes cost no more than the limit allows."""
    assert len(block(piece * 1_000_000, 1000)) < 1100


def test_a_long_text_keeps_its_beginning_and_its_end():
    """The last line of an output matters as much as the first."""
    text = block("first\n" + "x" * 10_000_000 + "\nlast", 500)

    assert text.startswith("first")
    assert text.endswith("last")
    assert "cut here" in text
    assert len(text) < 600


def test_one_line_is_one_line():
    """No line break of a stranger starts a line of ours."""
    assert one_line("a\nINFO forged\t b") == "a INFO forged b"
    assert len(one_line("x" * 1_000_000, 50)) == 50


def test_names_stay_distinct_and_valid():
    """Two names that differ only in undecodable bytes stay two names."""
    assert identity("a\udc80") != identity("a\udc81")
    assert identity("a\udc80").encode()


@pytest.mark.parametrize(
    ("value", "text"), [("a", "a"), (["a", "b"], "ab"), (["a", 1, None], "a"), (3, ""), (None, "")]
)
def test_a_field_that_is_no_text_is_no_text(value: object, text: str):
    """Notebook fields are strings or lists of lines; anything else says nothing."""
    assert joined(value) == text


@pytest.mark.parametrize(
    ("score", "text"),
    [(85.0, "85"), (7.5, "7.5"), (10 / 3, "3.33"), (0.0, "0"), (100.0, "100"), (None, "–")],
)
def test_points_are_short(score: float | None, text: str):
    """Two decimals at most, and a dash instead of a made-up zero."""
    assert points(score) == text
