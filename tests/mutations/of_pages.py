"""Mutations of what people open: pages, tables, terminals, logs of platforms."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, attack, off

OUTPUTS = "grader/report/outputs.py"
CELLS = "grader/exports/cells.py"
TEXT = "grader/report/text.py"
HEAD = "grader/report/templates/head.html.j2"

FEEDBACK = "tests/unit/report/test_feedback.py::"
SHOWN = "tests/unit/report/test_outputs.py::"

MUTATIONS = (
    Mutation(
        "quiet-exceptions",
        "of an exception only known sentences are shown",
        (
            off(
                "grader/compare/raised.py",
                'return raised.type if builtin or raised.type in _SHOWN_CLASSES else "an error"',
                'return f"{raised.type}: {raised.message}"',
            ),
        ),
        (
            "tests/unit/compare/test_raised.py::test_a_message_that_may_carry_a_hidden_input_is_not_shown",
        ),
    ),
    Mutation(
        "pictures-decoded",
        "a picture that is not shown is not decoded",
        (
            off(
                OUTPUTS,
                "    if allowance.pictures <= 0:\n",
                "    draw_again(piece.text)\n    if allowance.pictures <= 0:\n",
            ),
        ),
        (SHOWN + "test_a_picture_that_is_not_shown_is_not_decoded",),
    ),
    Mutation(
        "mime-types",
        "text and pictures alone are shown",
        (
            off(
                OUTPUTS,
                '    mime = str(next(iter(data), ""))\n',
                '    if "text/html" in data:\n        return Shown("text", joined(data["text/html"]))\n'
                '    mime = str(next(iter(data), ""))\n',
            ),
        ),
        (SHOWN + "test_any_other_type_is_named_and_not_shown",),
        quick=True,
    ),
    Mutation(
        "pictures-drawn-anew",
        "a picture is decoded and drawn anew",
        (
            off(
                OUTPUTS,
                '    text = base64.b64encode(file.getvalue()).decode("ascii")\n',
                "    text = encoded\n",
            ),
        ),
        (SHOWN + "test_a_picture_is_drawn_anew",),
    ),
    Mutation(
        "pixels",
        "a picture has so many pixels",
        (off(OUTPUTS, "return 0 < width * height <= _PIXEL_LIMIT", "return True"),),
        (SHOWN + "test_a_broken_picture_or_a_bomb_is_a_note",),
    ),
    Mutation(
        "text-of-a-page",
        "a page shows so much text",
        (off(OUTPUTS, "    if allowance.characters <= 0:", "    if False:"),),
        (SHOWN + "test_a_page_shows_only_so_much_text",),
    ),
    Mutation(
        "escaping",
        "templates escape",
        (off("grader/report/rendering.py", "autoescape=True", "autoescape=False"),),
        (FEEDBACK + "test_every_hostile_field_is_literal_text",),
    ),
    Mutation(
        "policy",
        "a page has a content security policy",
        (off(HEAD, "default-src 'none'; ", ""),),
        (FEEDBACK + "test_a_page_forbids_everything_but_its_own_style",),
    ),
    Mutation(
        "names-of-pages",
        "a page is stored under a name of ours",
        (
            off(
                "grader/report/feedback.py",
                're.sub(r"[^a-z0-9]+", "-", ascii_letters.lower())',
                "student",
            ),
        ),
        (FEEDBACK + "test_a_file_name_is_ours",),
    ),
    Mutation(
        "terminal",
        "escapes are taken out of text",
        (off(TEXT, '_ESCAPES.sub("", text)', "text"),),
        (
            attack("L09", "escapes"),
            "tests/unit/report/test_text.py::test_escapes_and_unseen_characters_are_gone",
        ),
    ),
    Mutation(
        "unseen",
        "characters that nobody sees are taken out",
        (off(TEXT, '_UNSEEN.sub("", text)', "text"),),
        (attack("L09", "escapes"),),
    ),
    Mutation(
        "formulas",
        "no cell of a table is a formula",
        (
            off(
                CELLS,
                'return f"\'{text}" if text[:1] in _FORMULA and text else text',
                "return text",
            ),
        ),
        (attack("L08", "formulas"),),
        quick=True,
    ),
    Mutation(
        "formulas-of-ours",
        "no cell of our own tables is a formula",
        (
            off(
                CELLS,
                'if text.lstrip("\'")[:1] in _FORMULA and text.strip("\'") else text',
                "if False else text",
            ),
        ),
        ("tests/unit/exports/test_cells.py::test_no_text_starts_a_formula",),
    ),
    Mutation(
        "workflow-commands",
        "GitHub's log obeys no student",
        (
            off(
                "grader/exports/workflow.py",
                'return f"::stop-commands::{token}\\n{plain(text).rstrip()}\\n::{token}::\\n"',
                'return f"{plain(text).rstrip()}\\n"',
            ),
        ),
        (attack("L10", "commands-of-a-platform"),),
    ),
    Mutation(
        "workflow-token",
        "the word that lets GitHub obey again is new each time",
        (
            off(
                "grader/exports/workflow.py",
                "token = token or secrets.token_hex(16)",
                'token = token or "x"',
            ),
        ),
        (
            "tests/unit/exports/test_github_log.py::test_the_word_that_ends_the_silence_is_new_each_time",
        ),
    ),
)
