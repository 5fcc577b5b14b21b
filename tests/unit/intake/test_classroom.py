"""Every student and every file has exactly one place, and nothing is guessed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from grader.intake import Classroom, Handin, Handins, SetAside, find_handins, gather_class
from grader.roster import Claim, Student
from tests.unit.intake.downloads import NOTEBOOK, make_tree, make_zip

ADA = Student("ada", "Ada Lovelace", group="Team 3", ids={"canvas": "101"})
ALAN = Student("alan", "Alan Turing", group="Team 3", ids={"canvas": "102"})
GRACE = Student("grace", "Grace Hopper", group="Team 4", ids={"canvas": "103"})
EMMY = Student("emmy", "Emmy Noether")
ROSTER = (ADA, ALAN, GRACE, EMMY)


def handin(name: str, *others: str, day: int = 0, attempt: int = 1, **ids: str) -> Handin:
    moment = datetime(2024, 1, day, tzinfo=UTC) if day else None
    return Handin(
        *(Path("x.ipynb"), Claim(name, ids), f"z.zip: {name} {day} {attempt}", attempt, moment),
        others=tuple(Claim(other) for other in others),
    )


def seat(*found: Handin, group_work: bool = False) -> Classroom:
    return gather_class(Handins(found), ROSTER, group_work=group_work)


def rows(room: Classroom) -> list[tuple[str, str, int]]:
    return [(student.key, file.claim.name, file.attempt) for student, file in room.rows]


def test_files_students_and_strangers_have_each_their_place() -> None:
    """In the order of the roster."""
    room = seat(handin("lovelaceada", canvas="101"), handin("Nobody"), handin("Turing, Alan"))

    assert rows(room) == [("ada", "lovelaceada", 1), ("alan", "Turing, Alan", 1)]
    assert room.missing == (GRACE, EMMY)
    assert [unmatched.reason for _, unmatched in room.unmatched] == [
        "Nobody in the roster fits the name Nobody."
    ]


def test_attempts_are_numbered_by_time() -> None:
    """Whatever order and place the files come in; what the system counts is not counted down."""
    room = seat(handin("ada", day=3), handin("Ada Lovelace", day=1), handin("ada", day=2))
    counted = seat(handin("ada", day=2, attempt=4), handin("ada", day=1))

    assert [file.submitted_at.day for _, file in room.rows if file.submitted_at] == [1, 2, 3]
    assert [file.attempt for _, file in room.rows] == [1, 2, 3]
    assert [file.attempt for _, file in counted.rows] == [1, 4]
    assert room.notes == ()


def test_an_order_that_only_names_tell_is_noted() -> None:
    """`last` would count what comes last in the alphabet."""
    (note,) = seat(handin("ada"), handin("ada", attempt=2)).notes

    assert note.startswith("ada has 2 files whose order only their names tell")


def test_several_submitters_have_the_file_each() -> None:
    """As Gradescope exports group work; an unknown one is listed."""
    room = seat(handin("Ada Lovelace", "Grace Hopper", "Nobody"))

    assert [key for key, *_ in rows(room)] == ["ada", "grace"]
    assert [unmatched.claim.name for _, unmatched in room.unmatched] == ["Nobody"]


def test_a_file_named_after_a_group_is_its_members() -> None:
    """Canvas adds the number of a member, Moodle that of the team, which may be a student's."""
    for file in (handin("team3", canvas="102"), handin("Team 3", moodle="7"), handin("team-3")):
        assert [key for key, *_ in rows(seat(file))] == ["ada", "alan"]
    stranger = seat(handin("team3", canvas="103"))
    assert "whose file it is, is not in it" in stranger.unmatched[0][1].reason


def test_a_member_s_file_is_the_group_s_only_in_group_work() -> None:
    """A roster's groups may be those of the exercises."""
    assert [key for key, *_ in rows(seat(handin("ada")))] == ["ada"]
    assert [key for key, *_ in rows(seat(handin("ada"), group_work=True))] == ["ada", "alan"]
    assert [key for key, *_ in rows(seat(handin("emmy"), group_work=True))] == ["emmy"]


def test_a_name_of_a_group_and_of_a_student_is_listed() -> None:
    """Nobody knows who is meant."""
    roster = (Student("a", "Ada", group="Ada"), Student("b", "Bob", group="Ada"))

    room = gather_class(Handins((handin("Ada"),)), roster)

    assert room.rows == ()
    assert "of a group and of a student" in room.unmatched[0][1].reason


def test_who_handed_in_another_kind_of_file_is_not_missing(tmp_path: Path) -> None:
    """There is a row with the reason, for a person."""
    folder = make_tree(
        tmp_path, {"ada/x.ipynb": NOTEBOOK, "alan/x.ipynb": NOTEBOOK, "grace/x.pdf": "", "y/y": ""}
    )

    with find_handins([folder]) as handins:
        room = gather_class(handins, ROSTER)

    assert room.missing == (EMMY,)
    assert [file.problem.rpartition(": ")[2] for _, file in room.rows] == [
        *("", "", "It is no notebook (.ipynb).")
    ]
    assert [aside.claim for aside in room.aside] == [Claim("y")]


def test_without_a_roster_every_author_is_a_student(tmp_path: Path) -> None:
    """Two of one name are told apart by their number, whichever comes first."""
    names = [
        *("smithjohn_11_1_layers.ipynb", "smithjohn_12_2_layers.ipynb"),
        *("lovelaceada_13_3_layers.ipynb", "lovelaceada_13_4_layers.ipynb"),
    ]
    with find_handins([make_zip(tmp_path / "z.zip", names)]) as handins:
        room = gather_class(handins)

    assert rows(room) == [
        ("lovelaceada", "lovelaceada", 1),
        ("lovelaceada", "lovelaceada", 2),
        ("smithjohn (11)", "smithjohn", 1),
        ("smithjohn (12)", "smithjohn", 1),
    ]
    assert room.missing == room.unmatched == ()


claims = st.builds(
    Claim,
    st.sampled_from(["ada", "Alan Turing", "Team 3", "team4", "", "Nobody", "Hopper, Grace"]),
    st.dictionaries(st.sampled_from(["canvas", "moodle"]), st.sampled_from(["101", "102", "9"])),
)
files = st.builds(
    lambda claim, others, n: Handin(Path(f"{n}.ipynb"), claim, f"z: {n}", others=tuple(others)),
    claims,
    st.lists(claims, max_size=2),
    st.integers(0, 99),
)


@given(st.lists(files, max_size=8, unique_by=lambda file: file.origin), st.booleans())
def test_nobody_and_nothing_is_lost(found: list[Handin], group_work: bool) -> None:
    """Each student has rows or is missing; each author of a file has a row or is listed."""
    asides = (SetAside("z: data.csv", "It is no notebook.", Claim("data")),)

    room = gather_class(Handins(tuple(found), asides), ROSTER, group_work=group_work)

    served = [student.key for student, _ in room.rows]
    assert sorted({*served} | {s.key for s in room.missing}) == sorted(s.key for s in ROSTER)
    assert not {*served} & {student.key for student in room.missing}
    placed = {file.origin for _, file in room.rows} | {file.origin for file, _ in room.unmatched}
    assert placed == {file.origin for file in found}
    assert room.aside == asides
    for student in ROSTER:
        numbers = [file.attempt for each, file in room.rows if each == student]
        assert numbers == sorted(set(numbers))
