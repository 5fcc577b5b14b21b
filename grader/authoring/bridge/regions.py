"""Regions of lines between two marks, found in one pass over the text."""

from __future__ import annotations

import re


def cut_regions(source: str, begin: re.Pattern[str], end: re.Pattern[str]) -> tuple[str, list[str]]:
    """The text without its regions, and what stood in each; one that never ends goes on to the end.

    Args:
        source: the text of a cell.
        begin: matches the line that begins a region.
        end: matches the line that ends it.
    """
    kept: list[str] = []
    regions: list[list[str]] = []
    inside = False
    for line in source.splitlines():
        if inside:
            inside = end.match(line) is None
            regions[-1] += [line] if inside else []
        elif begin.match(line):
            inside = True
            regions.append([])
        else:
            kept.append(line)
    return "\n".join(kept), ["\n".join(region) for region in regions]
