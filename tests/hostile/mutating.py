"""Hostile scripts: what an honest box said, cut, doubled, swapped, lied about and dripped.

Each is made by one `random.Random` alone. So a seed gives the same script again, and Hypothesis,
which can play that part, finds the smallest one that breaks something.
"""

from __future__ import annotations

import json
import re
import struct
from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from grader.inside import relay, wire
from tests.hostile.nasty import CONTROLS, EVENTS, JSONS, NASTY, ODD, OUTPUTS
from tests.hostile.recording import recorded
from tests.hostile.script import BEFORE, NONCE, Script, Step, say

LENGTHS = struct.Struct("<IQ")


def hostile_script(random: Random) -> Script:
    """One script: an honest one, with lies in a few places."""
    seeds = recorded()
    honest = [say(relay.DRIVER, seeds["cells"])]
    lies = [_turn(random, relay.DRIVER, seeds["cells"]) for _ in range(random.choice((1, 1, 2)))]
    return Script(
        ready=_zygote(random, "ready"),
        fork=_zygote(random, "forked"),
        close=_zygote(random, "closed"),
        cells=random.choice(([honest], [honest], lies, [*lies, honest])),
        calls=[_turn(random, relay.CALLS, call) for call in _order(random, seeds["calls"])],
        answers=_turn(random, relay.CALLS, b"") if random.random() < 0.1 else [],
    )


def _order(random: Random, calls: Sequence[bytes]) -> list[bytes]:
    order = list(calls)
    if random.random() < 0.2:
        random.shuffle(order)
    return order


def _zygote(random: Random, event: str) -> list[Step]:
    """The zygote's own word, which is rarely a lie: its lies end the trial."""
    if random.random() < 0.99:
        return []
    facts = {"event": event, "reasons": [], "processes": 2, "memory": False}
    lies = [json.dumps(random.choice(EVENTS)).encode(), random.choice(CONTROLS)]
    lies.append(damaged(random, json.dumps(facts).encode()))
    lie = say(relay.CONTROL, random.choice(lies))
    return [lie, say(relay.CONTROL, json.dumps(facts).encode())][: random.choice((1, 2))]


def _turn(random: Random, channel: int, honest: bytes) -> list[Step]:
    """What is said at one turn: honest messages, with at most a few lies among them."""
    messages = split(honest)
    for _ in range(random.choice((0, 1, 1, 1, 2, 3))):
        place = random.randrange(len(messages) + 1)
        lie = random.choice(LIES)
        messages[place : place + 1] = lie(random, messages[place : place + 1])
    return [step for message in messages for step in _said(random, channel, message)]


def split(stream: bytes) -> list[bytes]:
    """The messages of a stream, each as its bytes."""
    found, start = [], 0
    while start < len(stream):
        (count,) = struct.unpack_from("<I", stream, start)
        lengths = struct.unpack_from(f"<{count}Q", stream, start + 4)
        end = start + 4 + 8 * count + sum(lengths)
        found.append(stream[start:end])
        start = end
    return found


def _said(random: Random, channel: int, message: bytes) -> list[Step]:
    """The way a message takes: at once, in pieces, dripping, on a wrong channel, out of frame."""
    if random.random() < 0.8:
        return [say(channel, message)]
    raw = struct.pack("<BI", random.choice((0, 1, 2, 3, 255)), random.choice(ODD) % 2**32)
    piece = random.choice((1, 3, 100)) if len(message) < 9999 else 6000
    ways: tuple[list[Step], ...] = (
        [say(channel, message, piece)],
        [["drip", channel, message[:40].hex(), 0.01], say(channel, message[40:])],
        [["wait", random.choice((0.05, 0.3))], say(channel, message)],
        [say(random.choice((relay.CALLS, relay.DRIVER)), message)],
        [say(channel, message), say(relay.CONTROL, json.dumps(random.choice(EVENTS)).encode())],
        [["flood", channel, message[:100_000].hex(), random.choice((2, 50, 150, 2000))]],
        [["raw", (raw + message[:100]).hex()]],
        [say(channel, message[: random.randrange(len(message) + 1)]), ["end"]],
    )
    return random.choice((*ways[:1] * 4, *ways))


def _nothing(random: Random, here: list[bytes]) -> list[bytes]:
    return []


def _twice(random: Random, here: list[bytes]) -> list[bytes]:
    return here * random.choice((2, 3))


def _of_before(random: Random, here: list[bytes]) -> list[bytes]:
    """The right answer to the call before, or to none."""
    other = random.choice((BEFORE, b"0" * 32, b"n" * 32))
    return [message.replace(NONCE, other) for message in here]


def _another(random: Random, here: list[bytes]) -> list[bytes]:
    seeds = recorded()
    return [random.choice(split(random.choice([seeds["cells"], *seeds["calls"]]))), *here]


def _bytes(random: Random, here: list[bytes]) -> list[bytes]:
    return [damaged(random, message) for message in here or [b"\0" * 12]]


def _lengths(random: Random, here: list[bytes]) -> list[bytes]:
    return [LENGTHS.pack(random.choice(ODD) % 2**32, random.choice(ODD)) + b"".join(here)]


def _values(random: Random, here: list[bytes]) -> list[bytes]:
    """Another value in some place of the message, properly packed."""
    return [_packed(random, changed(random, value)) for value in map(value_of, here)]


def _headers(random: Random, here: list[bytes]) -> list[bytes]:
    """Another header in front of the same frames."""
    return [_join(_lied(random, wire.encode(value_of(message)))) for message in here]


def _outputs(random: Random, here: list[bytes]) -> list[bytes]:
    """A cell's end whose outputs are anything, or nearly outputs."""
    text = re.sub("@", lambda _: random.choice(JSONS), random.choice(OUTPUTS))
    ends = [value_of(message) for message in here] if here else [None]
    usual = {"event": "end", "index": 0, "raised": None, "truncated": False}
    return [
        wire.pack({**(end if isinstance(end, dict) else usual), "outputs": text}) for end in ends
    ]


LIES: tuple[Callable[[Random, list[bytes]], list[bytes]], ...] = (
    *(_nothing, _twice, _of_before, _another, _bytes, _lengths, _headers, _headers),
    *(_outputs, _outputs),
    *(_values, _values, _values),
)


def damaged(random: Random, data: bytes) -> bytes:
    """The bytes with one part overwritten, taken out, put in or doubled."""
    place = random.randrange(len(data) + 1)
    size = random.choice((1, 1, 2, 4, 8, 30))
    part = bytes(random.randrange(256) for _ in range(size))
    whole = (
        data[:place] + part + data[place + size :],
        data[:place] + data[place + size :],
        data[:place] + part + data[place:],
        data[:place] + data[place : place + size] * 2 + data[place + size :],
        data[:place],
    )
    return random.choice(whole)


def changed(random: Random, value: Any) -> Any:
    """The value with one place in it changed, added or taken away."""
    if isinstance(value, dict) and value and random.random() < 0.95:
        key = random.choice(list(value))
        rest = {name: item for name, item in value.items() if name != key}
        way = random.random()
        if way < 0.1:
            return rest
        if way < 0.2:
            return {**value, random.choice(["extra", "nonce", "ask", 3, None]): _nasty(random)}
        return {**rest, key: changed(random, value[key])}
    if isinstance(value, list | tuple) and value and random.random() < 0.8:
        place = random.randrange(len(value))
        items = [*value[:place], changed(random, value[place]), *value[place + 1 :]]
        return type(value)(items)
    return _nasty(random)


def _nasty(random: Random) -> Any:
    value = random.choice(NASTY)
    for _ in range(random.choice((0, 0, 0, 1, 20))):
        value = random.choice(([value], (value,), {"k": value}))
    return value


def _packed(random: Random, value: Any) -> bytes:
    try:
        data = wire.pack(value)
    except wire.ProtocolError:  # nobody can say that: deeper than our own encoder goes
        data = b"\1\0\0\0" + bytes([200]) + bytes(7) + b'{"list":[' * 40
    # What is named twice, and read-only or strided, is made anew for each time.
    return data if random.random() < 0.9 else data.replace(b'"array"', b'"read_only":true,"array"')


def value_of(message: bytes) -> Any:
    """The value in a message's bytes; None where there is no value, since it is a lie already."""
    reader = wire.Reader(of_host=True)
    reader.feed(message)
    try:
        return reader.next()
    except wire.ProtocolError:
        return None


def _join(frames: Sequence[bytes]) -> bytes:
    return struct.pack(f"<I{len(frames)}Q", len(frames), *map(len, frames)) + b"".join(frames)


def _lied(random: Random, frames: list[bytes]) -> list[bytes]:
    """A header that says something else of the frames behind it."""
    header, rest = frames[0].decode("ascii"), frames[1:]
    numbers = list(re.finditer(r"\d+", header)) or [re.match("", header)]
    place = random.choice(numbers)
    way = random.random()
    if way < 0.3:
        number = str(random.choice((*ODD, -1, len(frames), len(frames) - 1)))
        return [_replaced(header, place, number), *rest]
    if way < 0.5:
        return [_replaced(header, place, random.choice(JSONS)), *rest]
    if way < 0.6:
        return [damaged(random, frames[0]), *rest]
    if way < 0.8:
        return [_many_of_one(random), bytes(random.choice((8, 1 << 12, 1 << 22)))]
    if way < 0.9:
        return [frames[0], *rest[: random.randrange(len(rest) + 1)]]
    return [frames[0], *rest, *[b""] * random.choice((1, 100, 70_000))]


def _replaced(header: str, place: re.Match[str] | None, text: str) -> bytes:
    assert place is not None
    return (header[: place.start()] + text + header[place.end() :]).encode()


def _many_of_one(random: Random) -> bytes:
    """A header that names one frame for many values, each of which would be a copy of it."""
    size = random.choice((8, 1 << 12, 1 << 22))
    one = random.choice(
        (
            {"array": ["|u1", [size], 1]},
            {"array": ["|u1", [size], 1], "strided": True},
            {"str": 1},
            {"scalar": {"array": ["<f8", [], 1]}},
            {"array": ["<f8", [0] * 20 + [1 << 26] * 12, 1]},
        )
    )
    return json.dumps({"list": [one] * random.choice((2, 1000, 20_000))}).encode()
