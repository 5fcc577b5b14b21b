"""The marks of hidden tests, as `pytest --markers` shows them and `--strict-markers` asks."""

MARKS = (
    "question(name): the question of assignment.toml that the hidden test belongs to",
    "weight(number): the hidden test's share of its question's points, 1 if not said",
    "reveal: the student may see the arguments of the last call when the hidden test fails",
)
