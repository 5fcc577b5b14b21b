"""Files find their student by identifiers, then by name; what is unsure is never guessed."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.roster import Claim, Student, Unmatched, open_register
from grader.roster.names import orders, words

ROSTER = (
    Student(
        *("ada", "Ada Lovelace", "Ada", "Lovelace", "ada@example.org"),
        group="Team 3",
        ids={"canvas": "101", "sis": "N1"},
    ),
    Student("alan", "Alan Mathison Turing", email="turing@example.org", ids={"canvas": "102"}),
    Student("s1", "John Smith", ids={"login": "jsmith"}),
    Student("s2", "John Smith", ids={"login": "john2", "moodle": "7"}),
    Student("emmy", "Émilie du Châtelet", ids={"github": "emmy-c"}),
    Student("obrien", 'O\'Brien, "Ann"', "Ann", "O'Brien"),
    Student("li", "李小龙"),
)


def find(name: str, **ids: str) -> Student | Unmatched:
    return open_register(ROSTER).find(Claim(name, ids))


@pytest.mark.parametrize(
    ("claim", "key"),
    [
        (Claim("", {"canvas": "101"}), "ada"),
        (Claim("lovelaceada", {"canvas": "101"}), "ada"),
        (Claim("A. Byron", {"email": "ADA@example.org"}), "ada"),
        (Claim("A. Byron", {"gradescope": "N1"}), "ada"),
        (Claim("turing@example.org"), "alan"),
        (Claim("Alan"), "alan"),
        (Claim("jsmith"), "s1"),
        (Claim("emmy-c"), "emmy"),
        (Claim("Lovelace, Ada"), "ada"),
        (Claim("ADA  LOVELACE"), "ada"),
        (Claim("lovelace_ada"), "ada"),
        (Claim("turingalanmathison"), "alan"),
        (Claim("Turing, Alan Mathison"), "alan"),
        (Claim("duchateletemilie"), "emmy"),
        (Claim("du Chatelet, Emilie"), "emmy"),
        (Claim("obrienann"), "obrien"),
        (Claim("Ann O’Brien"), "obrien"),
        (Claim("李小龙"), "li"),
        (Claim("John Smith", {"moodle": "7"}), "s2"),
        (Claim("Participant 7", {"moodle": "7"}), "s2"),
    ],
)
def test_a_claim_finds_its_student(claim: Claim, key: str) -> None:
    """By any identifier, else by the full name as each system writes it."""
    found = open_register(ROSTER).find(claim)

    assert isinstance(found, Student), found
    assert found.key == key


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (Claim("John Smith"), "fits more than one student: s1 and s2"),
        (Claim("smithjohn"), "fits more than one student: s1 and s2"),
        (Claim("Ada"), ""),
        (Claim("Grace Hopper"), "Nobody in the roster fits the name Grace Hopper"),
        (Claim("", {"canvas": "999"}), "no name, canvas 999"),
        (Claim("Ada Lovelace", {"canvas": "102"}), "its canvas is that of alan, its name is"),
        (
            Claim("x", {"canvas": "101", "email": "turing@example.org"}),
            "its canvas is that of ada, its email is that of alan",
        ),
        (Claim("Ada Lovelace", {"canvas": "555"}), "the canvas identifier is 555, not 101"),
        (Claim("\u202e\x1b[31m"), "Nobody"),
        (Claim("Adal Ovelace"), "Nobody"),
    ],
)
def test_what_is_unsure_is_listed_with_its_reason(claim: Claim, reason: str) -> None:
    """Unknown, ambiguous and contradicting claims are for a person."""
    roster = ROSTER if reason else (*ROSTER[1:], Student("a2", "Ada Lovelace"))

    found = open_register(roster).find(claim)

    assert isinstance(found, Unmatched)
    assert reason in found.reason
    assert "\x1b" not in found.reason
    assert "\u202e" not in found.reason


def test_an_identifier_that_two_students_share_is_settled_by_the_name() -> None:
    """A shared e-mail address names nobody by itself."""
    roster = (
        Student("a", "Ada King", email="x@example.org"),
        Student("b", "Bo", email="x@example.org"),
    )
    register = open_register(roster)

    assert register.find(Claim("King, Ada", {"email": "x@example.org"})) == roster[0]
    assert isinstance(register.find(Claim("?", {"email": "x@example.org"})), Unmatched)


def test_groups_are_found_by_name() -> None:
    """However their name is written."""
    register = open_register(ROSTER)

    assert [student.key for student in register.members("team-3")] == ["ada"]
    assert register.members("") == ()


name_words = st.text(
    st.characters(categories=["Lu", "Ll", "Lo", "Mn", "Pd"], include_characters="'’"),
    min_size=1,
    max_size=8,
).filter(lambda word: len(words(word)) == 1)
full_names = st.lists(name_words, min_size=1, max_size=4)


@given(full_names, st.integers(0, 3), st.sampled_from(["NFC", "NFD"]), st.booleans())
def test_however_a_name_is_written_it_is_the_same_name(
    parts: list[str], turn: int, form: str, squeeze: bool
) -> None:
    """Order, comma, case, normal form, and Canvas' squeezing do not matter."""
    student = Student("k0", " ".join(parts))
    start = turn % len(parts)
    last, first = " ".join(parts[start:]), " ".join(parts[:start])
    written = "".join(words(f"{last} {first}")) if squeeze else f"{last}, {first}"

    found = open_register([student]).find(Claim(unicodedata.normalize(form, written)))

    assert found == student


@given(st.lists(full_names, max_size=5), full_names)
def test_a_name_finds_a_student_only_where_it_can_mean_no_other(
    names: list[list[str]], claimed: list[str]
) -> None:
    """Soundness: a match by name has the very words of the name, and nobody else has them."""
    roster = [Student(f"\0{n}", " ".join(parts)) for n, parts in enumerate(names)]
    said = words(" ".join(claimed))

    found = open_register(roster).find(Claim(" ".join(claimed)))

    fits = [
        student
        for student in roster
        if said in {form for order in orders(student.name) for form in (order, ("".join(order),))}
    ]
    assert found == fits[0] if len(fits) == 1 else isinstance(found, Unmatched)


@given(st.text(), st.dictionaries(st.sampled_from(["canvas", "moodle", "email", "x"]), st.text()))
def test_every_claim_has_an_outcome(name: str, ids: dict[str, str]) -> None:
    """Whatever a file says of itself, it is matched or listed with a reason."""
    found = open_register(ROSTER).find(Claim(name, ids))

    assert isinstance(found, Student) or found.reason.endswith(".")
