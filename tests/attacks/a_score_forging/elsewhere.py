"""Cases of this group that other tests hold already."""

from tests.attacks.case import Case

CASES = (
    Case(
        number="A10",
        tries="Claims to be somebody else in the notebook's metadata or in a file's name.",
        stopped_by="Who handed in is told by the place or the platform's own table.",
        held_by=(
            "tests/unit/intake/test_discover.py::test_students_are_named_by_file_or_folder",
            "tests/unit/intake/test_layouts.py::test_no_student_decides_how_the_others_are_read",
        ),
    ),
    Case(
        number="A11",
        tries="Hands in a notebook whose stored outputs claim success.",
        stopped_by="Outputs are dropped as the file is read.",
        held_by=(
            "tests/unit/intake/test_read.py::test_outputs_attachments_and_foreign_metadata_are_dropped",
        ),
    ),
    Case(
        number="A12",
        tries="Hands in twice at the deadline, so that the later file counts as in time.",
        stopped_by="Both attempts are kept, with their times, and a rule decides which counts.",
        held_by=(
            "tests/unit/gradebook/test_final.py::test_the_best_or_the_last_attempt_counts",
            "tests/flow/gradebook/test_store.py::test_two_writers_at_once_record_each_key_once",
        ),
    ),
)
