"""One submission in a box: its cells are run once, then its functions are called one by one."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Protocol, Self

from grader.errors import CourseError, MachineError
from grader.records import Ending, Execution, Program, Reply, Variant
from grader.sandbox import clock, replies
from grader.sandbox.calling import Answer, Call, callbacks
from grader.sandbox.cells import CellRuns, extras_of
from grader.sandbox.dialogue import Dialogue
from grader.sandbox.fork import MAX_STRAYS, Died, Fork, Garbled, Said
from grader.settings import Limits
from grader.steps import Step, step

# How often one function may use up its time, or end the process, before it is not tried again:
# a mistake in one question must not eat the time and the restarts of the others.
TRIES = {Ending.OUT_OF_TIME: 3, Ending.EXITED: 2, Ending.OUT_OF_MEMORY: 2, Ending.PROTOCOL: 2}


class Host(Protocol):
    """What a session needs of its box."""

    def fork(self, limits: Limits, extras: Sequence[str]) -> Fork:
        """Fresh processes for this submission."""

    def renew(self) -> None:
        """Go on in another box: this one is not as it was."""

    def release(self, *, clean: bool) -> None:
        """Take the box back."""


class Session:
    """A program in a box. Whatever its code does is a value: an `Execution`, a `Reply`."""

    def __init__(self, host: Host, program: Program, limits: Limits) -> None:
        self.program = program
        self._host = host
        self._limits = limits
        self._flags: dict[str, None] = {}
        self._spent = self._since = 0.0
        self._strikes: Counter[tuple[str, str | None, Ending]] = Counter()
        self._variants: list[tuple[str, str]] = []
        self._answers: dict[str, Answer] = {}
        self._spaces = 0
        self._clean = True
        self._littered = False
        self._closed = False
        self._fork: Fork | None = None
        self._cells = CellRuns(program, limits, self._flag)
        with self._clock():
            self._live()
        self.execution = Execution(self._cells.result(), self.flags, self._spent)

    @property
    def flags(self) -> tuple[str, ...]:
        """Machine-readable words about what happened, in order."""
        return tuple(self._flags)

    def call(
        self,
        function: str,
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
        *,
        variant: str | None = None,
        space: int = 0,
        seed: int | None = None,
    ) -> Reply:
        """Call one function of the program by value, with a variant in its place if one is named.

        Args:
            function: a name of the notebook, `probes.x` of the course or `grader.x` of our own.
            args: data, handles and names of functions.
            kwargs: the same.
            variant: the misconception or alternative to put in its place.
            space: which objects the handles mean.
            seed: what the box's random generators are seeded with before the call.

        Raises:
            CourseError: the arguments cannot be sent.
            MachineError: the box is gone.
        """
        if struck := self._struck_out(function, variant):
            return Reply(struck)
        with self._clock(), step(Step.CALLS):
            fork = self._live()
            if fork is None or self._left() <= 0:
                return Reply(Ending.SKIPPED)
            given = tuple(args), dict(kwargs or {})
            answers = {**self._answers, **dict(callbacks(given))}
            call = Call(fork, function, *given, variant, answers, space, seed)
            left = self._left()
            outcome = call.run(min(self._limits.call_seconds, left), left)
            for flag in outcome.flags:
                self._flag(flag)
            if outcome.lost:
                self._lose()
        if outcome.reply.ending in TRIES:
            self._strikes[function, variant, outcome.reply.ending] += 1
        return outcome.reply

    def begin(self, seed: int, variant: str | None = None) -> Dialogue:
        """The calls of one side of one test: objects that they return live as long as they do."""
        self._spaces += 1
        return Dialogue(self, self._spaces, seed, variant)

    def load_variants(self, source: str, filename: str) -> tuple[Variant, ...]:
        """Load a file of misconceptions or alternatives beside the program's own functions."""
        with self._clock():
            fork = self._live()
        if fork is None:
            raise CourseError(f"{filename} cannot be loaded: the program before it does not run.")
        message = self._tell(fork, {"do": "load", "source": source, "filename": filename})
        if "variants" not in message:
            what = f"{message.get('type')}: {message.get('message')}"
            raise CourseError(f"{filename} does not load in the box: {what}")
        self._variants.append((source, filename))
        return tuple(
            Variant(one["name"], one["question"], tuple(one["replaces"]), one["hint"])
            for one in message["variants"]
        )

    def substitute(self, answers: Mapping[str, Answer]) -> None:
        """Let these names of the program be answered by the host from now on."""
        self._answers.update(answers)
        # What hung or died because of these names gets another chance.
        self._strikes.clear()
        if self._fork is not None:
            self._substitute(self._fork)

    def close(self) -> None:
        """End, wipe and look; the box is replaced unless it is provably as before."""
        if self._closed:
            return
        self._closed = True
        try:
            self._kill()
        except MachineError:  # it was told when it happened; what is left goes with the box
            self._clean = False
        if not self._clean:
            self._flag("container_replaced")
        self._host.release(clean=self._clean)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _live(self) -> Fork | None:
        """A kernel in which the program has run; None when there is none to be had any more."""
        while self._fork is None:
            if self._cells.restarts > self._limits.restarts or self._left() <= 0:
                return None
            if self._littered:
                self._host.renew()
                self._littered = False
            with step(Step.FORK):
                self._fork = self._host.fork(self._limits, extras_of(self.program))
            with step(Step.CELLS):
                whole = self._cells.run(self._fork, self._left())
            if not whole:
                self._clean = False
                self._kill()
                continue
            self._tell_again(self._fork)
        return self._fork

    def _tell_again(self, fork: Fork) -> None:
        """A kernel learns what comes after the cells, and what one in its place was told before."""
        if self.program.probes:
            self._tell(fork, {"do": "probes", "source": self.program.probes})
        for source, filename in self._variants:
            self._tell(fork, {"do": "load", "source": source, "filename": filename})
        if self._answers:
            self._substitute(fork)

    def _substitute(self, fork: Fork) -> None:
        self._tell(fork, {"do": "substitute", "names": list(self._answers)})

    def _lose(self) -> None:
        """A kernel that died or no longer obeys: the next call gets a new one."""
        self._clean = False
        self._kill()
        self._cells.restarts += 1

    def _kill(self) -> None:
        """End the processes, and take note of how the box was found afterwards."""
        fork, self._fork = self._fork, None
        if fork is None:
            return
        with step(Step.WIPE):
            closed = fork.close()
        if closed.processes > self._limits.processes // 2:
            self._flag("fork_bomb")
        if closed.memory:
            self._flag("out_of_memory")
        self._littered = bool(closed.reasons)
        if closed.reasons or closed.memory:
            self._clean = False

    def _tell(self, fork: Fork, request: dict[str, Any]) -> dict[str, Any]:
        """A request of the course's own: no student's code runs in it."""
        nonce = secrets.token_hex(16)
        fork.ask({**request, "nonce": nonce})
        deadline = clock.now() + self._limits.cell_seconds
        for _ in range(MAX_STRAYS):
            event = fork.next(deadline - clock.now())
            if event is None:
                break
            if isinstance(event, Said) and replies.answers(event.message, nonce):
                return event.message
            if isinstance(event, Died | Garbled) and event.part == "kernel":
                break
        return {"type": "TimeoutError", "message": "the box gave no answer"}

    def _flag(self, word: str) -> None:
        self._flags[word] = None
        if word in {"forged_reply", "protocol", "fork_bomb", "out_of_memory"}:
            self._clean = False

    def _struck_out(self, function: str, variant: str | None) -> Ending | None:
        for ending, tries in TRIES.items():
            if self._strikes[function, variant, ending] >= tries:
                return ending
        return None

    def _left(self) -> float:
        """The seconds that the submission may still use."""
        return self._limits.total_seconds - self._spent - (clock.now() - self._since)

    @contextmanager
    def _clock(self) -> Iterator[None]:
        """Count the time within as the submission's."""
        self._since = clock.now()
        try:
            yield
        finally:
            self._spent += clock.now() - self._since
