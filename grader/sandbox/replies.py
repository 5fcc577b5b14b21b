"""What the processes of a box say, checked field by field and turned into records."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from grader.inside.wire import ProtocolError
from grader.records import CellRun, Ending, Raised, Reply
from grader.sandbox.draws import drawn

MAX_CELLS = 100_000
OUTPUT_FIELDS: dict[str, dict[str, type]] = {
    "stream": {"name": str, "text": str},
    "display_data": {"data": dict, "metadata": dict},
    "execute_result": {"data": dict, "metadata": dict},
    "error": {"ename": str, "evalue": str, "traceback": list},
}
MAX_OUTPUTS = 4000
MAX_OUTPUT_DEPTH = 64
_SCALARS = (str, int, float, type(None))
# Python's, NumPy's and TensorFlow's; the last is what it makes of oneDNN's `out_of_memory`.
MEMORY_ERRORS = frozenset(
    (
        "MemoryError",
        "_ArrayMemoryError",
        "ArrayMemoryError",
        "ResourceExhaustedError",
        "AbortedError",
    )
)


def cell_run(message: Mapping[str, Any], seconds: float, limit: int) -> CellRun:
    """How a cell ended, from the driver's event.

    Raises:
        ProtocolError: the event is not of the agreed form.
    """
    outputs = _outputs(_text(message, "outputs", 4 * limit + (1 << 20)))
    raised = None if message.get("raised") is None else _raised(message["raised"])
    return CellRun(
        _ending(raised), outputs, raised, seconds, truncated=message.get("truncated") is True
    )


def answers(message: Mapping[str, Any], nonce: str) -> bool:
    """Whether a message is for the request with this nonce, which may be any value at all."""
    said = message.get("nonce")
    # Only then compared: an array's answer to `==` is an array, which is neither true nor false.
    return isinstance(said, str) and said == nonce


def reply(message: Mapping[str, Any], named: Mapping[str, Any], seconds: float) -> Reply:
    """How a call ended, from the bridge's reply.

    Raises:
        ProtocolError: the reply is not of the agreed form.
    """
    ending = _text(message, "ending", 20)
    if ending == "finished":
        changed, generators = message["changed"], message["generators"]
        if not isinstance(changed, list) or not all(name in named for name in changed):
            raise ProtocolError("a reply names arguments that were not sent")
        return Reply(
            Ending.FINISHED,
            message["value"],
            changed=tuple(changed),
            generators=_states(generators, named),
            seconds=seconds,
        )
    if ending in {"raised", "exited"}:
        raised = _raised(message)
        return Reply(_ending(raised), raised=raised, seconds=seconds)
    if ending == "protocol":
        return Reply(
            Ending.PROTOCOL,
            raised=Raised("ProtocolError", _text(message, "reason", 200)),
            seconds=seconds,
        )
    raise ProtocolError("a reply of no known kind")


def _ending(raised: Raised | None) -> Ending:
    if raised is None:
        return Ending.FINISHED
    if raised.type == "SystemExit":
        return Ending.EXITED
    return Ending.OUT_OF_MEMORY if raised.type in MEMORY_ERRORS else Ending.RAISED


def _raised(facts: Any) -> Raised:
    if not isinstance(facts, Mapping):
        raise ProtocolError("an exception is malformed")
    return Raised(
        _text(facts, "type", 200),
        _text(facts, "message", 4000),
        _number(facts, "cell"),
        _number(facts, "line"),
    )


def _text(facts: Mapping[str, Any], name: str, limit: int) -> str:
    value = facts.get(name)
    if not isinstance(value, str) or len(value) > limit:
        raise ProtocolError(f"the field {name} is malformed")
    return value


def _number(facts: Mapping[str, Any], name: str) -> int | None:
    value = facts.get(name)
    if value is not None and (type(value) is not int or not 0 <= value <= MAX_CELLS):
        raise ProtocolError(f"the field {name} is malformed")
    return value


def _states(generators: Any, named: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    sent = {name for name, value in named.items() if isinstance(value, np.random.Generator)}
    if not isinstance(generators, dict) or generators.keys() != sent:
        raise ProtocolError("a reply holds other generators than were sent")
    if not all(isinstance(value, np.random.Generator) for value in generators.values()):
        raise ProtocolError("a generator is malformed")
    states = {name: value.bit_generator.state for name, value in generators.items()}
    if not all(drawn(named[name].bit_generator.state, state) for name, state in states.items()):
        raise ProtocolError("a generator is where no drawing leads to")
    return states


def _outputs(text: str) -> tuple[dict[str, Any], ...]:
    try:
        outputs = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise ProtocolError("the outputs are not JSON") from error
    if not isinstance(outputs, list) or len(outputs) > MAX_OUTPUTS:
        raise ProtocolError("the outputs are malformed")
    _check_depth(outputs)
    return tuple(_output(output) for output in outputs)


def _refuse(_: str) -> Any:
    raise ProtocolError("the outputs hold NaN or Infinity, which no JSON has")


def _finite(digits: str) -> float:
    value = float(digits)
    return value if math.isfinite(value) else _refuse(digits)


def _check_depth(outputs: list[Any]) -> None:
    """What passes the parser can still be too deep for whoever stores or sends it."""
    level = outputs
    for _ in range(MAX_OUTPUT_DEPTH):
        lists = [value.values() if isinstance(value, dict) else value for value in level]
        level = [inner for value in lists if not isinstance(value, _SCALARS) for inner in value]
    if level:
        raise ProtocolError("the outputs are nested too deep")


def _output(output: Any) -> dict[str, Any]:
    """One nbformat output with exactly the fields of its kind."""
    kind = output.get("output_type") if isinstance(output, dict) else None
    fields = OUTPUT_FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None:
        raise ProtocolError("an output is of no known kind")
    for name, expected in fields.items():
        if not isinstance(output.get(name), expected):
            raise ProtocolError("an output is malformed")
    kept: dict[str, Any] = {"output_type": kind, **{name: output[name] for name in fields}}
    if kind == "execute_result":
        kept["execution_count"] = _number(output, "execution_count")
    return kept
