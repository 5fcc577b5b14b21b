"""Mutations of what the host does with answers: hidden tests, observations, words about them."""

from __future__ import annotations

from tests.mutations.mutation import Mutation, off

PROXIES = "grader/harness/proxies.py"
STUDENT = "grader/harness/student.py"

TESTS = "tests/unit/harness/test_student.py::"
WORDS = "tests/unit/compare/"

MUTATIONS = (
    Mutation(
        "objects-are-no-numbers",
        "an object does not answer for an array",
        (off(PROXIES, "        if name in OF_ARRAYS:", "        if False:"),),
        (TESTS + "test_an_object_does_not_answer_for_numbers",),
        quick=True,
    ),
    Mutation(
        "objects-handed-on",
        "an object in the place of numbers is the student's mistake, not the course's",
        (off(PROXIES, "            if self._proxy.of_student:", "            if False:"),),
        (TESTS + "test_an_object_that_is_handed_to_the_reference_costs_its_test",),
    ),
    Mutation(
        "answers-handed-on",
        "so is an answer that cannot be sent back",
        (
            off(
                "grader/harness/injected.py",
                "isinstance(error, GraderError) and not isinstance(error, DoubtfulError)",
                "isinstance(error, GraderError)",
            ),
        ),
        (TESTS + "test_an_answer_that_cannot_be_sent_back_costs_its_test",),
    ),
    Mutation(
        "memory-of-one-test",
        "one test holds only so much",
        (off(STUDENT, "        if self._received > MOST_RECEIVED:", "        if False:"),),
        (TESTS + "test_one_test_holds_only_so_much",),
    ),
    Mutation(
        "memory-of-what-was-seen",
        "of large answers the kind is kept",
        (
            off(
                "grader/harness/outcome.py",
                "value if self._kept <= MOST_KEPT else kind_of(value)",
                "value",
            ),
        ),
        (TESTS + "test_of_what_is_large_a_test_keeps_the_kind",),
    ),
    Mutation(
        "memory-of-failed-tests",
        "a failed test lets go of what it held",
        (off("grader/harness/injected.py", "        _let_go(error)\n", ""),),
        (TESTS + "test_what_a_failed_test_held_is_let_go",),
    ),
    Mutation(
        "reference-of-the-question",
        "the reference's answer to the question at hand is not given away",
        (
            off(
                "grader/harness/run.py",
                "            known = functions_of(assignment, followed(assignment, question.name))",
                "            known = functions_of(assignment, (q.name for q in assignment.questions))",
            ),
        ),
        (
            "tests/unit/harness/test_run.py::"
            "test_an_answer_that_is_handed_on_becomes_the_references_own",
        ),
    ),
    Mutation(
        "digits-in-messages",
        "a message shows only so many digits",
        (
            off(
                "grader/compare/messages.py",
                "            and sum(map(str.isdigit, message)) <= _MOST_DIGITS\n",
                "",
            ),
        ),
        (WORDS + "test_raised.py::test_a_message_that_may_carry_a_hidden_input_is_not_shown",),
    ),
    Mutation(
        "digits-in-shapes",
        "an absurd length of an axis is rounded",
        (off("grader/compare/wording.py", "size if size < _EXACT else", "size if True else"),),
        (WORDS + "test_explain.py::test_a_shape_spells_nothing_out",),
    ),
    Mutation(
        "digits-in-counts",
        "a count that is far off is not told",
        (
            off(
                "grader/compare/outputs.py",
                "abs(step) if abs(step) < _FAR else 'far'",
                "abs(step)",
            ),
        ),
        (WORDS + "test_explain.py::test_a_number_of_an_output_spells_nothing_out",),
    ),
)
