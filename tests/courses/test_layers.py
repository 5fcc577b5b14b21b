"""The assignment `layers`, without a box: what its hidden tests, mistakes and cases must show."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from grader.cases import CaseFile, freeze, load, observe, public_answers
from grader.course import Assignment, load_assignment
from grader.harness.run import run_tests
from grader.misconceptions import Recordings, indistinguishable, name_mistakes
from grader.misconceptions.recordings import WithVariant, of_results
from grader.notebook import solution_program
from grader.records import Reply, TestResult, Variant
from grader.selfcheck.tried import Tried, known_mistakes
from grader.settings import Limits
from tests.courses.paraphrases import PARAPHRASES
from tests.fakes import FakeBox, FakeSession

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.xdist_group("layers")  # each mistake runs once, for all tests here

# The names that the course asks for, question by question.
NAMES = {
    "conv_shapes": "padding_once no_plus_one true_division depth_from_input no_depth_in_params "
    "bias_missing bias_per_weight_channel",
    "conv2d": "true_convolution no_bias bias_per_channel first_channel_only mean_over_window "
    "ignores_stride stride_one_axis stride_as_dilation ignores_padding padding_one_side "
    "padding_channels_too edge_padding transposed_filter swapped_height_width last_window_missed "
    "first_example_only integer_output square_only width_from_height float_sizes "
    "filter_count_as_size window_step_is_kernel unpadded_bounds example_index_for_filter",
    "conv2d_backward": "db_mean db_first_example dw_overwritten dx_overwritten dx_keeps_padding "
    "dw_mean_over_batch dx_filter_not_flipped stride_ignored_in_dx uses_dout_first_filter "
    "empty_without_padding last_example_only",
    "pool2d": "max_from_zero average_for_max sum_for_average over_channels stride_is_one "
    "ceil_output non_overlapping_reshape spread_evenly overwrites_overlap routes_to_first "
    "gradient_of_average window_is_stride square_assumed upstream_ignored",
    "linear": "no_flatten flatten_all bias_missing fortran_flatten dx_flat dw_transposed db_mean "
    "db_not_summed",
    "layer_norm": "over_batch over_everything eps_outside_root no_eps divides_by_variance "
    "sample_std no_beta no_gamma scale_before_normalizing no_keepdims mean_path_missing "
    "variance_path_missing treats_statistics_as_constants dgamma_from_x dgamma_over_features "
    "dbeta_mean",
    "batch_norm": "over_features momentum_swapped running_in_training batch_in_test "
    "updates_in_test running_std sample_variance sample_running_variance per_position "
    "updates_in_place returns_old_running eps_outside_root_at_test no_eps_at_test "
    "running_var_holds_eps divides_by_variance_at_test no_affine_at_test "
    "reshape_without_transpose keeps_axis",
    "group_norm": "interleaved_groups instance_norm_always layer_norm_always over_batch "
    "gamma_per_group group_size_for_count last_axis_gamma per_pixel too_many_axes",
    "dropout": "p_is_drop_rate no_scaling_at_test scales_in_both inverted_in_vanilla "
    "multiplies_by_p_in_training drops_at_test one_mask_per_batch one_mask_per_example "
    "rescales_to_sum own_seed gaussian_mask divides_by_other_probability log2_masks "
    "natural_log_masks",
    "to_channels_last": "reshape_for_transpose height_width_swapped in_out_swapped "
    "kernel_untouched",
}
QUESTIONS = list(NAMES)
ONLY_THE_SHAPE = [
    ("linear", "db_keeps_axis", "test_linear_gradient_shapes"),
    ("layer_norm", "gradients_keep_axis", "test_layer_norm_gradient_shapes"),
    ("batch_norm", "keeps_axis", "test_batch_norm_shapes"),
]
# What a public case, which is one call, cannot show.
TAKES_MANY_CALLS = {"fixed_number_kept"}


class Listening:
    """A target that keeps the arguments of every call."""

    def __init__(self, session: FakeSession) -> None:
        self.session = session
        self.heard: list[tuple[str, tuple[Any, ...]]] = []

    def call(self, function: str, args: Any = (), kwargs: Mapping[str, Any] | None = None) -> Reply:
        self.heard.append((function, (*args, *(kwargs or {}).values())))
        return self.session.call(function, args, kwargs)


class Remembering:
    """The reference, which differentiates by finite differences once for all mistakes."""

    def __init__(self, session: FakeSession) -> None:
        self.session = session
        self.known: dict[str, Any] = {}

    def call(self, function: str, args: Any = (), kwargs: Mapping[str, Any] | None = None) -> Reply:
        return self.session.call(function, args, kwargs)

    def remember(self, kind: str, parts: tuple[Any, ...], compute: Any) -> Any:
        key = kind + repr(parts)
        if key not in self.known:
            self.known[key] = compute(self.session)
        return self.known[key]


@pytest.fixture(scope="module")
def assignment() -> Assignment:
    return load_assignment("layers", ROOT)


@pytest.fixture(scope="module")
def session(assignment: Assignment) -> FakeSession:
    return FakeBox().session(solution_program(assignment), Limits())


@pytest.fixture(scope="module")
def reference(session: FakeSession) -> Remembering:
    return Remembering(session)


@pytest.fixture(scope="module")
def mistakes(assignment: Assignment, session: FakeSession) -> tuple[Variant, ...]:
    return session.load_variants(assignment.misconceptions.read_text(), "misconceptions.py")


@pytest.fixture(scope="module")
def alternatives(assignment: Assignment, session: FakeSession) -> tuple[Variant, ...]:
    return session.load_variants(assignment.alternatives.read_text(), "alternatives.py")


@pytest.fixture(scope="module")
def hidden(assignment: Assignment, session: FakeSession, reference: Remembering) -> Listening:
    """Everything that one submission is asked."""
    listening = Listening(session)
    run_tests(assignment, listening, reference)
    return listening


Results = dict[tuple[str, str], tuple[TestResult, ...]]


@pytest.fixture(scope="module")
def results(
    assignment: Assignment,
    session: FakeSession,
    reference: Remembering,
    mistakes: tuple[Variant, ...],
) -> Results:
    """What each known mistake gets on its own question."""
    return {
        (mistake.question, mistake.name): run_tests(
            assignment, WithVariant(session, mistake), reference, questions=(mistake.question,)
        )
        for mistake in mistakes
    }


@pytest.fixture(scope="module")
def recordings(mistakes: tuple[Variant, ...], results: Results) -> Recordings:
    return tuple(
        of_results(mistake, results[mistake.question, mistake.name]) for mistake in mistakes
    )


@pytest.fixture(scope="module")
def public(
    assignment: Assignment,
    session: FakeSession,
    mistakes: tuple[Variant, ...],
    tmp_path_factory: pytest.TempPathFactory,
) -> CaseFile:
    """The public cases as a student's machine reads them."""
    spec = importlib.util.spec_from_file_location("layers_cases", assignment.cases)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    seen = {
        mistake: public_answers(
            [case for case in module.cases if case.question == mistake.question],
            WithVariant(session, mistake),
        )
        for mistake in mistakes
    }
    path = tmp_path_factory.mktemp("public") / "layers.cases.npz"
    path.write_bytes(freeze(module.cases, public_answers(module.cases, session), seen))
    return load(path)


def names_found(tests: tuple[TestResult, ...], recordings: Recordings) -> set[str | None]:
    """The mistakes that the failed tests are put down to."""
    named = name_mistakes(tests, recordings)
    return {test.diagnosis.misconception for test in named if not test.passed and test.diagnosis}


def tried(target: Any, question: str, public: CaseFile) -> list[Tried]:
    pairs = zip(public.cases, public.answers, strict=True)
    own = [(case, answer) for case, answer in pairs if case.question == question]
    return [
        Tried(number, case, answer, *observe(case, target))
        for number, (case, answer) in enumerate(own)
    ]


def test_every_mistake_of_the_course_is_there(mistakes: tuple[Variant, ...]) -> None:
    """Each name that the course lists stands in misconceptions.py, with a hint."""
    found = {(mistake.question, mistake.name) for mistake in mistakes if mistake.hint}

    wanted = {(question, name) for question in NAMES for name in NAMES[question].split()}
    assert wanted <= found


def test_the_reference_gets_full_marks(
    assignment: Assignment, session: FakeSession, reference: Remembering
) -> None:
    """The solution passes every hidden test; each question has two or more."""
    tests = run_tests(assignment, session, reference)

    assert [test.name for test in tests if not test.passed] == []
    for question in QUESTIONS:
        assert sum(test.question == question for test in tests) >= 2


def test_an_empty_answer_gets_nothing(assignment: Assignment, reference: Remembering) -> None:
    """No hidden test passes with the untouched stubs."""
    names = [name for question in assignment.questions for name in question.functions]
    stubs = FakeSession.of(
        "\n".join(f"def {name}(*a, **k): raise NotImplementedError" for name in names)
    )

    tests = run_tests(assignment, stubs, reference)

    assert [test.name for test in tests if test.passed] == []


def test_a_submission_is_asked_little(hidden: Listening) -> None:
    """Some hundred calls with little data: a submission takes a fraction of a second."""
    sent = sum(
        part.nbytes for _, args in hidden.heard for part in args if isinstance(part, np.ndarray)
    )

    assert len(hidden.heard) <= 250
    assert sent <= 2_000_000


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_mistake_is_caught_and_named(
    question: str, results: Results, recordings: Recordings
) -> None:
    """A known mistake fails hidden tests of its question, and every failure bears its name."""
    own = {name: tests for (asked, name), tests in results.items() if asked == question}

    assert {name: names_found(tests, recordings) for name, tests in own.items()} == {
        name: {name} for name in own
    }


def test_no_two_mistakes_look_alike(recordings: Recordings) -> None:
    """The hidden tests observe something different of any two mistakes of a question."""
    assert indistinguishable(recordings) == ()


def test_every_hidden_test_can_fail(results: Results, hidden: Listening) -> None:
    """For each hidden test there is a known mistake that fails it."""
    tests = [test for found in results.values() for test in found]

    failable = {test.name for test in tests if test.passed is False}
    assert {test.name for test in tests} - failable == set()


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_stands_on_its_own(
    question: str, assignment: Assignment, session: FakeSession, reference: Remembering
) -> None:
    """With every other answer broken a question keeps its points: no mistake costs them twice."""
    own = assignment.question(question).functions
    functions = [name for each in assignment.questions for name in each.functions]
    broken = {name: None for name in functions if name not in own}

    tests = run_tests(
        assignment, FakeSession({**session.namespace, **broken}), reference, questions=(question,)
    )

    assert [test.name for test in tests if not test.passed] == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_each_alternative_gets_full_marks(
    question: str,
    assignment: Assignment,
    session: FakeSession,
    reference: Remembering,
    alternatives: tuple[Variant, ...],
) -> None:
    """Right code of another kind loses no point; every question has two such answers or more."""
    own = [each for each in alternatives if each.question == question]

    failed = {
        each.name: [test.name for test in tests if not test.passed]
        for each in own
        for tests in [
            run_tests(assignment, WithVariant(session, each), reference, questions=(question,))
        ]
    }

    assert failed == {each.name: [] for each in own}
    assert len(own) >= 2


@pytest.mark.parametrize(
    ("question", "name", "source"), PARAPHRASES, ids=lambda part: part.strip()[:24]
)
def test_a_mistake_written_otherwise_has_the_same_name(  # noqa: PLR0917
    question: str,
    name: str | None,
    source: str,
    assignment: Assignment,
    session: FakeSession,
    reference: Remembering,
    recordings: Recordings,
) -> None:
    """Naming looks at what an answer computes, not at how it is written."""
    answer = FakeSession(dict(session.namespace))
    exec(source, answer.namespace)

    tests = run_tests(assignment, answer, reference, questions=(question,))

    assert any(test.passed is False for test in tests)
    assert names_found(tests, recordings) - {None} == {name}


@pytest.mark.parametrize(("question", "name", "test"), ONLY_THE_SHAPE)
def test_an_extra_axis_costs_the_test_of_shapes_only(
    question: str, name: str, test: str, results: Results
) -> None:
    """Right values of the shape (1, D) lose one test, that of the shapes."""
    failed = [result.name for result in results[question, name] if not result.passed]

    assert failed == [test]


def test_another_generator_costs_the_test_of_reproducibility_only(results: Results) -> None:
    """Dropout that draws from np.random passes all that does not ask for the same mask again."""
    failed = {test.name for test in results["dropout", "global_generator"] if not test.passed}

    assert {name.partition("[")[0] for name in failed} == {"test_dropout_uses_the_generator"}


@pytest.mark.parametrize("secret", ["one", "another", "a third"])
def test_right_answers_pass_with_any_secret(
    secret: str, assignment: Assignment, session: FakeSession
) -> None:
    """Hidden inputs come from the course's secret; no test depends on a lucky draw."""
    other = assignment.model_copy(update={"secret": secret})

    tests = run_tests(other, session, Remembering(session))

    assert [test.name for test in tests if not test.passed] == []


def test_hidden_inputs_are_not_the_public_ones(hidden: Listening, public: CaseFile) -> None:
    """No array of a hidden test shares its shape and an entry with one of a public case."""
    shown: dict[str, list[np.ndarray[Any, Any]]] = {}
    for case in public.cases:
        shown.setdefault(case.function, []).extend(
            part for part in (*case.args, *case.kwargs.values()) if isinstance(part, np.ndarray)
        )

    shared = [
        (function, part.shape)
        for function, args in hidden.heard
        for part in args
        if isinstance(part, np.ndarray)
        for other in shown.get(function, [])
        if part.shape == other.shape and bool((part == other).any())
    ]

    assert shared == []


def test_hidden_calls_are_not_the_public_ones(hidden: Listening, public: CaseFile) -> None:
    """Neither are the calls without arrays, as those for shapes and numbers of parameters."""
    asked = {(name, repr(args)) for name, args in hidden.heard if not has_array(args)}
    shown = {(case.function, repr((*case.args, *case.kwargs.values()))) for case in public.cases}

    assert asked & shown == set()


def has_array(args: tuple[Any, ...]) -> bool:
    return any(isinstance(part, np.ndarray) for part in args)


KINDS = {
    "one example": lambda x: x.shape[0] == 1,
    "one channel": lambda x: x.ndim == 4 and x.shape[1] == 1,
    "one feature": lambda x: x.ndim == 2 and x.shape[1] == 1,
    "not square": lambda x: x.ndim == 4 and x.shape[2] != x.shape[3],
    "large offset": lambda x: np.abs(x).min() > 900,
    "negative only": lambda x: x.max() < 0,
    "read-only": lambda x: not x.flags.writeable,
    "not contiguous": lambda x: not x.flags.c_contiguous and not x.flags.f_contiguous,
}
IMAGES = ["one example", "one channel", "not square", "large offset", "negative only"]
MEMORY = ["read-only", "not contiguous"]
WANTED = {
    "conv2d": IMAGES + MEMORY,
    "conv2d_backward": ["one example", "one channel", "not square", "large offset", *MEMORY],
    "pool2d": IMAGES + MEMORY,
    "linear": ["one example", "large offset", *MEMORY],
    "layer_norm": ["one example", "one feature", "large offset", "negative only", *MEMORY],
    "batch_norm": ["one example", "one channel", "not square", "large offset"],
    "group_norm": ["one example", "one channel", "not square", "large offset", *MEMORY],
    "dropout_predict": ["one example", "large offset", *MEMORY],
    "to_channels_last": ["one example", "one channel", "not square", *MEMORY],
}


@pytest.mark.parametrize("function", WANTED)
def test_hidden_inputs_are_of_many_kinds(function: str, hidden: Listening) -> None:
    """Each function meets the kinds of arrays on which half-right code breaks."""
    place = 1 if function.endswith("backward") else 0
    arrays = [np.asarray(args[place]) for name, args in hidden.heard if name == function]

    missing = [kind for kind in WANTED[function] if not any(map(KINDS[kind], arrays))]

    assert missing == []


@pytest.mark.parametrize("question", QUESTIONS)
def test_check_names_each_mistake(
    question: str,
    session: FakeSession,
    public: CaseFile,
    mistakes: tuple[Variant, ...],
) -> None:
    """The public cases alone tell the mistakes of a question apart."""
    own = [mistake for mistake in mistakes if mistake.question == question]

    named = {
        mistake.name: [
            found.name
            for found in known_mistakes(
                tried(WithVariant(session, mistake), question, public), public.mistakes[question]
            )
        ]
        for mistake in own
    }

    assert named == {
        mistake.name: [] if mistake.name in TAKES_MANY_CALLS else [mistake.name] for mistake in own
    }


@pytest.mark.parametrize("question", QUESTIONS)
def test_check_accepts_each_alternative(
    question: str, session: FakeSession, public: CaseFile, alternatives: tuple[Variant, ...]
) -> None:
    """Right code of another kind passes the public cases as well."""
    wrong = [
        (each.name, found.case.title)
        for each in alternatives
        if each.question == question
        for found in tried(WithVariant(session, each), question, public)
        if not found.right
    ]

    assert wrong == []
