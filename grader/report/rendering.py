"""Templates filled in: everything that is printed was cleaned, then escaped."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from grader.report.text import plain

_TEMPLATES = Path(__file__).parent / "templates"


def render(name: str, **values: Any) -> str:
    """The template of that name with these values. The same values give the same text."""
    return _template(name).render(**values)


def template_source(name: str) -> str:
    """A file beside the templates, as it is."""
    return (_TEMPLATES / name).read_text(encoding="utf-8")


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_harmless,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    return environment.get_template(name)


def _harmless(value: Any) -> Any:
    """Whatever a template prints was cleaned, even where a view forgot it. Escaping comes after."""
    return plain(value) if type(value) is str else value
