"""A reply as it is kept in the file of answers: plain data, packed as on the wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from grader.inside.wire import ProtocolError, Reader
from grader.records import Ending, Raised, Reply


def lasting(value: Any) -> bool:
    """Whether it would be so again: a call that ran out of time might not, on an idle machine."""
    return not isinstance(value, dict) or value["ending"] in (Ending.FINISHED, Ending.RAISED)


def unpacked(packed: bytes) -> Any:
    """The value; None where the bytes are of another version of the grader."""
    reader = Reader()
    reader.feed(packed)
    try:
        return reader.next()
    except ProtocolError:
        return None


def plain(reply: Reply) -> dict[str, Any]:
    """The reply as it is kept."""
    raised = reply.raised
    return {
        "ending": reply.ending.value,
        "value": reply.value,
        "raised": raised and [raised.type, raised.message, raised.cell, raised.line],
        "changed": list(reply.changed),
        "generators": json.dumps({name: dict(state) for name, state in reply.generators.items()}),
    }


def reply_of(plain: Mapping[str, Any]) -> Reply:
    """The reply that was kept."""
    return Reply(
        Ending(plain["ending"]),
        plain["value"],
        raised=Raised(*plain["raised"]) if plain["raised"] else None,
        changed=tuple(plain["changed"]),
        generators=json.loads(plain["generators"]),
    )
