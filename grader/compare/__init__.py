"""Pure functions on values: closeness, explanation, statistics."""

from grader.compare.closeness import close
from grader.compare.explain import explain
from grader.compare.raised import explain_failure

__all__ = ["close", "explain", "explain_failure"]
