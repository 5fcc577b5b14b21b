"""Grades in the formats of other systems, one small module each. Unknown is blank, never 0."""

from grader.exports.export import Export, Options

__all__ = ["Export", "Options"]
