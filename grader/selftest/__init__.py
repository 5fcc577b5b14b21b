"""The quick part of the attacks, for operators: does this machine hold what was promised?"""

from __future__ import annotations

from grader.selftest.run import Tried, selftest

__all__ = ["Tried", "selftest"]
