"""Answers in words: what a student is to write, in markers that our release understands."""

from __future__ import annotations

import re

from grader.authoring.bridge.regions import cut_regions
from grader.authoring.bridge.stubs import read_markers

_BEGIN_SCHEME = re.compile(r".*=== BEGIN MARK SCHEME ===")
_END_SCHEME = re.compile(r".*=== END MARK SCHEME ===")
_FENCE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def without_mark_scheme(source: str) -> tuple[str, str]:
    """A cell of prose, and what nbgrader hides of it for whoever grades."""
    text, schemes = cut_regions(source, _BEGIN_SCHEME, _END_SCHEME)
    return text.strip(), "\n\n".join(schemes).strip()


def prose(solution: str) -> str:
    """A written answer. Without markers the whole of it is the solution."""
    marked = read_markers(solution)
    shown = [line for line, hidden in zip(marked.lines, marked.solution, strict=True) if not hidden]
    hidden = [line for line, hides in zip(marked.lines, marked.solution, strict=True) if hides]
    if not marked.has_markers:
        shown, hidden = [], list(marked.lines)
    answer = "\n".join(hidden).strip() or "(see rubric.md)"
    asked = "\n".join(shown).strip()
    region = f"<!-- BEGIN SOLUTION -->\n{answer}\n<!-- END SOLUTION -->"
    return f"{asked}\n\n{region}" if asked else region


def as_prose(code: str) -> str:
    """Code that is read by a person: its solution stands in a fence."""
    lines = read_markers(code).lines
    return prose(fenced("\n".join(lines)))


def fenced(code: str, language: str = "python") -> str:
    """A block of code in Markdown, whatever stands in it."""
    longest = max((len(match[1]) for match in _FENCE.finditer(code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code.strip()}\n{fence}"
