"""`student` as hidden tests see it: every answer is noted, and one that is none fails the test."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from grader.compare import explain_failure
from grader.compare.wording import kind_of
from grader.harness.arguments import generators, observed
from grader.harness.outcome import Call, Mismatch, NotTried, Watch, size_of
from grader.harness.proxies import Proxy, RemoteFunction, Target
from grader.records import Diagnosis, Ending, Reply

# Descriptions and raw results, which depend on how a network is written: what asks for them says
# itself what it saw.
UNSEEN = frozenset(("grader.structure", "grader.forward", "grader.parts", "grader.assign"))
# A function that hung this often in a question is not called again there: it only costs time.
PATIENCE = 2
# What one test may hold of a student's answers at a time, for the sake of the machine.
MOST_RECEIVED = 256 << 20


class Student(Proxy):
    """The student's functions. Each answer is observed; a call without one fails the test."""

    of_student = True

    def __init__(self, target: Target, watch: Watch, hangs: Counter[str]) -> None:
        super().__init__(target)
        self._watch = watch
        self._hangs = hangs
        self._received = 0

    def ask(
        self, function: str, subject: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> Reply:
        if self._hangs[subject] >= PATIENCE:
            raise Mismatch(_hung(subject))
        self._watch.called = Call(subject, args, kwargs)
        reply = self.target.call(function, args, kwargs)
        self._received += size_of(reply.value)
        if self._received > MOST_RECEIVED:
            raise Mismatch(_too_much(subject))
        if reply.ending is Ending.SKIPPED:
            raise NotTried
        self._hangs[subject] += reply.ending is Ending.OUT_OF_TIME
        self._note(function, subject, reply, drew=any(generators(args, kwargs)))
        return reply

    def refuse(self, function: RemoteFunction, reply: Reply, wanted: str) -> Any:
        program = getattr(self.target, "program", None)
        execution = getattr(self.target, "execution", None)
        raise Mismatch(explain_failure(reply, function.about, program, execution, wanted))

    def _note(self, function: str, subject: str, reply: Reply, *, drew: bool) -> None:
        if reply.ending is Ending.FINISHED:
            self._watch.returned = f"{subject} returned {kind_of(reply.value)}"
        unseen = function in UNSEEN and reply.ending is Ending.FINISHED
        # Another order of random draws is legitimate; an exception is what it is.
        if not unseen and (not drew or reply.ending is not Ending.FINISHED):
            self._watch.observe(function, observed(reply))


def _too_much(function: str) -> Diagnosis:
    return Diagnosis(
        f"{function} returned more than {MOST_RECEIVED >> 20} MB in one test.",
        "Much less is expected.",
        "Look at the shape of what you return.",
    )


def _hung(function: str) -> Diagnosis:
    return Diagnosis(
        happened=f"{function} did not return in time in {PATIENCE} earlier tests, "
        "so it was not called again.",
        expected=f"{function} returns within the time limit.",
        try_="Look for a loop that never ends.",
    )
