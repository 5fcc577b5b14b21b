"""What to say of a call or a cell that gave no value: it raised, hung or exited."""

from __future__ import annotations

import builtins
import re
from dataclasses import replace

from grader.compare.missing import missing_file, missing_function, missing_module, missing_name
from grader.compare.remedies import recognised
from grader.compare.source import (
    called,
    defining_cells,
    ended_early,
    identifiers,
    quoted,
    raised_line,
)
from grader.compare.versions import explain_version
from grader.compare.wording import sentence
from grader.inside.sentences import NO_TENSOR
from grader.records import CellRun, Diagnosis, Ending, Execution, Program, Raised, Reply

NOT_FILLED = "is not yet filled"
_SHOWN_CLASSES = frozenset(("AxisError", "LinAlgError", "UFuncTypeError", "JSONDecodeError"))
# What came in a tensor's place, and what to do about it: nothing was raised by the student's code.
_NO_TENSOR = {
    "None": "Does every path through your function end with `return ...`?",
    "a layer": "A layer or a model is called on a tensor to give one: `layer(x)`.",
}
_TO_FIND_IT = "Run the cell with a small input of your own and look at the last line of the error."
_ENDINGS = {
    Ending.OUT_OF_TIME: (
        "did not answer within the time limit and was stopped",
        "Does every loop end? If it is only slow: fewer nested loops, more NumPy.",
    ),
    Ending.OUT_OF_MEMORY: (
        "needed more memory than a submission may use and was stopped",
        "How large is the largest array that you make, and does a list grow without end?",
    ),
    Ending.EXITED: (
        "ended the Python process",
        "Remove `exit()`, `quit()` and `sys.exit()`: return a value instead. Where there is none, "
        "look at memory: who gets no more can end like this. Is a large model or array left over?",
    ),
    Ending.PROTOCOL: (
        "returned something that is too large or too deeply nested to be looked at",
        "Return plain NumPy arrays and numbers, as the docstring says.",
    ),
    Ending.SKIPPED: (
        "was not tried: the time for the whole notebook was used up",
        "Mend what hangs or is slow first: the rest is then tried again.",
    ),
    Ending.FINISHED: ("ended", ""),
}


def explain_failure(
    reply: Reply,
    function: str,
    program: Program | None,
    execution: Execution | None = None,
    wanted: str = "",
) -> Diagnosis:
    """Why a call of `function` gave no value, or raised another exception than the `wanted` one.

    The text of an exception comes from the box and may carry a hidden input: it is shown only
    where `compare.messages` knows the whole sentence; else no more than a builtin class name.
    `execution` lets the diagnosis name the cell that ended early and so did not define a name.
    """
    raised = reply.raised
    if reply.ending is not Ending.RAISED or raised is None:
        return _ended(reply.ending, f"`{function}`")
    if is_missing(function, raised):
        return _never_defined(function, program, execution)
    return _explain(raised, f"`{function}`", program, execution, wanted)


def explain_cell(
    run: CellRun, number: int, program: Program, execution: Execution | None = None
) -> Diagnosis | None:
    """Why the code cell with that index did not run to its end; None if it did."""
    if run.ending is Ending.FINISHED:
        return None
    name = called(program.cells[number])
    if run.ending is not Ending.RAISED or run.raised is None:
        return _ended(run.ending, name)
    raised = run.raised if run.raised.cell is not None else replace(run.raised, cell=number)
    return _explain(raised, name, program, execution)


def _never_defined(
    function: str, program: Program | None, execution: Execution | None
) -> Diagnosis:
    """The cell that should define the function ended early, and why; or no cell defines it."""
    if program is not None and execution is not None:
        for number in ended_early(defining_cells(function, program), execution):
            if why := explain_cell(execution.cells[number], number, program, execution):
                cell = called(program.cells[number])
                happened = why.happened.replace(f"T{cell[1:]} ", "It ", 1)
                return Diagnosis(
                    f"`{function}` is not defined: {cell} should define it but ended early. "
                    f"{happened}",
                    why.expected,
                    why.try_,
                )
    return missing_function(function, program)


def is_missing(function: str, raised: Raised) -> bool:
    """Whether the function itself does not exist, rather than a name used in it."""
    return (
        raised.type == "NameError"
        and raised.message == f"name '{function}' is not defined"
        and raised.line is None
    )


def is_unfilled(raised: Raised) -> bool:
    """Whether the stub of the released notebook raised, or a student's copy of it."""
    return raised.type == "NotImplementedError" and (
        not raised.message or bool(stub_name(raised.message))
    )


def stub_name(message: str) -> str:
    """What a stub says that it is; Keras writes more around what a layer raises."""
    found = re.search(r"(\w+): your turn\b", message)
    return found[1] if found else ""


def class_name(raised: Raised) -> str:
    """The class of the exception if it is Python's or NumPy's own, else `an error`."""
    known = getattr(builtins, raised.type, None) if raised.type.isidentifier() else None
    builtin = isinstance(known, type) and issubclass(known, BaseException)
    return raised.type if builtin or raised.type in _SHOWN_CLASSES else "an error"


def _explain(
    raised: Raised,
    who: str,
    program: Program | None,
    execution: Execution | None,
    wanted: str = "",
) -> Diagnosis:
    line = raised_line(raised, program)
    if is_unfilled(raised):
        return unfilled(who)
    found = (
        _no_tensor(raised, who)
        or explain_version(raised)
        or missing_name(raised, program, execution)
        or missing_module(raised, program)
        or missing_file(raised)
    )
    if found:
        return replace(found, happened=_in_line(found.happened, line))
    return _by_message(raised, who, line, program, wanted)


def _no_tensor(raised: Raised, who: str) -> Diagnosis | None:
    """A function of tensors that returned something else."""
    for what, remedy in _NO_TENSOR.items():
        if (raised.type, raised.message) == ("TypeError", NO_TENSOR.format(what)):
            return Diagnosis(sentence(f"{who} returned {what}"), "A tensor is expected.", remedy)
    return None


def unfilled(function: str) -> Diagnosis:
    """The answer is still the stub."""
    return Diagnosis(
        sentence(f"{function} {NOT_FILLED}"),
        "",
        "Replace the line `raise NotImplementedError(...)` by your answer.",
    )


def _by_message(
    raised: Raised, who: str, line: str, program: Program | None, wanted: str
) -> Diagnosis:
    name = class_name(raised)
    if _is_deliberate(name, line):
        return _deliberate(name, who, line, wanted)
    if name == "MemoryError" or raised.type == "_ArrayMemoryError":
        return replace(_ended(Ending.OUT_OF_MEMORY, who), expected=_in_line("", line))
    known = recognised(raised.type, raised.message)
    expected = f"{wanted} is expected for these arguments." if wanted else ""
    if known is None:
        return Diagnosis(_in_line(sentence(f"{who} raised {name}"), line), expected, _TO_FIND_IT)
    words = identifiers(program) | {who.strip("`")}
    shown = known.may_show(raised.message, words)
    text = f": {raised.message.strip().rstrip('.')}" if shown else ""
    return Diagnosis(
        _in_line(sentence(f"{who} raised {name}{text}"), line),
        expected,
        known.remedy or _TO_FIND_IT,
    )


def _is_deliberate(name: str, line: str) -> bool:
    """A `raise` or `assert` of the student's own, whose message may say anything.

    Behind `if ...:` in one line it is that only if the exception is the one that it names: the
    condition may have raised as well.
    """
    if re.match(r"(?:raise|assert)\b", line):
        return True
    found = re.match(r"(?:if|elif|else)\b.*:\s*(?:raise\s+(\w+)|assert\b)", line)
    return found is not None and name == (found[1] or "AssertionError")


def _deliberate(name: str, who: str, line: str, wanted: str) -> Diagnosis:
    happened = _in_line(sentence(f"{who} raised {name} by a line of your own"), line)
    if wanted:
        return Diagnosis(
            happened,
            f"{wanted} is expected for these arguments.",
            f"Refusing them is right: raise {wanted} in that line.",
        )
    return Diagnosis(
        happened,
        "An answer is expected for these arguments.",
        "For which arguments should that line not be reached?",
    )


def _ended(ending: Ending, who: str) -> Diagnosis:
    happened, remedy = _ENDINGS.get(ending, (f"ended: {ending}", ""))
    return Diagnosis(sentence(f"{who} {happened}"), "", remedy)


def _in_line(text: str, line: str) -> str:
    """The sentence, with the line of the student's own source that it is about."""
    if not line:
        return text
    return f"{text} It happens in your line {quoted(line)}.".strip()
