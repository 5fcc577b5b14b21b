"""Mutations of what the host believes of a box: replies, outputs, deadlines, replacement."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, off

REPLIES = "grader/sandbox/replies.py"
CALLING = "grader/sandbox/calling.py"
CELLS = "grader/sandbox/cells.py"
SESSION = "grader/sandbox/session.py"
BOX = "grader/sandbox/box.py"
FORK = "grader/sandbox/fork.py"

PEER = "tests/unit/sandbox/test_box_hostile_peer.py::"
ENDS = PEER + "test_a_lying_driver_costs_the_cell"
REPLY = PEER + "test_a_lying_kernel_costs_the_call"
ZYGOTE = PEER + "test_a_zygote_that_makes_no_sense_is_the_machines_fault"
ENDINGS = "tests/box/test_endings.py::"

MUTATIONS = (
    Mutation(
        "nonce",
        "a reply carries the nonce of its call",
        (off(REPLIES, "return isinstance(said, str) and said == nonce", "return True"),),
        (PEER + "test_a_reply_to_another_call_is_ignored",),
        quick=True,
    ),
    Mutation(
        "strays-in-a-call",
        "messages that nobody asked for are counted in a call",
        (off(CALLING, "if self._strays > MAX_STRAYS", "if False"),),
        (PEER + "test_a_flood_of_replies_to_other_calls_is_a_protocol_ending",),
    ),
    Mutation(
        "forged-reply",
        "a stray is flagged",
        (off(CALLING, '("forged_reply",) if self._strays else ()', "()"),),
        (PEER + "test_a_reply_beside_strays_is_taken_and_flagged",),
    ),
    Mutation(
        "garbled-call",
        "what is no reply ends the call",
        (off(CALLING, 'lost=True, flags=("protocol",))', "lost=False)"),),
        (REPLY,),
    ),
    Mutation(
        "questions",
        "a box asks so many questions in a call",
        (off(CALLING, "        if self._asked > MAX_QUESTIONS_BACK:", "        if False:"),),
        (PEER + "test_a_box_may_ask_only_so_much",),
    ),
    Mutation(
        "questions-of-what",
        "a box asks for what it was told of",
        (
            off(
                CALLING,
                "        if answer is None or not isinstance(args, tuple)",
                "        if not isinstance(args, tuple)",
            ),
        ),
        (REPLY,),
    ),
    Mutation(
        "flood-while-writing",
        "what waits while the host writes is bounded",
        (
            off(
                "grader/sandbox/stream.py",
                " if self._waiting < MOST_WAITING else self._writing",
                "",
            ),
        ),
        (
            "tests/unit/sandbox/test_box_fuzzed.py::test_a_flood_while_the_host_writes_fills_no_memory",
        ),
    ),
    Mutation(
        "changed",
        "a reply names arguments that were sent",
        (off(REPLIES, "if not isinstance(changed, list) or not all", "if False and not all"),),
        (REPLY,),
    ),
    Mutation(
        "generators-sent",
        "a reply holds the generators that were sent",
        (
            off(
                REPLIES,
                "if not isinstance(generators, dict) or generators.keys() != sent:",
                "if not isinstance(generators, dict):",
            ),
        ),
        (REPLY,),
    ),
    Mutation(
        "fields",
        "a text from a box has a size",
        (off(REPLIES, "or len(value) > limit:", "or False:"),),
        (ENDS,),
    ),
    Mutation(
        "numbers",
        "a line is a number",
        (
            off(
                REPLIES,
                "if value is not None and (type(value) is not int or not 0 <= value <= MAX_CELLS):",
                "if False:",
            ),
        ),
        (ENDS,),
    ),
    Mutation(
        "outputs-count",
        "so many outputs are kept",
        (off(REPLIES, "or len(outputs) > MAX_OUTPUTS:", "or False:"),),
        (ENDS,),
    ),
    Mutation(
        "outputs-json",
        "outputs hold no NaN",
        (off(REPLIES, "parse_constant=_refuse, parse_float=_finite", ""),),
        (ENDS,),
    ),
    Mutation(
        "outputs-depth",
        "outputs are not deep",
        (off(REPLIES, "    _check_depth(outputs)\n", ""),),
        (ENDS,),
    ),
    Mutation(
        "outputs-kinds",
        "outputs are of nbformat's kinds",
        (off(REPLIES, "    if fields is None:\n", "    fields = fields or {}\n    if False:\n"),),
        (ENDS,),
    ),
    Mutation(
        "events-in-order",
        "a cell begins once",
        (off(CELLS, "if index not in self._due:", "if False:"),),
        (ENDS,),
    ),
    Mutation(
        "control-json",
        "the zygote's words are strict JSON",
        (
            off(
                FORK,
                "    if not isinstance(facts, dict):\n        raise MachineError(FOREIGN)\n",
                "",
            ),
        ),
        (ZYGOTE,),
    ),
    Mutation(
        "cell-deadline",
        "a cell has a deadline",
        (off(CELLS, "min(started + self._limits.cell_seconds, self._finish)", "self._finish"),),
        (PEER + "test_a_cell_that_hangs_leaves_time_for_the_next",),
    ),
    Mutation(
        "call-deadline",
        "a call has a deadline",
        (
            off(
                SESSION,
                "call.run(min(self._limits.call_seconds, left), left)",
                "call.run(left, left)",
            ),
        ),
        (PEER + "test_a_call_that_hangs_leaves_time_for_the_next",),
    ),
    Mutation(
        "total-time",
        "a submission has so much time in all",
        (
            off(
                SESSION,
                "return self._limits.total_seconds - self._spent - (clock.now() - self._since)",
                "return 3600.0",
            ),
        ),
        (ENDINGS + "test_when_its_time_is_used_up_a_submission_is_skipped[local]",),
    ),
    Mutation(
        "strikes",
        "what always hangs is not tried for ever",
        (off(SESSION, "if self._strikes[function, variant, ending] >= tries:", "if False:"),),
        (ENDINGS + "test_a_function_that_always_hangs_is_not_tried_for_ever[local]",),
    ),
    Mutation(
        "restarts",
        "a kernel is started again so many times",
        (off(SESSION, "if self._cells.restarts > self._limits.restarts or", "if"),),
        (PEER + "test_a_kernel_is_started_again_only_so_often",),
    ),
    Mutation(
        "replacement",
        "a container is replaced when it may not be clean",
        (
            off(
                BOX,
                'kept = clean and self._isolation == "fork"',
                'kept = self._isolation == "fork"',
            ),
        ),
        (REPLY,),
        quick=True,
    ),
    Mutation(
        "replacement-after-a-flag",
        "a flag makes a container unclean",
        (off(SESSION, '{"forged_reply", "protocol", "fork_bomb", "out_of_memory"}', "set()"),),
        (PEER + "test_a_reply_beside_strays_is_taken_and_flagged",),
    ),
    Mutation(
        "recycling",
        "a container serves so many submissions",
        (off(BOX, " and self._served < RECYCLE", ""),),
        (PEER + "test_no_container_serves_for_ever",),
    ),
    Mutation(
        "isolation",
        "a container of its own, where it is asked for",
        (off(BOX, 'kept = clean and self._isolation == "fork"', "kept = clean"),),
        (PEER + "test_a_submission_may_have_a_container_of_its_own",),
    ),
    Mutation(
        "generators-drawn",
        "a generator comes back where drawing leads to",
        (off(REPLIES, "    if not all(drawn(", "    if not any(True or drawn("),),
        (PEER + "test_a_generator_where_no_drawing_leads_is_a_protocol_ending",),
    ),
    Mutation(
        "waiting-questions",
        "a question that waits does not stop the clock",
        (
            off(
                CALLING, "late = self._interrupted or clock.now() >= self._deadline", "late = False"
            ),
        ),
        (PEER + "test_questions_that_wait_in_the_channel_do_not_stop_the_clock",),
    ),
    Mutation(
        "renewal",
        "the next kernel of a submission finds nothing of the last",
        (off(SESSION, "            if self._littered:", "            if False:"),),
        (PEER + "test_the_next_processes_of_a_submission_find_nothing_of_the_last",),
    ),
)
