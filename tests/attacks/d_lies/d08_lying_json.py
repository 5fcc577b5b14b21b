"""D08: it sends JSON with NaN, huge numbers, doubled keys, or numbers of another type."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.d_lies.frames import refused, tree

CASE = Case(
    number="D08",
    tries="Sends JSON with NaN, huge numbers, doubled keys, or numbers of another type.",
    stopped_by="The decoder is strict: every value names its kind, and once.",
    variants={
        "nan": refused(b"NaN"),
        "infinity": refused(b'{"float": Infinity}'),
        "1e999": refused(b'{"float": 1e999}'),
        "a-bare-number": refused(b"1"),
        "a-bare-text": refused(b'"x"'),
        "a-bare-list": refused(b"[1]"),
        "a-million-digits": refused(b'{"int": "' + b"9" * 10**6 + b'"}'),
        "a-thousand-digits-unquoted": refused(b'{"array": ["<f8", [' + b"9" * 1000 + b"], 1]}"),
        "a-key-twice": refused(b'{"int": "1", "int": "2"}'),
        "two-kinds": refused(b'{"int": "1", "float": "0x1p0"}'),
        "an-unknown-kind": refused(b'{"eval": "1"}'),
        "other-digits": refused(tree(int="\u0661")),
        "a-float-of-words": refused(tree(float="nan" * 20)),
        "utf-16": refused('{"int": "1"}'.encode("utf-16")),
        "not-ascii": refused('{"int": "é"}'.encode()),
        "half-a-document": refused(b'{"int": '),
        "a-list-as-key": refused(b'{"dict": [[{"list": []}, null]]}'),
        "a-function": refused(b'{"name": "os.system"}'),
        "a-callback": refused(b'{"callback": "#0"}'),
        "a-network": refused(b'{"network": 1}', b"{}"),
        "a-generator-of-nothing": refused(b'{"generator": ["x", "1", 0, 0]}'),
    },
)
