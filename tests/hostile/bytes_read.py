"""What the host reads without a peer: single messages, and files that are handed in."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from random import Random

from grader.errors import SubmissionError
from grader.inside import wire
from grader.intake import read_submission
from grader.records import Ending
from grader.sandbox import replies
from tests.builders import code_cell, make_notebook, markdown_cell
from tests.hostile.mutating import LIES, changed, damaged, split
from tests.hostile.nasty import JSONS
from tests.hostile.recording import recorded
from tests.hostile.trial import Broken, asked, bounded, check_cell, check_plain

NOTEBOOK = json.dumps(
    make_notebook(
        code_cell("def f(x):\n    return x", "answer", "f", id="a"),
        markdown_cell("Prose with ![a picture](attachment:x.png)", id="b"),
        code_cell("f(1)", id="a", tags=("t",)),
    )
)
PARTS = (*JSONS, '"cells"', '"source"', "\ufeff", "\\u0000", "\\udcff", ",", "]" * 70, "\u202e")


def hostile_message(random: Random) -> bytes:
    """One message of a recording with lies in it, and what may follow."""
    seeds = recorded()
    message = random.choice(split(random.choice([seeds["cells"], *seeds["calls"]])))
    for _ in range(random.choice((1, 1, 2, 3))):
        message = b"".join(random.choice(LIES)(random, [message])) or message
    return message


def read_message(data: bytes) -> str:
    """Have the host read a message as each of the two that it may be; what came of it."""
    with bounded():
        reader = wire.Reader()
        reader.feed(data)
        try:
            message = reader.next()
        except wire.ProtocolError as error:
            return f"message refused: {error}"
        if not isinstance(message, dict):
            return "message: none"
        check_plain(message)
        return f"message: {_as_reply(message)}, {_as_cell(message)}"


def _as_reply(message: dict[str, object]) -> str:
    named = {"0": asked()[1][1][0], "1": 1}
    try:
        found = replies.reply(message, named, 0.0)
    except (wire.ProtocolError, KeyError, TypeError) as error:
        return f"no reply ({type(error).__name__})"
    if found.ending is Ending.FINISHED and not set(found.changed) <= set(named):
        raise Broken("an argument is said to be changed that was not sent")
    return f"reply {found.ending}"


def _as_cell(message: dict[str, object]) -> str:
    try:
        run = replies.cell_run(message, 0.0, 64_000)
    except (wire.ProtocolError, KeyError, TypeError) as error:
        return f"no cell ({type(error).__name__})"
    check_cell(run)
    return f"cell {run.ending}"


def hostile_file(random: Random) -> bytes:
    """A notebook with one or more places changed, as text or as bytes."""
    data = json.loads(NOTEBOOK)
    for _ in range(random.choice((0, 1, 2))):
        data = changed(random, data)
    text = json.dumps(data, default=str)
    for _ in range(random.choice((0, 0, 0, 1, 2, 5))):
        start = random.randrange(len(text) + 1)
        end = start + random.choice((0, 0, 1, 5, 40))
        text = text[:start] + random.choice(PARTS) + text[end:]
    data = text.encode(random.choice(("utf-8",) * 9 + ("utf-16", "latin-1")), "replace")
    for _ in range(random.choice((0, 0, 0, 1, 3))):
        data = damaged(random, data)
    return data * random.choice((1, 1, 1, 1, 2))


def read_file(data: bytes) -> str:
    """Have the host read a file that was handed in; what came of it."""
    with bounded(), tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ada.ipynb")
        path.write_bytes(data)
        try:
            submission = read_submission(path)
        except SubmissionError as error:
            text = str(error)
            if "\n" in text or not text.endswith("."):
                raise Broken(f"no sentence: {text!r}") from error
            return f"file refused: {text[:40]}"
        json.dumps(submission.notebook, allow_nan=False).encode()
        return f"file read, {len(submission.repairs)} repairs"
