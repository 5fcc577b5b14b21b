"""A09: a student's number is to become a score."""

from tests.attacks.case import Case, Notebook, Verdict


def returning(value: str) -> Notebook:
    """Both functions return this number for everything."""
    return Notebook(
        Verdict.ZERO,
        answer=f"def linear(x, w, b):\n    return {value}\n\n\n"
        f"def linear_backward(dout, x, w):\n    return ({value},) * 3\n",
    )


CASE = Case(
    number="A09",
    tries="Returns NaN, infinity, huge or negative numbers where a score could be made of them.",
    stopped_by="Scores are sums of the course's points; NaN equals nothing.",
    variants={
        "nan": returning("float('nan')"),
        "infinity": returning("float('inf')"),
        "minus-infinity": returning("-np.inf"),
        "huge": returning("1e308"),
        "negative": returning("-1"),
        "an-integer-of-a-million-digits": returning("10 ** 10**6"),
        "arrays-of-nan": returning("np.full(np.shape(a) if 'a' in globals() else (2, 2), np.nan)"),
    },
    held_by=(
        "tests/flow/gradebook/test_store.py::test_a_number_that_is_not_finite_is_unknown",
        "tests/unit/compare/test_closeness.py::test_hostile_values_are_judged_and_never_raise",
    ),
)
