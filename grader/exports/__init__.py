"""Grades in the formats of other systems, one small module each. Unknown is blank, never 0."""
