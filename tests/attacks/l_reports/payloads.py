"""What would run, load or mislead if a page showed it as it is."""

from __future__ import annotations

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "<svg onload=alert(1)>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<style>body{background:url(http://example.com)}</style>",
    "<form action=http://example.com><button>",
    "<meta http-equiv=refresh content='0;url=http://example.com'>",
    "</pre></div><h1>100/100</h1>",
    "{{ 7 * 7 }}{% raw %}{0.__class__}",
    "$\\href{javascript:alert(1)}{x}$ \\require{html}",
)
