"""The plots of a class as SVG that stands in the page: its text is text, its colours the page's.

The colours are those of Okabe and Ito, which colour-blind readers tell apart.
"""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import Any

import matplotlib as mpl
from markupsafe import Markup, escape
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from grader.report.classroom.overview import TONE_WORDS, TONES, MistakeRow, QuestionRow
from grader.report.text import one_line

BLUE, ORANGE, GREY = "#0072b2", "#e69f00", "#8c8c8c"
COLOURS = {
    "full": BLUE,
    "partial": "#56b4e9",
    "wrong": "#d55e00",
    "untouched": GREY,
    "person": ORANGE,
    "error": "#cc79a7",
}
# Matplotlib knows no CSS variable, so ink is drawn in colours that nothing else has.
_INK, _QUIET = "#010203", "#040506"
_SETTINGS: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "grader",
    "text.parse_math": False,
    "font.family": "sans-serif",
    "font.size": 10,
    "text.color": _INK,
    "axes.labelcolor": _INK,
    "axes.edgecolor": _QUIET,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": _INK,
    "ytick.color": _INK,
}
WIDTH = 7.2  # inches; the page scales it
BINS = 20


def distribution(scores: Sequence[float], max_score: float, name: str) -> Markup:
    """How many students have how many points, with the median."""
    if not scores:
        return Markup()
    top = max(max_score, *scores) or 1.0
    figure, axes = _start(2.6)
    with mpl.rc_context(_SETTINGS):
        counts, edges, _ = axes.hist(
            scores, bins=[top * n / BINS for n in range(BINS + 1)], color=BLUE, rwidth=0.92
        )
        middle = sorted(scores)[len(scores) // 2]
        axes.axvline(middle, color=ORANGE, linewidth=2, linestyle="--")
        axes.set_xlabel("points (dashed: the middle student)")
        axes.set_ylabel("students")
        axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    most = int(max(range(len(counts)), key=lambda n: counts[n]))
    words = (
        f"{len(scores)} scores from {min(scores):g} to {max(scores):g} of {max_score:g}; the "
        f"middle is {middle:g}; most lie from {edges[most]:g} to {edges[most + 1]:g}."
    )
    return _svg(figure, name, "Distribution of scores", words)


def success(questions: Sequence[QuestionRow], name: str) -> Markup:
    """For each question the share of the class that has it right, partly right, wrong, open."""
    if not questions or not any(sum(question.counts) for question in questions):
        return Markup()
    figure, axes = _start(0.9 + 0.34 * len(questions))
    with mpl.rc_context(_SETTINGS):
        places = range(len(questions))
        starts = [0.0] * len(questions)
        for number, tone in enumerate(TONES):
            shares = [100 * q.counts[number] / (sum(q.counts) or 1) for q in questions]
            if any(shares):
                axes.barh(
                    places,
                    shares,
                    left=starts,
                    color=COLOURS[tone],
                    label=TONE_WORDS[tone],
                    height=0.72,
                )
            starts = [start + share for start, share in zip(starts, shares, strict=True)]
        _named_rows(axes, [question.title for question in questions])
        axes.set_xlim(0, 100)
        axes.set_xlabel("% of the class")
        figure.legend(loc="outside upper center", ncols=6, frameon=False, fontsize=9)
    words = " ".join(f"{q.title}: {q.full} full points." for q in questions)
    return _svg(figure, name, "Success by question", words)


def mistakes(rows: Sequence[MistakeRow], name: str, most: int = 12) -> Markup:
    """The most frequent mistakes; those without a name are drawn in another colour."""
    shown = rows[:most]
    if not shown:
        return Markup()
    figure, axes = _start(0.8 + 0.32 * len(shown))
    with mpl.rc_context(_SETTINGS):
        colours = [BLUE if row.is_named else ORANGE for row in shown]
        hatches = ["" if row.is_named else "//" for row in shown]
        bars = axes.barh(
            range(len(shown)),
            [row.students for row in shown],
            color=colours,
            hatch=hatches,
            edgecolor="white",
            height=0.72,
        )
        axes.bar_label(bars, padding=3)
        labels = [row.label if row.is_named else f"not named: {row.label}" for row in shown]
        _named_rows(axes, labels)
        axes.set_xlabel("students (hatched: a mistake that has no name yet)")
        axes.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    words = " ".join(f"{row.label}: {row.students} students." for row in shown)
    return _svg(figure, name, "Most frequent mistakes", words)


def times(seconds: Sequence[float], name: str) -> Markup:
    """How long grading took."""
    if not seconds:
        return Markup()
    figure, axes = _start(1.8)
    with mpl.rc_context(_SETTINGS):
        axes.hist(seconds, bins=30, color=BLUE, rwidth=0.92)
        axes.set_xlabel("seconds of one submission")
        axes.set_ylabel("students")
        axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    words = f"{len(seconds)} submissions took {min(seconds):.1f} to {max(seconds):.1f} seconds."
    return _svg(figure, name, "Time per submission", words)


def _start(height: float) -> tuple[Figure, Axes]:
    with mpl.rc_context(_SETTINGS):
        figure = Figure(figsize=(WIDTH, height), layout="constrained")
        return figure, figure.add_subplot()


def _named_rows(axes: Axes, labels: Sequence[str]) -> None:
    axes.set_yticks(range(len(labels)), [one_line(label, 44) for label in labels])
    axes.invert_yaxis()
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


def _svg(figure: Figure, name: str, title: str, words: str) -> Markup:
    """The figure as an element that a screen reader announces, with ids that are its own."""
    file = io.StringIO()
    with mpl.rc_context(_SETTINGS):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None})
    text = file.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'(url\(#|href="#)', rf"\g<1>{name}-", text)
    text = text.replace(_INK, "var(--ink)").replace(_QUIET, "var(--quiet)")
    label = escape(f"{title}. {words}")
    start = f'<svg class="plot" role="img" aria-label="{label}" '
    return Markup(text.replace("<svg ", start, 1))  # noqa: S704  (matplotlib escapes its text)
