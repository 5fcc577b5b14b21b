"""The commands of a gradebook, as an instructor types them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from grader.gradebook.store import open_gradebook
from tests.builders import make_assignment
from tests.unit.gradebook.builders import ADA, ALAN, START, attempt, result

RULES = """
title = "A tiny course"
[grading]
late_penalty = 10
free_late_days = 1
excused = ["emmy"]
[grading.tiny]
due = 2026-09-01T12:00:00Z
"""
BY = ("--by", "Grace Hopper")


@pytest.fixture
def course(tmp_path):
    """A course of one assignment with a class of two, one of whom handed in late."""
    task = make_assignment(tmp_path)
    folder = task.folder.parent.parent
    (folder / "solutions" / "course.toml").write_text(RULES)
    with open_gradebook(folder / "gradebook.db") as gradebook:
        gradebook.put_students([ADA, ALAN])
        gradebook.record(attempt(submitted_at=START + timedelta(days=2)))
        gradebook.record(
            attempt(result(0, 0, student="\x1b[31mmallory"), student="\x1b[31mmallory")
        )
    return folder


@pytest.fixture
def run(course, grader):
    """Run a command in the course."""
    return lambda *args, **how: grader(*args, **{"cwd": course, **how})


def test_the_grades_show_everybody_and_why(run):
    """A row per student with the reasons; rules that name nobody are pointed out."""
    done = run("grades", "tiny")

    assert done.returncode == 0, done.stderr
    assert "ada (Ada Lovelace)" in done.stdout
    assert "Handed in 2 days late, 1 of them free late days: 10 % of the score" in done.stdout
    assert "Nothing was handed in." in done.stdout
    assert "tiny: 2 needs a person, 1 missing" in done.stdout
    assert "\x1b" not in done.stdout
    assert done.stderr == "solutions/course.toml names 'emmy', who is not on the roster.\n"


def test_a_mark_makes_the_grade_known(run, course):
    """Points by criterion are added up, kept with the name, and the new grade is shown."""
    done = run("mark", "tiny", "ada", "why", "clear=4", "true=3,5", *BY)

    assert done.returncode == 0, done.stderr
    assert "ada (Ada Lovelace)   87.75 / 100   graded" in done.stdout
    with open_gradebook(course / "gradebook.db") as gradebook:
        (kept,) = gradebook.decisions("tiny")
    assert (kept.score, kept.rubric) == (7.5, {"clear": 4, "true": 3.5})
    assert (kept.who, kept.question) == ("Grace Hopper", "why")


def test_an_override_a_comment_and_their_withdrawal(run):
    """A person's score for the whole counts until it is taken back."""
    run("comment", "tiny", "ada", "Ill last week.", *BY)
    done = run("override", "tiny", "ada", "88", *BY)
    assert "   88 / 100   graded" in done.stdout
    assert "comment: Ill last week." in done.stdout

    back = run("withdraw", "tiny", "ada", *BY)
    assert "– / 100   needs a person" in back.stdout


def test_the_gradebook_may_be_named(run, tmp_path, postgres):
    """An option or the environment names another gradebook, a server's too."""
    place = postgres.database()
    with open_gradebook(place) as gradebook:
        gradebook.record(attempt(student="kurt"))

    for done in (
        run("grades", "tiny", "--gradebook", place),
        run("grades", "tiny", GRADER_GRADEBOOK=place),
    ):
        assert done.returncode == 0, done.stderr
        assert "kurt" in done.stdout


@pytest.mark.parametrize(
    ("command", "code", "says"),
    [
        (("mark", "tiny", "adda", "why", "7", *BY), 2, "Did you mean 'ada'?"),
        (("mark", "tiny", "ada", "wy", "7", *BY), 2, "it has double, shift, why"),
        (("mark", "tiny", "ada", "why", "11", *BY), 2, "more than the 10 points of why"),
        (("mark", "tiny", "ada", "why", "nan", *BY), 2, "no score"),
        (("mark", "tiny", "ada", "why", "a=1", "a=2", *BY), 2, "each once"),
        (("mark", "tiny", "ada", "why", "1", "2", *BY), 2, "CRITERION=POINTS"),
        (("mark", "tiny", "ada", "why", "7"), 2, "--by"),
        (("mark", "tiny", "ada", "why", "7", "--by", " "), 2, "--by is empty"),
        (("override", "tiny", "ada", "ten", *BY), 2, "'ten' is no score"),
        (("override", "tiny", "ada", "101", *BY), 2, "more than the 100 points of tiny"),
        (("comment", "tiny", "ada", " ", *BY), 2, "comment is empty"),
        (("grades", "tiny", "--gradebook", "none.db"), 2, "There is no gradebook none.db"),
        (("grades", "tniy"), 2, "there are: tiny"),
    ],
)
def test_what_cannot_be_decided_is_a_sentence(run, course, command, code, says):
    """A slip is a sentence and an exit code, and nothing is recorded."""
    done = run(*command)

    assert done.returncode == code
    assert says in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr
    with open_gradebook(course / "gradebook.db") as gradebook:
        assert gradebook.decisions("tiny") == ()


def test_a_mistake_in_the_rules_is_the_courses(run, course):
    """A rule that cannot be meant ends with the exit code of a mistake in the course."""
    (course / "solutions" / "course.toml").write_text('title = "x"\n[grading.tniy]\nrounding = 1\n')
    done = run("grades", "tiny")

    assert done.returncode == 3
    assert "[grading.tniy] is for no assignment; there are tiny." in done.stderr
