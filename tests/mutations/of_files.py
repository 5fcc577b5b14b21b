"""Mutations of what the host does with files that were handed in."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, attack, off

READ = "grader/intake/read.py"
ARCHIVES = "grader/intake/archives.py"
REPAIR = "grader/intake/repair.py"

PACKED = "tests/unit/intake/test_archives.py::"
ASSEMBLE = "tests/unit/intake/test_assemble.py::"

KIND = off(READ, "        _check_kind(path.lstat(), name)", "        path.lstat()")
OPENED = off(READ, "            _check_kind(os.fstat(descriptor), name)\n", "")
FOLLOWS = off(READ, 'os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0)', "os.O_RDONLY")

MUTATIONS = (
    Mutation(
        "file-kinds",
        "links, pipes and devices are not opened",
        (KIND, FOLLOWS, OPENED),
        (attack("K13", "a-link-to-a-secret"),),
        behind="lstat before opening, O_NOFOLLOW as it opens, fstat after it: each alone refuses a "
        "link; the last two are for one that is put there in between",
        quick=True,
    ),
    Mutation(
        "file-size",
        "a file has so many bytes",
        (off(READ, "    if len(content) > limit:", "    if False:"),),
        ("tests/unit/intake/test_read.py::test_a_large_file_is_refused_before_it_is_parsed",),
    ),
    Mutation(
        "file-depth",
        "a file's nesting is counted first",
        (off(READ, "        if depth > MAX_DEPTH:", "        if False:"),),
        (attack("K03", "just-above"),),
    ),
    Mutation(
        "file-values",
        "a file's values are counted first",
        (off(READ, "        if count > MAX_VALUES:", "        if False:"),),
        (attack("K02", "millions-of-lists"),),
    ),
    Mutation(
        "file-formats",
        "a file of another kind is told by its first bytes",
        (off(READ, "        if bare.startswith(start):", "        if False:"),),
        (attack("K01", "a-pdf"), attack("K01", "a-web-page")),
    ),
    Mutation(
        "surrogates",
        "halves of characters are replaced",
        (off(REPAIR, "        if _NO_TEXT.search(text):", "        if False:"),),
        ("tests/unit/intake/test_read.py::test_lone_halves_of_characters_are_replaced",),
    ),
    Mutation(
        "cell-count",
        "a notebook has so many cells",
        (off(REPAIR, "        if len(cells) > MAX_CELLS:", "        if False:"),),
        (attack("K05", "three-thousand-cells"),),
    ),
    Mutation(
        "attachments",
        "outputs, attachments and foreign metadata are dropped",
        (
            off(
                REPAIR,
                "        repaired: dict[str, Any] = {\n",
                "        repaired: dict[str, Any] = {\n            **cell,\n",
            ),
        ),
        (
            "tests/unit/intake/test_read.py::test_outputs_attachments_and_foreign_metadata_are_dropped",
        ),
    ),
    Mutation(
        "archive-names",
        "a member's name does not lead elsewhere",
        (off("grader/intake/members.py", ' or ".." in parts:', ":"),),
        (PACKED + "test_a_name_that_leads_elsewhere_is_set_aside",),
    ),
    Mutation(
        "archive-places",
        "members come out under numbers and harmless names",
        (
            off(ARCHIVES, "return folder / harmless(name)", "return folder / name"),
            off(
                ARCHIVES,
                "path = target.path(parts[-1])\n    try:",
                'path = target.path("/".join(parts))\n    try:',
            ),
        ),
        (PACKED + "test_no_name_leads_out_of_the_folder",),
    ),
    Mutation(
        "archive-links",
        "links and devices in a zip are set aside",
        (off(ARCHIVES, "    if mode not in {0, stat.S_IFREG}:", "    if False:"),),
        (PACKED + "test_links_and_devices_are_set_aside",),
    ),
    Mutation(
        "tar-links",
        "links and devices in a tar are set aside",
        (
            off(
                ARCHIVES,
                "    if member.type not in {tarfile.REGTYPE, tarfile.AREGTYPE}:",
                "    if False:",
            ),
        ),
        (PACKED + "test_links_and_devices_are_set_aside",),
    ),
    Mutation(
        "archive-encryption",
        "an encrypted member is set aside",
        (off(ARCHIVES, "    if member.flag_bits & _ENCRYPTED:", "    if False:"),),
        (PACKED + "test_an_encrypted_member_is_set_aside",),
    ),
    Mutation(
        "archive-bombs",
        "an archive unpacks to so much",
        (
            off(
                ARCHIVES,
                "return min(self.total_mb * MB, max(self.harmless_mb * MB, self.ratio * packed))",
                "return 1 << 60",
            ),
        ),
        (PACKED + "test_a_bomb_is_not_opened",),
    ),
    Mutation(
        "archive-members",
        "a member has so many bytes",
        (off(ARCHIVES, "if size > limit * MB else", "if False else"),),
        (PACKED + "test_a_huge_member_costs_only_itself",),
    ),
    Mutation(
        "archive-crowds",
        "an archive has so many members",
        (
            off(
                ARCHIVES,
                '    if _count(file, b"PK\\x01\\x02", target.limits.members) > target.limits.members:',
                "    if False:",
            ),
        ),
        (
            PACKED + "test_members_are_counted_before_python_makes_objects_of_them",
            PACKED + "test_a_crowd_is_not_opened",
        ),
    ),
    Mutation(
        "archive-twins",
        "of two members of one name neither counts",
        (off("grader/intake/members.py", "if counts[_full_name(entry)] > 1 and", "if False and"),),
        (PACKED + "test_two_members_of_one_name_are_both_set_aside",),
    ),
    Mutation(
        "links-in-folders",
        "links in a folder of hand-ins are not followed",
        (off("grader/intake/one.py", " and not path.is_symlink()", ""),),
        ("tests/unit/intake/test_one.py::test_links_are_not_followed",),
    ),
    Mutation(
        "yaml-depth",
        "YAML is not deep",
        (off("grader/intake/layouts/plain_yaml.py", "if len(stack) > MAX_DEPTH:", "if False:"),),
        ("tests/unit/intake/test_plain_yaml.py::test_what_is_deep_is_refused_as_it_is_read",),
    ),
    Mutation(
        "yaml-aliases",
        "no alias of YAML is followed",
        (
            off(
                "grader/intake/layouts/plain_yaml.py",
                'stack[-1].add("")  # a list',
                "stack[-1].add(event.anchor)  # a list",
            ),
        ),
        ("tests/unit/intake/test_plain_yaml.py::test_no_alias_is_followed",),
    ),
    Mutation(
        "locked-cells",
        "locked cells are the course's",
        (
            off(
                "grader/intake/assemble.py",
                'yield Cell(original.source, "given", original.question)',
                'yield Cell((mine or original).source, "given", original.question)',
            ),
        ),
        (ASSEMBLE + "test_an_edited_course_cell_is_replaced_and_flagged",),
    ),
)
