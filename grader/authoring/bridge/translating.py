"""Test cells as hidden tests: ordinary pytest that calls the answer in its box."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from grader.authoring.bridge.asserting import Body, Left, asks_for_type, shown
from grader.authoring.bridge.draft import Decision, Draft, DraftQuestion, GradedCell, Part
from grader.authoring.bridge.expressions import Expressions
from grader.authoring.bridge.facts import NotTranslatedError
from grader.authoring.bridge.naming import Names
from grader.authoring.bridge.scope import Scope, read_scope
from grader.authoring.bridge.statements import translate_cell
from grader.notebook.code import defined_names
from grader.report.text import one_line

LONGEST_CELL = 50_000
_AUTOTEST = re.compile(r"^[ \t]*#{2,3}[ \t]*(?:HASHED[ \t]+)?AUTOTEST[ \t]+(.+)$", re.MULTILINE)
_MARK = re.compile(r"BEGIN|END|HIDDEN|TEST\b|YOUR CODE", re.IGNORECASE)
_ARRAY = re.compile(r"\barray\(")


@dataclass(frozen=True)
class HiddenTest:
    """One hidden test: its question, what it is called, how much it counts, its statements."""

    question: str
    name: str
    title: str
    weight: float
    body: Body
    cells: tuple[int, ...]


@dataclass(frozen=True)
class Translation:
    """All hidden tests of a draft, and what of its tests is left to a person."""

    tests: tuple[HiddenTest, ...]
    decisions: tuple[Decision, ...]
    scope: Scope

    def functions(self, question: str, answers: Iterable[Part]) -> tuple[str, ...]:
        """What a question's answers must define: what its tests look at, else all functions."""
        own = {name for part in answers for name in defined_names(part.source)}
        tests = [test for test in self.tests if test.question == question]
        tested = [name for test in tests for name in sorted(test.body.subjects & own)]
        return tuple(dict.fromkeys(tested)) or tuple(
            sorted(own & (self.scope.functions | self.scope.classes))
        )


def translate(draft: Draft) -> Translation:
    """Translate what can be with certainty, and list the rest with its code."""
    scope = scope_of(draft)
    names, tests, decisions = Names(), list[HiddenTest](), list[Decision]()
    for question in draft.questions:
        bodies = [(cell, translate_test(cell, scope)) for cell in question.tests]
        decisions += [
            _left(question, cell, body) for cell, body in bodies if body.left and cell.points
        ]
        tests += _hidden_tests(question, bodies, names)
    return Translation(tuple(tests), tuple(decisions), scope)


def scope_of(draft: Draft) -> Scope:
    """The names of a draft's notebook."""
    code = [part for part in draft.parts if part.kind == "code"]
    return read_scope(
        [part.source for part in code if part.role == "answer"],
        [part.source for part in code if part.role == "given" and part.runs],
        [cell.source for question in draft.questions for cell in question.tests],
    )


def translate_test(cell: GradedCell, scope: Scope) -> Body:
    """The statements of one test cell."""
    body = Body(Expressions(scope))
    tree = _parsed(cell.source)
    if tree is None:
        body.left.append(Left(cell.source, "it is not plain Python, or very long"))
        return body
    output = _result(cell, tree, scope)
    if isinstance(output, Left):
        body.left.append(output)
        tree.body.pop()
        output = None
    translate_cell(_unwrapped(tree), body, output)
    _translate_autotests(cell.source, body)
    if not body.asserts and body.statements and not body.left:
        body.left.append(Left(cell.source, "it looks at nothing that the answer returned"))
    return body


def _parsed(source: str) -> ast.Module | None:
    if len(source) > LONGEST_CELL:
        return None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _result(cell: GradedCell, tree: ast.Module, scope: Scope) -> ast.expr | Left | None:
    """What the last line of a doctest returned when it was saved, as an expression."""
    last = tree.body[-1] if tree.body else None
    if not cell.is_doctest or cell.output is None or not isinstance(last, ast.Expr):
        return None
    line = shown(last)
    try:
        found = ast.parse(_ARRAY.sub("np.array(", cell.output.strip()), mode="eval").body
        numpy = Scope(modules={**scope.modules, "np": "numpy"})
        return Expressions(numpy).translate(found)[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError, NotTranslatedError):
        return Left(
            f"{line}\n# saved output: {one_line(cell.output, 200)}",
            "what it returned when the notebook was saved is no plain value",
        )


def _unwrapped(tree: ast.Module) -> ast.Module:
    """The body of `def test(f): ...`, as otter writes tests that are no doctests.

    Its parameters are names of the notebook's.
    """
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    others = [
        node
        for node in tree.body
        if not isinstance(node, ast.FunctionDef | ast.Import | ast.ImportFrom)
    ]
    if len(functions) != 1 or not all(_calls(node, functions[0]) for node in others):
        return tree
    if functions[0].name.startswith("test") and not functions[0].args.defaults:
        return ast.Module(functions[0].body, [])
    return tree


def _calls(node: ast.stmt, function: ast.FunctionDef) -> bool:
    """Whether a line is the author's own run of the test: `test(f)`."""
    parameters = [each.arg for each in function.args.args]
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id=name), args=args, keywords=[])):
            given = [each.id for each in args if isinstance(each, ast.Name)]
            return name == function.name and given == parameters
    return False


def _translate_autotests(source: str, body: Body) -> None:
    """The answer returns what the reference returns: `### AUTOTEST f(1); f(2)` of nbgrader."""
    for match in _AUTOTEST.finditer(source):
        for code in filter(None, (each.strip() for each in match[1].split(";"))):
            try:
                body.statements.append(_autotest(code, body))
            except (SyntaxError, ValueError, RecursionError, NotTranslatedError) as error:
                body.left.append(Left(f"### AUTOTEST {code}", str(error)))


def _autotest(code: str, body: Body) -> ast.stmt:
    expression = ast.parse(code, mode="eval").body
    other = replace(body.expressions, box="reference", local={})
    value, facts = body.expressions.translate(expression)
    expected, _ = other.translate(expression)
    if not facts.student:
        raise NotTranslatedError("it looks at nothing that the answer returned")
    body.expressions.uses_reference = True
    body.subjects |= facts.subjects
    if asks_for_type(expression):
        return ast.Assert(ast.Compare(value, [ast.Is()], [expected]))
    body.harness.add("assert_close")
    return ast.Expr(ast.Call(ast.Name("assert_close", ast.Load()), [value, expected], []))


def _hidden_tests(
    question: DraftQuestion, bodies: Sequence[tuple[GradedCell, Body]], names: Names
) -> Iterator[HiddenTest]:
    """One for each cell, or one for all of them where it is all or nothing."""
    usable = [(cell, body) for cell, body in bodies if body.asserts and cell.points > 0]
    groups = [usable] if question.together and usable else [[pair] for pair in usable]
    for group in groups:
        cells = [cell for cell, _ in group]
        yield HiddenTest(
            question=question.name,
            name="test_" + names.new(question.name if question.together else cells[0].name, "cell"),
            title=_title(cells[0], group[0][1], question),
            weight=sum(cell.points for cell in cells),
            body=_merged([body for _, body in group]),
            cells=tuple(cell.number for cell in cells),
        )


def _merged(bodies: Sequence[Body]) -> Body:
    first = bodies[0]
    for other in bodies[1:]:
        first.statements += other.statements
        first.left += other.left
        first.harness |= other.harness
        first.subjects |= other.subjects
        first.expressions.imports |= other.expressions.imports
        first.expressions.uses_reference |= other.expressions.uses_reference
        first.expressions.uses_values |= other.expressions.uses_values
    return first


def _title(cell: GradedCell, body: Body, question: DraftQuestion) -> str:
    """The sentence that the student reads: the author's own, from before anything hidden."""
    visible = cell.source.partition("BEGIN HIDDEN")[0][:2000]
    tree = _parsed(visible)
    words = (ast.get_docstring(tree) or "") if tree else ""
    if not words:
        comments = re.findall(r"^#+[ \t]*(\w[^\n]*)$", visible, re.MULTILINE)
        words = next((line for line in comments if not _MARK.search(line)), "")
    if len(words.split()) > 2:  # noqa: PLR2004
        return one_line(words.partition("\n\n")[0], 160)
    asked = ", ".join(sorted(body.subjects)) or question.title
    return f"{one_line(asked, 100)}: what the course's test {one_line(cell.name, 60)} asks for."


def _left(question: DraftQuestion, cell: GradedCell, body: Body) -> Decision:
    reasons = "; ".join(dict.fromkeys(left.why for left in body.left))
    share = f"{cell.points:g} points"
    if body.asserts:
        why = f"Part of this test cell ({share}) was not translated: {reasons}."
        todo = "Add what is missing to its hidden test, or leave it: what was translated counts."
    else:
        why = f"This test cell ({share}) was not translated: {reasons}."
        todo = (
            f'Write it as a hidden test with @pytest.mark.question("{question.name}") and '
            f"@pytest.mark.weight({cell.points:g}), or take its points out of assignment.toml."
        )
    code = "\n".join(left.code for left in body.left)
    return Decision(cell.number, why, todo, code, question.name)
