"""What a translated test may use on the host: data, arithmetic, and nothing that acts.

The text comes from a stranger and becomes a file that pytest runs, so this is a list of what is
known to be harmless: nothing reads or writes files, imports, looks names up, or prints.
"""

# ruff: noqa: SIM905  (many short words read better as words)

BUILTINS = frozenset(
    "abs all any bool complex dict divmod enumerate float int isinstance len list max min range "
    "reversed round set sorted str sum tuple type zip True False None".split()
)
EXCEPTIONS = frozenset(
    "ArithmeticError AssertionError AttributeError Exception IndexError KeyError LookupError "
    "NameError NotImplementedError OverflowError RuntimeError StopIteration TypeError "
    "UnboundLocalError ValueError ZeroDivisionError".split()
)
# Of types that travel out of a box as what they are.
TYPES = frozenset("int float complex bool str list tuple dict".split())

_CREATORS = frozenset(
    "arange array asarray eye full full_like identity linspace logspace ones ones_like tri zeros "
    "zeros_like".split()
)
CREATORS = frozenset(f"numpy.{name}" for name in _CREATORS)
SQUARES = frozenset({"numpy.eye", "numpy.identity", "numpy.tri"})
NUMPY_TYPES = frozenset(
    "ndarray number integer floating bool_ float16 float32 float64 int8 int16 int32 int64 uint8 "
    "complex64 complex128".split()
)
_NUMPY = (
    "all any abs absolute add allclose argmax argmin argsort array_equal array_equiv arccos arcsin "
    "arctan arctan2 around atleast_1d atleast_2d average ceil clip column_stack concatenate cos "
    "cosh count_nonzero cross cumprod cumsum deg2rad degrees diag diff divide dot e euler_gamma "
    "exp expand_dims expm1 flip fliplr flipud floor hstack hypot inf inner isclose isfinite isin "
    "isinf isnan log log10 log1p log2 logical_and logical_not logical_or matmul max maximum mean "
    "median meshgrid min minimum mod multiply nan nanmax nanmean nanmin nansum ndim negative "
    "newaxis nonzero outer percentile pi prod ptp quantile rad2deg radians ravel reshape round "
    "shape sign sin sinh size sort split sqrt square squeeze stack std subtract sum swapaxes tan "
    "tanh trace transpose tril triu unique var vdot vstack where"
).split()
_LINALG = (
    "cholesky cond det eig eigh eigvals eigvalsh inv lstsq matrix_rank "
    "norm pinv qr solve svd".split()
)
_MATH = (
    "acos acosh asin asinh atan atan2 atanh ceil copysign cos cosh degrees dist e erf exp expm1 "
    "fabs floor fmod fsum gcd hypot inf isclose isfinite isinf isnan isqrt lcm log log10 log1p "
    "log2 modf nan pi radians sin sinh sqrt tan tanh tau trunc"
).split()
FUNCTIONS = frozenset(
    [
        *(f"numpy.{name}" for name in (*_NUMPY, *_CREATORS, *NUMPY_TYPES)),
        *(f"numpy.linalg.{name}" for name in _LINALG),
        *(f"math.{name}" for name in _MATH),
    ]
)
MODULES = frozenset({"numpy", "numpy.linalg", "math"})

# Of data: arrays, numbers, text, lists, dictionaries. None writes or grows without bound.
ATTRIBUTES = frozenset(
    "T all any argmax argmin argsort astype conj copy count cumsum denominator diagonal dot dtype "
    "endswith flatten get imag index isalpha isdigit islower isupper item items join keys kind "
    "lower lstrip max mean min name ndim numerator prod ravel real reshape round rstrip shape size "
    "split startswith std strip sum title tolist trace transpose upper values var".split()
)

# Assertions of libraries, by their full names.
NUMPY_ASSERTIONS = frozenset(
    f"numpy.testing.{name}"
    for name in (
        "assert_allclose assert_almost_equal assert_approx_equal assert_array_almost_equal "
        "assert_array_equal assert_array_less assert_equal"
    ).split()
)
PREDICATES = frozenset(
    {"numpy.allclose", "numpy.array_equal", "numpy.array_equiv", "numpy.isclose", "math.isclose"}
)
RAISES = frozenset({"pytest.raises", "numpy.testing.assert_raises", "nose.tools.assert_raises"})
EQUALITIES = frozenset({"nose.tools.assert_equal", "nose.tools.eq_", "nose.tools.assert_equals"})
TRUTHS = frozenset({"nose.tools.assert_true", "nose.tools.ok_"})
NEAR = frozenset({"nose.tools.assert_almost_equal"})

GENERATORS = frozenset({"numpy.random.RandomState", "numpy.random.default_rng"})
DRAWS = frozenset(
    "choice integers normal permutation rand randint randn random random_sample standard_normal "
    "uniform".split()
)

# Names that a test file gives a meaning of its own.
RESERVED = frozenset(
    "student reference np math operator pytest seeded assert_close assert_holds assert_explained "
    "assert_raises_kind".split()
)

# Names of a box that mean something else to a hidden test.
TAKEN = frozenset("probes target ask refuse call read take vjp model_of count_parameters".split())

MOST = 1_000_000  # elements, and the length of anything that a test makes
MOST_ROUNDS = 1_000  # of a loop
MOST_POWER = 64
