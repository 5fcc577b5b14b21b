"""Mutations of the decoder, which believes nothing of a message."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, off

DECODING = "grader/inside/decoding.py"
WIRE = "grader/inside/wire.py"

TESTS = "tests/unit/inside/test_wire.py"
BROKEN = f"{TESTS}::test_a_message_that_breaks_a_rule_is_refused"
CASES = (BROKEN, f"{TESTS}::test_numpy_never_meets_a_lie", f"{TESTS}::test_json_is_strict")
LARGE = (
    "tests/unit/inside/test_wire.py::test_a_message_that_is_too_large_is_refused_before_it_is_kept"
)
NAMES = "tests/unit/inside/test_wire.py::test_only_the_host_names_functions"
HANDLES = "tests/unit/inside/test_wire.py::test_malformed_handles_and_symbols_are_refused"


def decoding(name: str, mitigation: str, old: str, new: str, quick: bool = False) -> Mutation:
    """One check of the decoder, noticed by the table of broken messages."""
    return Mutation(name, mitigation, (off(DECODING, old, new),), CASES, quick=quick)


MUTATIONS = (
    decoding(
        "frame-once",
        "a frame is taken once",
        "    frames[index] = None\n",
        "",
        quick=True,
    ),
    decoding("frame-there", "a frame that is named is there", "1 <= index < len(frames)", "True"),
    decoding("json-nan", "NaN is no JSON", "parse_constant=_refuse", "parse_constant=float"),
    decoding("json-keys", "no key stands twice", "if len(found) != len(pairs)", "if False"),
    decoding(
        "json-depth",
        "a header's nesting is bounded",
        "if depth > 4 * MAX_DEPTH:",
        "if False:",
    ),
    decoding("json-digits", "a number in a header is short", "if len(digits) > 20:", "if False:"),
    decoding(
        "value-depth", "a value's nesting is bounded", "    if depth > MAX_DEPTH:", "    if False:"
    ),
    decoding(
        "dtypes",
        "the kinds of arrays that travel",
        "if dtype not in DTYPES or not",
        "if not",
    ),
    decoding(
        "shapes",
        "a shape's sizes are whole numbers in range",
        "if any(type(size) is not int or not 0 <= size <= MAX_TOTAL for size in shape):",
        "if False:",
    ),
    decoding(
        "buffer-fits",
        "a buffer is as long as its shape says",
        "if math.prod(shape) * np.dtype(dtype).itemsize != len(buffer):",
        "if False:",
    ),
    decoding("integers", "an integer has so many digits", "<= MAX_DIGITS:", "<= 10**9:"),
    decoding(
        "kinds",
        "a value has one kind",
        'if reader is None or (kind != "array" and len(tree) != 1):',
        "if reader is None:",
    ),
    decoding(
        "keys",
        "a dict's keys are scalars",
        "if not isinstance(key, str | int | float | bool | None):",
        "key = str(key)\n        if False:",
    ),
    Mutation(
        "generators",
        "a generator's state is in range",
        (off("grader/inside/generators.py", " or int(digits) >= 1 << 128", ""),),
        CASES,
    ),
    Mutation(
        "handles",
        "a handle's number is in range",
        (
            off(
                DECODING, "if type(number) is not int or not 0 <= number < MAX_FRAMES:", "if False:"
            ),
        ),
        (HANDLES,),
    ),
    Mutation(
        "symbols",
        "a symbol's shape is one",
        (
            off(
                DECODING,
                "if size is not None and (type(size) is not int or not 0 <= size <= MAX_TOTAL):",
                "if False:",
            ),
        ),
        (HANDLES,),
    ),
    Mutation(
        "frames",
        "a message has so many frames",
        (off(WIRE, "if not 1 <= count <= MAX_FRAMES:", "if not 1 <= count:"),),
        (LARGE,),
    ),
    Mutation(
        "message-size",
        "a message has so many bytes",
        (
            off(
                WIRE,
                "if lengths[0] > MAX_HEADER or sum(lengths) > MAX_HEADER + MAX_TOTAL:",
                "if False:",
            ),
        ),
        (LARGE,),
    ),
    Mutation(
        "names",
        "a box names no function",
        (off(WIRE, "if not self._of_host:", "if False:"),),
        (NAMES,),
    ),
)
