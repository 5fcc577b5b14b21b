"""Small results as the pipeline makes them: one student of every kind."""

from __future__ import annotations

import base64
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

from grader.course import Assignment, Question
from grader.records import (
    Cell,
    CellRun,
    Diagnosis,
    Ending,
    Execution,
    Observation,
    Program,
    QuestionResult,
    Raised,
    Status,
    SubmissionResult,
    TestResult,
)

SHA = "ab" * 32
TITLES = {
    "conv_shapes": "Shapes and parameters of a convolution",
    "conv2d": "Convolution",
    "conv2d_backward": "Gradients of a convolution",
    "layer_norm": "Layer normalisation",
    "dropout": "Dropout",
    "why_small": "Why small filters?",
}
SOURCES = {
    "conv_shapes": "def conv_output_shape(n, k, s, p):\n    return (n + 2 * p - k) // s + 1",
    "conv2d": (
        "def conv2d(x, w, b, stride=1, padding=0):\n"
        "    batch, channels, height, width = x.shape\n"
        "    x = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))\n"
        "    filters, _, k, _ = w.shape\n"
        "    rows = (height + 2 * padding - k) // stride + 1\n"
        "    columns = (width + 2 * padding - k) // stride + 1\n"
        "    y = np.zeros((batch, filters, rows, columns))\n"
        "    for i in range(rows):\n"
        "        for j in range(columns):\n"
        "            patch = x[:, :, i * stride : i * stride + k, j * stride : j * stride + k]\n"
        "            y[:, :, i, j] = np.tensordot(patch, w, axes=([1, 2, 3], [1, 2, 3]))\n"
        "    return y + channels * b[None, :, None, None]"
    ),
    "conv2d_backward": "def conv2d_backward(dy, x, w, b):\n    return dx, dw, db",
    "layer_norm": "def layer_norm(x, gamma, beta, eps=1e-5):\n    while True:\n        pass",
    "dropout": "def dropout_train(x, p, rng):\n    return x * (rng.random(x.shape) < p)",
}
PRINCIPLE = "The output equals the reference for several strides and paddings."
BIAS = Diagnosis(
    "got an array of shape (2, 4, 7, 7) whose values differ by the same number in each filter; "
    "the largest difference is 1.83, at [0, 2, 0, 0].",
    "the bias once in each output value.",
    "The bias is added once per filter, after the sum over channels.",
    "bias_per_channel",
)


def assignment() -> Assignment:
    """Six questions, one of them written."""
    questions = tuple(
        Question(name=name, title=title, points=points, written=name == "why_small")
        for (name, title), points in zip(TITLES.items(), (6, 16, 14, 12, 10, 4), strict=True)
    )
    return Assignment(
        name="layers",
        folder=Path("solutions/layers"),
        release_folder=Path("assignments/layers"),
        title="The layers of a convolutional network",
        questions=questions,
    )


def hidden_test(name: str, question: str, passed: bool | None = True, **changes: Any) -> TestResult:
    """One hidden test worth two points."""
    title = changes.pop("title", PRINCIPLE)
    return TestResult(
        name=name,
        question=question,
        title=title,
        passed=passed,
        score=2.0 if passed else 0.0,
        max_score=2.0,
        **changes,
    )


def question(name: str, points: float = 10.0, **changes: Any) -> QuestionResult:
    """One question with full points, unless told otherwise."""
    tests = (
        hidden_test(f"test_{name}_values[1-0]", name),
        hidden_test(f"test_{name}_untouched", name, title="The inputs are left as they were."),
    )
    made = QuestionResult(name, TITLES[name], Status.GRADED, points, points, tests)
    return replace(made, **changes)


def picture(width: int = 520, height: int = 260) -> str:
    """A small plot as base64 PNG."""
    image = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(image)
    for x in range(20, width - 20, 24):
        draw.rectangle((x, height - 20 - (x * 37) % (height - 60), x + 14, height - 20), "#2b6cb0")
    file = io.BytesIO()
    image.save(file, "PNG")
    return base64.b64encode(file.getvalue()).decode()


def stream(text: str, name: str = "stdout") -> Mapping[str, Any]:
    """Printed text."""
    return {"output_type": "stream", "name": name, "text": text}


def display(**data: Any) -> Mapping[str, Any]:
    """Displayed data; `image_png` stands for `image/png`."""
    bundle = {mime.replace("_", "/", 1).replace("_", "-"): value for mime, value in data.items()}
    return {"output_type": "display_data", "data": bundle, "metadata": {}}


def submission(student: str = "Ada Lovelace", **changes: Any) -> SubmissionResult:
    """All questions right, the written one waits for nobody."""
    questions = tuple(question(q.name, q.points) for q in assignment().questions)
    cells = tuple(Cell(source, "answer", name) for name, source in SOURCES.items())
    cells = (Cell("import numpy as np", "given"), *cells)
    made = SubmissionResult(
        student=student,
        file=f"{student}.ipynb",
        sha256=SHA,
        status=Status.GRADED,
        score=62.0,
        max_score=62.0,
        questions=questions,
        seconds=0.84,
        program=Program(cells),
        execution=Execution(tuple(CellRun(Ending.FINISHED) for _ in cells), seconds=0.3),
    )
    return replace(made, **changes)


def with_questions(made: SubmissionResult, *changed: QuestionResult) -> SubmissionResult:
    """The submission with these questions in place of those of the same name."""
    new = {question.name: question for question in changed}
    questions = tuple(new.get(question.name, question) for question in made.questions)
    scores = [question.score for question in questions]
    score = None if None in scores else sum(score for score in scores if score)
    waits = any(question.status is not Status.GRADED for question in questions)
    status = Status.NEEDS_ATTENTION if waits else Status.GRADED
    return replace(made, questions=questions, score=score, status=status)


def with_run(made: SubmissionResult, index: int, run: CellRun) -> SubmissionResult:
    """The submission with this run in place of that cell's."""
    assert made.execution
    cells = list(made.execution.cells)
    cells[index] = run
    return replace(made, execution=replace(made.execution, cells=tuple(cells)))


def mistaken() -> SubmissionResult:
    """A known mistake in conv2d, the next question tried with the reference, and plots."""
    failed = tuple(
        hidden_test(f"test_conv2d_values[{n}]", "conv2d", False, diagnosis=BIAS) for n in range(4)
    )
    odd = hidden_test(
        "test_conv2d_dtype",
        "conv2d",
        False,
        title="A float32 input gives a float32 output.",
        diagnosis=Diagnosis(
            "got float64.", "float32, as in the input.", "What makes zeros float64?"
        ),
    )
    raised = hidden_test(
        "test_conv2d_shape",
        "conv2d",
        False,
        title="A filter may be as large as the picture.",
        diagnosis=Diagnosis(
            "ValueError at line 10 of your cell.", "an output of shape (2, 4, 1, 1)."
        ),
        observations=(Observation("output", Raised("ValueError", "hidden", cell=2, line=10)),),
    )
    followed = hidden_test("test_conv2d_backward", "conv2d_backward", with_reference=True)
    made = with_questions(
        submission("Ben Adeyemi-Østergård"),
        question("conv2d", 16, score=6.0, tests=(hidden_test("a", "conv2d"), *failed, odd, raised)),
        question(
            "conv2d_backward",
            14,
            tests=(followed,),
            note="Passed with the reference's conv2d in place of yours: a mistake costs once.",
        ),
        question(
            "dropout",
            10,
            score=0.0,
            tests=(
                hidden_test(
                    "b",
                    "dropout",
                    False,
                    title="The share of dropped values is p.",
                    diagnosis=Diagnosis(
                        "0.70 of the values were dropped.",
                        "0.30 of them.",
                        "p is the probability to drop a value, not to keep it.",
                        "p_is_keep_rate",
                    ),
                ),
            ),
        ),
    )
    shown = (
        stream("\x1b[32mshapes ok\x1b[0m (2, 4, 7, 7)\n"),
        stream("RuntimeWarning: a course library writes here\n", "stderr"),
        display(image_png=picture(), text_plain="<Figure size 520x260>"),
        display(text_html="<table></table>"),
    )
    return with_run(made, 2, CellRun(Ending.FINISHED, shown))


def hanging() -> SubmissionResult:
    """Layer normalisation never ends."""
    made = with_questions(
        submission("Chen Wei"),
        question(
            "layer_norm",
            12,
            score=0.0,
            tests=(
                hidden_test(
                    "h",
                    "layer_norm",
                    False,
                    diagnosis=Diagnosis(
                        "the call was stopped: it had not ended after 5 seconds.",
                        "an array of the input's shape.",
                        "Which condition ends your loop?",
                    ),
                ),
            ),
        ),
    )
    return with_run(made, 4, CellRun(Ending.OUT_OF_TIME, seconds=10.0))


def crashing() -> SubmissionResult:
    """One cell ends the process, an extra one raises."""
    made = with_questions(
        submission("Dora"),
        question(
            "dropout",
            10,
            score=0.0,
            tests=(
                hidden_test(
                    "c",
                    "dropout",
                    False,
                    diagnosis=Diagnosis(
                        "your function ended the Python process.", "an array.", "Leave out exit()."
                    ),
                ),
            ),
        ),
    )
    assert made.program
    assert made.execution
    cells = (*made.program.cells, Cell("total = 0\nprint(totl)\n", "extra"))
    runs = (
        *made.execution.cells,
        CellRun(
            Ending.RAISED, raised=Raised("NameError", "name 'totl' is not defined", cell=6, line=2)
        ),
    )
    made = replace(made, program=Program(cells), execution=replace(made.execution, cells=runs))
    return with_run(made, 5, CellRun(Ending.EXITED))


def untouched() -> SubmissionResult:
    """The release as it was handed out."""
    made = submission("Emil")
    stub = Diagnosis("conv2d: your turn", "", "")
    empty = [
        replace(
            q,
            score=0.0,
            note="Not yet filled.",
            tests=(hidden_test("u", q.name, False, diagnosis=stub),),
        )
        for q in made.questions
    ]
    names = tuple(q.name for q in made.questions)
    assert made.program
    return replace(with_questions(made, *empty), program=replace(made.program, untouched=names))


def waiting() -> SubmissionResult:
    """A written answer and a lost one: a person looks."""
    return with_questions(
        replace(
            submission("Fatima Zahra"),
            notes=("The cell of conv2d had lost its mark; it was found by its name.",),
            flags=("duplicate",),
        ),
        question(
            "why_small",
            4,
            score=None,
            status=Status.NEEDS_ATTENTION,
            tests=(),
            note="A written answer: a person grades it.",
        ),
        question(
            "dropout",
            10,
            score=None,
            status=Status.NEEDS_ATTENTION,
            tests=(),
            note="No cell of the notebook defines dropout_train; a person must look.",
        ),
    )


def unreadable() -> SubmissionResult:
    """A file that is no notebook."""
    return SubmissionResult(
        "Gus",
        "gus.ipynb",
        "",
        Status.NEEDS_ATTENTION,
        None,
        62.0,
        flags=("unreadable",),
        notes=("gus.ipynb is not JSON: it ends in the middle of line 80.",),
    )


def machine_failed() -> SubmissionResult:
    """Our own fault."""
    return replace(
        submission("Hana"),
        status=Status.GRADER_ERROR,
        score=None,
        questions=(),
        notes=("The container ended twice: the disk of this machine is full.",),
    )


def everyone() -> tuple[SubmissionResult, ...]:
    """One of each."""
    return (
        submission(),
        mistaken(),
        hanging(),
        crashing(),
        untouched(),
        waiting(),
        unreadable(),
        machine_failed(),
    )
