"""What a cell of Python defines, imports and uses, read without running it.

The text may be hostile or contain IPython's magics, so a cell that cannot be parsed is answered
for line by line, and no reading here recurses.
"""

from __future__ import annotations

import ast
import hashlib
import re
import warnings
from collections.abc import Iterable, Iterator

# Every pattern here is linear in the text: it starts at a line's start and repeats one class.
# Magics whose body is Python that runs in the notebook's own namespace.
_TRANSPARENT = frozenset({"time", "capture", "prun"})
_CELL_MAGIC = re.compile(r"\s*%%(\w*)[^\n]*")
_LINE_MAGIC = re.compile(r"^([ \t]*)(?:[%!?][^\n]*|[\w.]+\?{1,2})[ \t]*$", re.MULTILINE)
_ASSIGNED_MAGIC = re.compile(r"^([\w, \t]+=[ \t]*)[%!][^\n]*$", re.MULTILINE)
_DEFINITION = re.compile(
    r"^(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|^(\w+)[ \t]*(?::[^=\n]*)?=(?!=)", re.MULTILINE
)
_DYNAMIC = re.compile(
    r"\b(?:exec|globals|setattr)[ \t]*\(|^[ \t]*%(?:run|load)\b",
    re.MULTILINE,
)


def parse(source: str) -> ast.Module | None:
    """The syntax tree of a cell, magics left out; None where Python cannot read it."""
    body = _without_cell_magic(source)
    tree = _parse(body)
    return tree if tree is not None else _parse(_without_line_magics(body))


def _parse(source: str) -> ast.Module | None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a student's odd escape sequence is no concern of ours
        try:
            return ast.parse(source)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


def _without_cell_magic(source: str) -> str:
    found = _CELL_MAGIC.match(source)
    if found is None:
        return source
    return source[found.end() :] if found[1] in _TRANSPARENT else ""


def _without_line_magics(source: str) -> str:
    return _LINE_MAGIC.sub(r"\1pass", _ASSIGNED_MAGIC.sub(r"\1None", source))


def read_code(source: str) -> tuple[frozenset[str], str]:
    """What `defined_names` and `fingerprint` answer, for one parsing."""
    tree = parse(source)
    return _names(source, tree), _fingerprint(source, tree, imports=True)


def defined_names(source: str) -> frozenset[str]:
    """The names that a cell binds at its top level: functions, classes, imports, assignments."""
    return _names(source, parse(source))


def _names(source: str, tree: ast.Module | None) -> frozenset[str]:
    if tree is None:
        return frozenset(name for pair in _DEFINITION.findall(source) for name in pair if name)
    return frozenset(name for node in _top_level(tree) for name in _bound(node))


def _top_level(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement that runs in the notebook's namespace, those inside if, for, try too."""
    waiting: list[ast.AST] = list(reversed(tree.body))
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.stmt):
            yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.expr):
            continue
        waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def _bound(node: ast.stmt) -> Iterator[str]:
    match node:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            yield name
        case ast.Import(names=names):
            yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
        case ast.ImportFrom(names=names):
            yield from (alias.asname or alias.name for alias in names)
        case ast.Assign(targets=targets):
            yield from _target_names(targets)
        case ast.AnnAssign(target=target, value=ast.expr()):
            yield from _target_names([target])
        case ast.For(target=target) | ast.AsyncFor(target=target):
            yield from _target_names([target])


def _target_names(targets: Iterable[ast.expr]) -> Iterator[str]:
    for target in targets:
        for node in ast.walk(target):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id


def may_define_more(source: str) -> bool:
    """Whether a cell can bind names that reading it does not show: exec, globals(), %run."""
    return _DYNAMIC.search(source) is not None


def fingerprint(source: str, *, imports: bool = True) -> str:
    """Equal for cells that differ in white space, comments, layout (and imports) at most."""
    return _fingerprint(source, parse(source), imports=imports)


def _fingerprint(source: str, tree: ast.Module | None, *, imports: bool) -> str:
    text = None if tree is None else _dump(tree, imports=imports)
    if text is None:
        text = "\n".join(_bare_lines(source, imports=imports))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _dump(tree: ast.Module, *, imports: bool) -> str | None:
    kept = [node for node in tree.body if imports or not is_import(node)]
    try:
        return "\n".join(ast.dump(node) for node in kept)
    except (RecursionError, MemoryError):
        return None


def _bare_lines(source: str, *, imports: bool) -> Iterator[str]:
    for line in source.splitlines():
        bare = "".join(line.split())
        is_imported = line.lstrip().startswith(("import ", "from "))
        if bare and not bare.startswith("#") and (imports or not is_imported):
            yield bare


def is_import(node: ast.stmt) -> bool:
    """Whether a statement is an import."""
    return isinstance(node, ast.Import | ast.ImportFrom)


def added_imports(source: str, original: str) -> tuple[str, ...]:
    """The top-level imports of one version of a cell that the original does not have."""
    known = set(_imports(original))
    return tuple(line for line in _imports(source) if line not in known)


def _imports(source: str) -> Iterator[str]:
    tree = parse(source)
    for node in tree.body if tree else []:
        if is_import(node):
            yield ast.unparse(node)


def aliases(sources: Iterable[str]) -> dict[str, str]:
    """What each imported name stands for: `np` for `numpy`."""
    meanings: dict[str, str] = {}
    for source in sources:
        tree = parse(source) if "import" in source else None
        for node in ast.walk(tree) if tree else []:
            if isinstance(node, ast.Import):
                meanings |= {alias.asname: alias.name for alias in node.names if alias.asname}
            elif isinstance(node, ast.ImportFrom) and node.module:
                meanings |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return meanings


def uses(source: str, forbidden: str, meanings: dict[str, str]) -> bool:
    """Whether a cell mentions a name: `convolve`, `np.convolve` or a module such as `scipy`."""
    sought = _expanded(forbidden, meanings)
    is_near = any(forbidden.rpartition(".")[2] in text for text in (source, *meanings.values()))
    tree = parse(source) if is_near else None
    return tree is not None and any(
        f".{name}.".endswith(f".{sought}.") or name.startswith(f"{sought}.")
        for name in _mentioned(tree, meanings)
    )


def _mentioned(tree: ast.Module, meanings: dict[str, str]) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Name | ast.Attribute):
            yield _expanded(dotted(node), meanings)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from (f"{node.module or ''}.{alias.name}" for alias in node.names)


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; it begins with a dot where it begins with an expression."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def _expanded(name: str, meanings: dict[str, str]) -> str:
    first, dot, rest = name.partition(".")
    return meanings.get(first, first) + dot + rest
