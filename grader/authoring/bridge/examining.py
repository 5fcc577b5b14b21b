"""What of a notebook cannot be as it was in our box: libraries, files, questions of a person."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import replace

from grader.authoring.bridge.draft import Decision, Draft, Part
from grader.authoring.bridge.naming import LONGEST
from grader.authoring.bridge.scope import looked_up
from grader.authoring.bridge.translating import Translation
from grader.errors import CourseError
from grader.notebook.code import defined_names, dotted, parse
from grader.notebook.markers import cut_code

IN_THE_BOX = frozenset(
    {"numpy", "scipy", "matplotlib", "mpl_toolkits", "tqdm", "PIL", "IPython", "pylab"}
)
WITH_KERAS = frozenset({"keras", "tensorflow"})
_FILES = re.compile(
    r"(?:^|\.)(?:open|load|loadtxt|genfromtxt|fromfile|read_csv|read_excel|read_json|read_table|"
    r"imread|read_text|read_bytes|urlopen|urlretrieve)$"
)
_SHELL = re.compile(
    r"^[ \t]*(?:!|%%(?:bash|sh|script|writefile)|%(?:pip|conda|cd|load_ext|run)\b)", re.MULTILINE
)


def runtime_of(draft: Draft) -> str:
    """The box that the notebook needs."""
    found = {name for part in draft.parts if part.runs for name in _imported(part.source)}
    return "keras" if found & WITH_KERAS else "numpy"


def without_idle_imports(draft: Draft) -> Draft:
    """The course's cells without imports that only the old tests needed, or that nothing uses."""
    used = {
        node.id
        for part in draft.parts
        if part.runs and (tree := parse(part.source)) is not None
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
    }
    parts = (
        replace(part, source=_trimmed(part.source, used))
        if part.runs and part.role == "given"
        else part
        for part in draft.parts
    )
    return replace(draft, parts=tuple(part for part in parts if part.source.strip()))


def examine(draft: Draft, translation: Translation) -> Iterator[Decision]:
    """Everything that a person must know before a class gets the assignment."""
    known = IN_THE_BOX | (WITH_KERAS if runtime_of(draft) == "keras" else frozenset())
    for part in draft.parts:
        if part.runs:
            yield from _outside_the_box(part, known)
        if part.role == "answer":
            yield from _unreleasable(part, draft, translation)
    yield from _of_others(draft, translation)
    yield from _lost_names(draft)


def follows(draft: Draft, translation: Translation) -> Mapping[str, tuple[str, ...]]:
    """The questions whose functions a question's answer calls."""
    scope, found = translation.scope, dict[str, tuple[str, ...]]()
    owner: dict[str, str] = {}
    pays_for_others = {
        test.question
        for test in translation.tests
        if not test.body.subjects & _own_names(draft, test.question)
    }
    for question in draft.questions:
        own = _own_names(draft, question.name)
        sources = "\n".join(part.source for part in draft.answers(question.name))
        used = (set(re.findall(r"[A-Za-z_]\w*", sources)) - own) & scope.functions
        earlier = dict.fromkeys(owner[name] for name in sorted(used) if name in owner)
        found[question.name] = () if question.name in pays_for_others else tuple(earlier)
        owner |= dict.fromkeys(own & scope.functions, question.name)
    return found


def _of_others(draft: Draft, translation: Translation) -> Iterator[Decision]:
    """A test that looks at other questions' answers only would pay for theirs."""
    for test in translation.tests:
        if not test.body.subjects & _own_names(draft, test.question):
            yield Decision(
                test.cells[0],
                f"Its hidden test {test.name} looks only at answers of other questions.",
                "Give it the mark of the question that it is about, and that question its points.",
                question=test.question,
            )


def _own_names(draft: Draft, question: str) -> set[str]:
    return {name for part in draft.answers(question) for name in defined_names(part.source)}


def _imported(source: str) -> Iterator[str]:
    tree = parse(source)
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def _is_here(module: str) -> bool:
    return module in IN_THE_BOX | WITH_KERAS or module in sys.stdlib_module_names


def _trimmed(source: str, used: set[str]) -> str:
    tree = parse(source)
    idle = {
        number
        for node in (tree.body if tree else [])
        if _is_idle(node, used)
        for number in range(node.lineno, (node.end_lineno or node.lineno) + 1)
    }
    lines = source.splitlines()
    return "\n".join(line for number, line in enumerate(lines, 1) if number not in idle)


def _is_idle(node: ast.stmt, used: set[str]) -> bool:
    """An import of a library that the box has not, of which no cell uses a name."""
    if isinstance(node, ast.Import):
        modules = [alias.name for alias in node.names]
    elif isinstance(node, ast.ImportFrom) and node.module:
        modules = [node.module]
    else:
        return False
    names = {alias.asname or alias.name.partition(".")[0] for alias in node.names}
    here = any(_is_here(module.partition(".")[0]) for module in modules)
    return not here and not names & used and "*" not in names


def _outside_the_box(part: Part, known: frozenset[str]) -> Iterator[Decision]:
    missing = sorted(
        {
            name
            for name in _imported(part.source)
            if name not in known and name not in sys.stdlib_module_names
        }
    )
    if missing:
        yield Decision(
            part.number,
            f"It imports {', '.join(missing)[:200]}, which the box has not; the cell stops there.",
            "Take what needs it out of the notebook, or write it with NumPy.",
            part.source,
            part.question or "",
        )
    if readers := sorted(set(_file_calls(part.source))):
        yield Decision(
            part.number,
            f"It reads files ({', '.join(readers)[:200]}); the box has none, and no network.",
            "Make the data in the cell, or tag it skip-execution if no answer needs it.",
            part.source,
            part.question or "",
        )
    if _SHELL.search(part.source):
        yield Decision(
            part.number,
            "It starts another program or an extension of Jupyter's.",
            "Delete the line, or tag the cell skip-execution.",
            part.source,
            part.question or "",
        )


def _file_calls(source: str) -> Iterator[str]:
    tree = parse(source)
    for node in ast.walk(tree) if tree else []:
        if isinstance(node, ast.Call):
            name = dotted(node.func)
            if name == "input":
                yield name
            elif _FILES.search(name) and not name.startswith("."):
                yield name[:LONGEST]


def _unreleasable(part: Part, draft: Draft, translation: Translation) -> Iterator[Decision]:
    question = part.question or ""
    functions = translation.functions(question, draft.answers(question))
    try:
        cut_code(part.source, question, functions, f"cell {part.number}")
    except (CourseError, RecursionError) as error:
        yield Decision(
            part.number,
            f"No stub can be made of this answer: {error}",
            "Move the solution markers: whole statements between them, the signature outside.",
            part.source,
            question,
        )


def _lost_names(draft: Draft) -> Iterator[Decision]:
    """What a test cell defined for cells after it: tests are no part of the program here."""
    wanted_by = {part.number: looked_up(part.source) for part in draft.parts if part.runs}
    kept = {name for part in draft.parts if part.runs for name in defined_names(part.source)}
    for question in draft.questions:
        for cell in question.tests:
            lost = defined_names(cell.source) - kept
            later = (names for number, names in wanted_by.items() if number > cell.number)
            wanted = set[str]().union(*later) if lost else set()
            if names := sorted(lost & wanted):
                yield Decision(
                    cell.number,
                    f"This test cell defined {', '.join(names)[:200]} for later cells; tests are "
                    "no part of the notebook that is graded.",
                    "Define it in a given cell.",
                    cell.source,
                    question.name,
                )
