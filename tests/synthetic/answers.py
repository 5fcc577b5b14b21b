"""A made-up class's code: who writes alone, and who copies and disguises it.

Answers start from the reference and the course's other right versions, and every student writes
them with a hand of their own: operands in another order, a name for a step, functions for
methods, loops turned about. A copier takes another's cells and renames, reorders and comments.
"""

from __future__ import annotations

import ast
import random
from dataclasses import dataclass
from pathlib import Path

from grader.course import load_assignment
from grader.notebook import solution_program
from grader.similarity import Answer, Work

ROOT = Path(__file__).parent.parent.parent
WORDS = (
    "a acc b buf cols cur d data dims g grad h i img j k left m n o out p q res rows s t tmp u v"
)


def versions(root: Path = ROOT) -> dict[str, list[str]]:
    """By question: sources of the reference and of the alternatives, helpers left out."""
    assignment = load_assignment("layers", root)
    found: dict[str, list[str]] = {question.name: [] for question in assignment.questions}
    for cell in solution_program(assignment).cells:
        if cell.role == "answer" and cell.question:
            found[cell.question].append(cell.source)
    for question, source in alternatives(root):
        found[question].append(source)
    return found


def alternatives(root: Path = ROOT) -> list[tuple[str, str]]:
    """The decorated functions and classes of `alternatives.py`, with their question."""
    tree = ast.parse((root / "solutions" / "layers" / "alternatives.py").read_text())
    found = []
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and node.decorator_list:
            question = ast.literal_eval(node.decorator_list[0].args[0])
            body = [node] if isinstance(node, ast.FunctionDef) else node.body
            node.decorator_list = []
            found.append((question, "\n\n".join(ast.unparse(part) for part in body)))
    return found


def honest_class(size: int, seed: int = 0) -> list[Work]:
    """Students who wrote alone."""
    known = versions()
    return [_alone(f"student {n:04}", known, random.Random(f"{seed}-{n}")) for n in range(size)]


def _alone(key: str, known: dict[str, list[str]], chance: random.Random) -> Work:
    hand = Hand(chance, {trick: chance.random() * 0.7 for trick in Hand.TRICKS})
    answers = tuple(
        Answer(question, rename(hand.write(chance.choice(sources)), chance))
        for question, sources in known.items()
    )
    return Work(key, answers)


@dataclass(frozen=True)
class Disguise:
    """What a copier changes: everything of a kind, or a share of the places."""

    name: str
    renames: bool = True
    rewrites: float = 0.0  # the chance at each place of each trick
    questions: int = 10  # copied; the others are the copier's own


DISGUISES = (
    Disguise("as it is", renames=False),
    Disguise("renamed, reordered, commented"),
    Disguise("and a place in ten rewritten", rewrites=0.1),
    Disguise("and a place in four rewritten", rewrites=0.25),
    Disguise("five questions of ten", rewrites=0.05, questions=5),
    Disguise("two questions of ten", rewrites=0.05, questions=2),
)


def copy_of(work: Work, own: Work, key: str, disguise: Disguise, chance: random.Random) -> Work:
    """`own`, with answers taken from `work` and disguised."""
    taken = set(chance.sample([a.question for a in work.answers], disguise.questions))
    answers = [
        Answer(a.question, _disguised(a.source, disguise, chance)) if a.question in taken else mine
        for a, mine in zip(work.answers, own.answers, strict=True)
    ]
    return Work(key, tuple(answers))


def _disguised(source: str, disguise: Disguise, chance: random.Random) -> str:
    if not disguise.renames:
        return source
    source = Hand(chance, dict.fromkeys(Hand.TRICKS, disguise.rewrites)).write(source)
    body = ast.parse(rename(source, chance)).body
    chance.shuffle(body)
    for node in body:
        if isinstance(node, ast.FunctionDef):
            node.body.insert(0, ast.Expr(ast.Constant("My own idea of how this is done.")))
    text = "\n\n\n".join(ast.unparse(ast.fix_missing_locations(node)) for node in body)
    return "# written late at night\n" + text.replace("\n    return", "\n    # done\n    return")


def rename(source: str, chance: random.Random) -> str:
    """The same code with other names for variables."""
    tree = ast.parse(source)
    local = {node.id for node in ast.walk(tree) if _is_stored(node)}
    words = WORDS.split()
    chance.shuffle(words)
    names = {
        name: f"{words[n % len(words)]}{n // len(words) or ''}_" for n, name in enumerate(local)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            node.id = names[node.id]
    return ast.unparse(tree)


def _is_stored(node: ast.AST) -> bool:
    return isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)


class Hand(ast.NodeTransformer):
    """One way of writing: how often each of these tricks is used."""

    TRICKS = ("swap", "step", "call", "length", "square", "check", "turn", "keep", "explicit")

    def __init__(self, chance: random.Random, habits: dict[str, float]) -> None:
        self.chance, self.habits = chance, habits

    def write(self, source: str) -> str:
        """The source as this hand writes it."""
        return ast.unparse(ast.fix_missing_locations(self.visit(ast.parse(source))))

    def _does(self, trick: str) -> bool:
        return self.chance.random() < self.habits[trick]

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and self._does("swap"):
            node.left, node.right = node.right, node.left
        if isinstance(node.op, ast.Sub) and self._does("explicit"):
            return ast.BinOp(ast.UnaryOp(ast.USub(), node.right), ast.Add(), node.left)
        if isinstance(node.op, ast.Pow) and self._does("square"):
            return _call("power", node.left, node.right)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        methods = ("sum", "mean", "max", "reshape", "transpose", "dot", "argmax", "var")
        match node:
            case ast.Call(func=ast.Name(id="len"), args=[one]) if self._does("length"):
                return ast.Subscript(
                    ast.Attribute(one, "shape", ast.Load()), ast.Constant(0), ast.Load()
                )
            case ast.Call(func=ast.Attribute(value=value, attr=name)) if (
                name in methods and not isinstance(value, ast.Name) and self._does("call")
            ):
                return ast.Call(
                    ast.Attribute(ast.Name("np", ast.Load()), name, ast.Load()),
                    [value, *node.args],
                    node.keywords,
                )
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.body = self._statements(node.body)
        self.generic_visit(node)
        if self._does("check"):
            first = ast.Name(node.args.args[0].arg, ast.Load())
            node.body.insert(0, ast.Assert(_call("isfinite", first)))
        return node

    def visit_For(self, node: ast.For) -> ast.AST:
        node.body = self._statements(node.body)
        self.generic_visit(node)
        return node

    def _statements(self, body: list[ast.stmt]) -> list[ast.stmt]:
        made: list[ast.stmt] = []
        for original in body:
            statement = original
            match statement:
                case ast.Return(value=ast.expr() as value) if self._does("keep"):
                    name = f"kept{len(made)}"
                    made.append(ast.Assign([ast.Name(name, ast.Store())], value))
                    statement = ast.Return(ast.Name(name, ast.Load()))
                case ast.Assign(value=ast.BinOp(left=left) as whole) if self._does("step"):
                    name = f"step{len(made)}"
                    made.append(ast.Assign([ast.Name(name, ast.Store())], left))
                    whole.left = ast.Name(name, ast.Load())
            made.append(statement)
        return self._turned(made)

    def _turned(self, body: list[ast.stmt]) -> list[ast.stmt]:
        """Neighbours that do not need each other change places."""
        for n in range(len(body) - 1):
            if _are_free(body[n], body[n + 1]) and self._does("turn"):
                body[n], body[n + 1] = body[n + 1], body[n]
        return body


def _are_free(first: ast.stmt, second: ast.stmt) -> bool:
    if not (isinstance(first, ast.Assign) and isinstance(second, ast.Assign)):
        return False
    return not (_names(first) & _stored(second) or _stored(first) & _names(second))


def _names(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def _stored(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if _is_stored(inner)}


def _call(function: str, *arguments: ast.expr) -> ast.Call:
    return ast.Call(
        ast.Attribute(ast.Name("np", ast.Load()), function, ast.Load()), [*arguments], []
    )
