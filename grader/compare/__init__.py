"""Pure functions on values: closeness, explanation, statistics."""
