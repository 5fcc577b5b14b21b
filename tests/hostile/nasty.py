"""What stands in the place of an honest value: each has broken some program before."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.inside import wire

ODD = (0, 1, 2, 255, 256, 65_535, 65_536, 2**31, 2**32 - 1, 2**40, 2**63, 2**64 - 1)
NASTY: tuple[Any, ...] = (
    *(None, True, False, 0, 1, -1, 7, 2**31, 2**63, 10**200, 0.5, -0.0, 1e308, float("nan")),
    *(float("inf"), complex(0, float("nan")), "", "begin", "x" * 5000, "\x00\u202e", "f" * 32),
    *([], (), {}, [[]], (1,), [1, "a"], {"event": "done"}, {None: 1, 2.5: 2, True: 3, "a": 4}),
    *(np.zeros(0), np.zeros(3), np.zeros((2, 0)), np.float64("nan"), np.True_, np.array(3)),
    *(np.arange(6).reshape(2, 3).T, np.ones(4, np.complex64), np.random.default_rng(3)),
    *(wire.Opaque("ndarray"), wire.Handle(3, "Dense"), wire.Handle(65_000), wire.Symbol((None, 4))),
    *(wire.Named("add"), wire.Callback("#1"), wire.Network("{}"), [None] * 10_000, [0.5] * 500),
)
JSONS = (
    "null",
    "true",
    "1",
    "-1",
    "1e999",
    "NaN",
    "Infinity",
    "[]",
    "{}",
    "[[]]",
    '""',
    '"\\ud800"',
    '"' + "x" * 200 + '"',
    "9" * 5000,
    "[" * 200,
    "[" * 200 + "]" * 200,
    "[" * 900 + "]" * 900,
    '{"a":1,"a":2}',
)
OUTPUTS = (
    '[{"output_type": "stream", "name": "stdout", "text": @}]',
    '[{"output_type": "display_data", "data": @, "metadata": {}}]',
    '[{"output_type": "display_data", "data": {"text/plain": @}, "metadata": {}}]',
    '[{"output_type": "display_data", "data": {"image/png": @}, "metadata": {}}]',
    '[{"output_type": "execute_result", "data": {"a": @}, "metadata": @, "execution_count": @}]',
    '[{"output_type": "error", "ename": "E", "evalue": @, "traceback": [@]}]',
    '[{"output_type": @}]',
    "[@, @]",
    "@",
)
CONTROLS = (b"", b"3", b"[1]", b"{}", b'"x"', b"[" * 5000, b"\xff", b'{"event": "exit"}')
EVENTS: tuple[dict[str, Any], ...] = (
    {"event": "exit", "part": "kernel", "status": 0, "memory": False},
    {"event": "exit", "part": "kernel", "status": -9, "memory": True},
    {"event": "exit", "part": "driver", "status": 1, "memory": False},
    {"event": "closed", "reasons": ["files"], "processes": 99, "memory": True},
    {"event": "closed", "reasons": 3, "processes": "x", "memory": None},
    {"event": "exit", "part": [], "status": "x"},
    {"event": "forked"},
    {"event": "ready"},
)
