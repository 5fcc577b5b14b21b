"""K11: it packs bombs, links, doubled names, or names that lead elsewhere."""

from __future__ import annotations

from tests.attacks.case import Case

CASE = Case(
    number="K11",
    tries="Packs bombs, links, doubled names, or names that lead elsewhere.",
    stopped_by="Members are counted and measured first, and come out under numbers.",
    held_by=(
        "tests/unit/intake/test_archives.py::test_a_name_that_leads_elsewhere_is_set_aside",
        "tests/unit/intake/test_archives.py::test_links_and_devices_are_set_aside",
        "tests/unit/intake/test_archives.py::test_two_members_of_one_name_are_both_set_aside",
        "tests/unit/intake/test_archives.py::test_an_encrypted_member_is_set_aside",
        "tests/unit/intake/test_archives.py::test_a_bomb_is_not_opened",
        "tests/unit/intake/test_archives.py::test_a_crowd_is_not_opened",
        "tests/unit/intake/test_archives.py::test_members_are_counted_before_python_makes_objects_of_them",
    ),
)
