"""The sentences of Python and NumPy that students meet most, and what each usually comes from."""

from __future__ import annotations

from grader.compare.messages import Message

_FLOAT_SIZE = (
    "A size or an index became a float: `/` always gives one. Divide with `//` to stay whole."
)
_BROADCAST = (
    "Print both shapes and compare them from the last axis backwards: each pair must be equal, "
    "or one of them 1. `keepdims=True` or a `reshape` often mends it."
)
_IN_PLACE = (
    "Your function modifies an input in place. Work on a copy (`x = x.copy()`), "
    "or write `x = x + ...` instead of `x += ...`."
)
_SIGNATURE = "Compare the `def` line with the one in the notebook: the arguments are fixed."
_INDEX = "The last index is the length minus 1: look at the bounds of the loop or slice."
_AXIS = "How many axes does the array have at that point? Print its shape."
_UNPACK = "Count the values on both sides of the `=`: how many axes or outputs are there?"
_MATMUL = "In a matrix product the last axis of the first meets the last but one of the second."
_NONE = "A value is None: does a function of yours end without `return`?"
_ATTRIBUTE = (
    "That type has no such attribute: is it an array? `np.asarray(...)` makes one. Or has a cell "
    "given the name before the dot another value?"
)
_SYNTAX = (
    "Python cannot read that line: is a bracket, a quote or a colon missing there or in the line "
    "before? It cannot read syntax either that is newer than the Python that grades."
)
_INDENTATION = "Lines of one block begin in the same column: indent with four spaces everywhere."
_SYMBOL = (
    "A keras.Input is a symbol without numbers, which `tf.` and `np.` functions refuse: use "
    "`keras.ops` or a layer, for instance `keras.ops.relu(x)` for `tf.nn.relu(x)`."
)
_BOTH = "What type do both sides have at that point? Print `type(...)` of each."

MESSAGES: tuple[Message, ...] = (
    Message("TypeError", "'float' object cannot be interpreted as an integer", _FLOAT_SIZE),
    Message("TypeError", "'numpy.float64' object cannot be interpreted as an integer", _FLOAT_SIZE),
    Message("TypeError", "expected a sequence of integers or a single integer, got {any}",
            _FLOAT_SIZE, shown=False),
    Message("TypeError", "slice indices must be integers or None or have an __index__ method",
            _FLOAT_SIZE),
    Message("TypeError", "can't multiply sequence by non-int of type '{type}'", _FLOAT_SIZE),
    Message("TypeError", "`pad_width` must be of integral type.", _FLOAT_SIZE),
    Message("TypeError", "{type} indices must be integers or slices, not {type}", _FLOAT_SIZE),
    Message("IndexError", "only integers, slices (`:`), ellipsis (`...`), numpy.newaxis (`None`) "
            "and integer or boolean arrays are valid indices", _FLOAT_SIZE),
    Message("IndexError", "arrays used as indices must be of integer (or boolean) type",
            _FLOAT_SIZE),
    Message("ValueError", "operands could not be broadcast together with shapes {shape} {shape}",
            _BROADCAST),
    Message("ValueError", "operands could not be broadcast together with shapes "
            "{shape} {shape} {shape}", _BROADCAST),
    Message("ValueError", "non-broadcastable output operand with shape {shape} doesn't match the "
            "broadcast shape {shape}", _BROADCAST),
    Message("ValueError", "operands could not be broadcast together with remapped shapes "
            "[original->remapped]: {remap} {remap}", _BROADCAST),
    Message("ValueError", "operands could not be broadcast together with remapped shapes "
            "[original->remapped]: {shape}  and requested shape {shape}",
            "For np.pad: give one (before, after) pair for each axis of the array."),
    Message("ValueError", "could not broadcast input array from shape {shape} into shape {shape}",
            "The slice that you assign to and the value have different shapes: print both."),
    Message("ValueError", "cannot reshape array of size {int} into shape {shape}",
            "A reshape keeps the number of elements: multiply the lengths and compare."),
    Message("ValueError", "can only specify one unknown dimension",
            "Only one length of a reshape may be -1."),
    Message("ValueError", "matmul: Input operand {int} has a mismatch in its core dimension {int}, "
            "with gufunc signature (n?,k),(k,m?)->(n?,m?) (size {int} is different from {int})",
            _MATMUL),
    Message("ValueError", "shapes {shape} and {shape} not aligned: {int} (dim {int}) != {int} "
            "(dim {int})", _MATMUL),
    Message("ValueError", "shape-mismatch for sum",
            "The axes that tensordot sums over must have the same lengths in both arrays."),
    Message("ValueError", "axes don't match array",
            "A transpose names every axis of the array exactly once."),
    Message("ValueError", "all the input array dimensions except for the concatenation axis must "
            "match exactly, but along dimension {int}, the array at index {int} has size {int} and "
            "the array at index {int} has size {int}",
            "Print the shapes of the arrays that you join: only the joined axis may differ."),
    Message("ValueError", "all input arrays must have the same shape",
            "np.stack needs arrays of one shape: print the shape of each."),
    Message("ValueError", "setting an array element with a sequence.",
            "An array is assigned to a single place: is an index, a sum or `[0]` missing?"),
    Message("ValueError", "setting an array element with a sequence. The requested array has an "
            "inhomogeneous shape after {int} dimensions. The detected shape was {shape} + "
            "inhomogeneous part.",
            "Rows of unequal length cannot form an array: since NumPy 1.24 this is an error. "
            "Check the shape of each part."),
    Message("ValueError", "The truth value of an array with more than one element is ambiguous. "
            "Use a.any() or a.all()",
            "`if` and `and` take one truth value: use np.where, `&`, `.any()` or `.all()`."),
    Message("ValueError", "zero-size array to reduction operation {word} which has no identity",
            "The window is empty: look at the bounds of the slice."),
    Message("ValueError", "negative dimensions are not allowed",
            "A computed length is negative: put small numbers into your formula for the size."),
    Message("ValueError", "window shape cannot be larger than input array shape",
            "The window is larger than the padded image: is the padding added first?"),
    Message("ValueError", "array split does not result in an equal division",
            "Not every length can be divided evenly: what should happen to the rest?"),
    Message("ValueError", "assignment destination is read-only", _IN_PLACE),
    Message("ValueError", "output array is read-only", _IN_PLACE),
    Message("ValueError", "too many values to unpack (expected {int})", _UNPACK),
    Message("ValueError", "not enough values to unpack (expected {int}, got {int})", _UNPACK),
    Message("ValueError", "math domain error",
            "The root or logarithm of a negative number: np.sqrt and np.log take arrays."),
    Message("ValueError", "p < 0, p > 1 or p is NaN", "A probability must lie between 0 and 1."),
    Message("IndexError", "index {int} is out of bounds for axis {int} with size {int}", _INDEX),
    Message("IndexError", "list index out of range", _INDEX),
    Message("IndexError", "tuple index out of range", _AXIS),
    Message("IndexError", "too many indices for array: array is {int}-dimensional, but {int} were "
            "indexed", _AXIS),
    Message("IndexError", "invalid index to scalar variable.",
            "You index a single number: an earlier index or sum used up the axes."),
    Message("AxisError", "axis {int} is out of bounds for array of dimension {int}", _AXIS),
    Message("AxisError", "{name}: axis {int} is out of bounds for array of dimension {int}", _AXIS),
    Message("UFuncTypeError", "Cannot cast ufunc '{word}' output from dtype('{dtype}') to "
            "dtype('{dtype}') with casting rule 'same_kind'",
            "`+=` cannot put real numbers into an array of integers: make it with dtype float."),
    Message("TypeError", "unsupported operand type(s) for {op}: 'NoneType' and '{type}'", _NONE),
    Message("TypeError", "unsupported operand type(s) for {op}: '{type}' and 'NoneType'", _NONE),
    Message("TypeError", "unsupported operand type(s) for {op}: '{type}' and '{type}'", _BOTH),
    Message("TypeError", "bad operand type for {op}: '{type}'", _BOTH),
    Message("TypeError", "cannot unpack non-iterable NoneType object", _NONE),
    Message("TypeError", "cannot unpack non-iterable {type} object", _UNPACK),
    Message("TypeError", "'NoneType' object is not {name}", _NONE),
    Message("TypeError", "'{type}' object is not subscriptable", _BOTH),
    Message("TypeError", "'{type}' object is not iterable",
            "To count up to n, loop over `range(n)`."),
    Message("TypeError", "'{type}' object is not callable",
            "Is an operator missing before a parenthesis, or a function's name used for a value?"),
    Message("TypeError", "'tuple' object does not support item assignment",
            "A shape is a tuple and cannot be changed: make a list of it, or a new tuple."),
    Message("TypeError", "object of type '{type}' has no len()", _BOTH),
    Message("TypeError", "{name}() takes {int} positional arguments but {int} were given",
            _SIGNATURE),
    Message("TypeError", "{name}() takes {int} positional argument but {int} were given",
            _SIGNATURE),
    Message("TypeError", "{name}() takes from {int} to {int} positional arguments but {int} were "
            "given", _SIGNATURE),
    Message("TypeError", "{name}() missing {int} required positional argument: '{name}'",
            _SIGNATURE),
    Message("TypeError", "{name}() missing {int} required positional arguments: '{name}' and "
            "'{name}'", _SIGNATURE),
    Message("TypeError", "{name}() got an unexpected keyword argument '{name}'", _SIGNATURE),
    Message("TypeError", "{name}() got multiple values for argument '{name}'", _SIGNATURE),
    Message("AttributeError", "'NoneType' object has no attribute '{name}'", _NONE),
    Message("AttributeError", "'{type}' object has no attribute '{name}'",
            _ATTRIBUTE),
    Message("AttributeError", "module '{name}' has no attribute '{name}'",
            "Look the name up in the library's documentation: is it spelled so?"),
    Message("UnboundLocalError", "cannot access local variable '{name}' where it is not associated "
            "with a value",
            "The name is assigned further down, or in a branch that was not taken."),
    Message("NameError", "name '{name}' is not defined", ""),
    Message("ZeroDivisionError", "division by zero", "Which length or count is 0 here?"),
    Message("ZeroDivisionError", "integer division or modulo by zero",
            "Which length, count or stride is 0 here?"),
    Message("RecursionError", "maximum recursion depth exceeded{any}",
            "Your function calls itself without end.", shown=False),
    Message("SyntaxError", "{any}", _SYNTAX, shown=False),
    Message("IndentationError", "{any}", _INDENTATION, shown=False),
    Message("RuntimeError", "In layer '{name}', you forgot to call `super().__init__()` as the "
            "first statement in the `__init__()` method. Go add it!",
            "The first line of `__init__` is `super().__init__(**kwargs)`: it prepares the layer."),
    Message("ValueError", 'The name "{name}" is used {int} times in the model. '
            "All operation names should be unique.",
            "Two layers bear one name. Leave `name=` out, or make it from a number."),
    Message("ValueError", "A KerasTensor cannot be used as input to a TensorFlow function. "
            "A KerasTensor is a symbolic placeholder for a shape and dtype, used when constructing "
            "Keras Functional models or Keras Functions. {any}", _SYMBOL, shown=False),
    Message("ValueError", "A KerasTensor is symbolic: it's a placeholder for a shape an a dtype. "
            "It doesn't have any actual numerical value. You cannot convert it to {any}",
            _SYMBOL, shown=False),
    Message("LinAlgError", "Singular matrix", "The matrix has no inverse."),
    Message("LinAlgError", "Last 2 dimensions of the array must be square", _AXIS),
    Message("NotImplementedError", "{any}", "", shown=False),
    Message("KeyError", "{any}", "The dict has no such key: compare with the keys you store.",
            shown=False),
)  # fmt: skip


def recognised(type_: str, message: str) -> Message | None:
    """The sentence that a message is, if it is one that we know."""
    return next((each for each in MESSAGES if each.fits(type_, message)), None)
