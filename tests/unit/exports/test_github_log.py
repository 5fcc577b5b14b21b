"""GitHub's log and summary: nothing of a student's is a command, markup or a link."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from grader.exports.single import of_result
from grader.exports.summary import MOST_BYTES, escaped, summary
from grader.exports.workflow import outputs, quiet
from tests.unit.exports import builders
from tests.unit.report import builders as results

TASK = builders.assignment()
COMMANDS = "::error::x\n::set-output name=result::1\n::add-mask::a\n##[warning]x\n::0000::"


def effective(log):
    """The commands that GitHub's runner would follow in a log."""
    stopped, found = "", []
    for line in log.split("\n"):
        command = re.match(r"\s*(?:::|##\[)([^:\] ]+)", line)
        if not command:
            continue
        if stopped:
            stopped = "" if command[1] == stopped else stopped
        elif command[1] == "stop-commands":
            stopped = line.rpartition("::")[2]
        else:
            found.append(line)
    return found, stopped


def test_commands_in_a_log_do_nothing():
    """Commands of the workflow that a student printed are text."""
    assert effective(quiet(COMMANDS)) == ([], "")


def test_the_word_that_ends_the_silence_is_new_each_time():
    """Nobody can write the word beforehand."""
    assert quiet("x").splitlines()[0] != quiet("x").splitlines()[0]


@settings(deadline=None)
@given(st.text())
def test_no_text_is_a_command(text):
    """Whatever the text, no command follows from it, and those after it work again."""
    assert effective(quiet(text)) == ([], "")


def test_an_output_is_one_line():
    """A value cannot set another output."""
    assert outputs({"score": "1\nresult=2"}) == "score=1 result=2\n"


@settings(deadline=None)
@given(st.text(alphabet="<>&[]()!*_`|#\\@:/ahtps.-~\n\r\u2028 \"'=+1"))
def test_no_text_is_markup(text):
    """Escaped text holds no character that Markdown, HTML or a mention is made of."""
    left = re.sub(r"&#\d+;", "", escaped(text))

    assert not set(left) & set("<>&[]()!*_`|#\\@:~\n\"'")


def test_a_summary_is_cut_below_the_limit():
    """Beyond 1024 KiB GitHub drops the whole summary, so ours is cut and says so."""
    failed = [
        results.hidden_test(
            f"t{n}",
            "conv2d",
            False,
            diagnosis=results.Diagnosis("<" * 1500 + str(n), "<" * 1500, "<" * 1500),
        )
        for n in range(200)
    ]
    question = results.question("conv2d", 16, score=0.0, tests=tuple(failed))
    single = of_result(TASK, results.with_questions(results.submission(), question))

    page = summary(TASK, single)
    second = summary(TASK, single, written=MOST_BYTES - 100_000)

    assert MOST_BYTES // 2 < len(page) <= MOST_BYTES
    assert b"cut" in page[-100:]
    assert len(second) <= 100_000
    assert summary(TASK, single, written=MOST_BYTES) == b""


def test_a_summary_shows_the_score_and_the_reason():
    """The page has the points, a table of questions and what to try."""
    page = summary(TASK, of_result(TASK, results.mistaken())).decode()

    assert "points**" in page
    assert "| Convolution | 6 of 16 | partly right |" in page
