# Tries: bring markup to whoever reads: HTML, SVG, scripts, LaTeX, Markdown and templates as outputs, names of exceptions, lines that raise, with ANSI, OSC 8 and 52, right-to-left marks, rich's brackets and a spreadsheet's formula; honest outcome: linear 0; every page and terminal shows text, nothing runs, links or moves the cursor
import sys

import numpy as np

from IPython.display import HTML, SVG, Javascript, Latex, Markdown, display

_SCRIPT = "</code></pre></details><script>alert(document.domain)</script><img src=x onerror=alert(1)>"
_TERMINAL = "\x1b]8;;https://example.org\x07click\x1b]8;;\x07\x1b]52;c;ZXZpbA==\x07\x1b[2J\x1b[H\x9b31m"
_HIDDEN = "\u202egnp.exe\u202c\u2066\u200b\U000e0041[/][bold red][link=https://example.org]{{7*7}}{% raw %}"
display(
    HTML(_SCRIPT),
    SVG(data="<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"),
    Javascript("alert(1)"),
    Latex(r"$\href{javascript:alert(1)}{x}\input{/etc/passwd}$"),
    Markdown("[x](javascript:alert(1)) <iframe srcdoc='<script>alert(1)</script>'>"),
)
print(_SCRIPT, _TERMINAL, _HIDDEN, "\r" * 50, "=HYPERLINK(\"https://example.org\")")
print(_SCRIPT + _TERMINAL, file=sys.stderr)
_Named = type(_SCRIPT, (ValueError,), {"__module__": "builtins", "__qualname__": _TERMINAL})
__tracebackhide__ = _SCRIPT


def linear(x, w, b):
    w *= 0
    "=cmd|' /C calc'!A0 ` </code><script>alert(1)</script> [/bold] {{7*7}} &#x202e;" + 1 if w is not None else 0


def linear_backward(dout, x, w):
    w *= 0
    raise _Named(_SCRIPT + _TERMINAL + _HIDDEN)


raise _Named(_SCRIPT + _TERMINAL + _HIDDEN)
