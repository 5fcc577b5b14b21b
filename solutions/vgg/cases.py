"""Public check cases of `vgg`: what `check("vgg_block")` tries in the student's notebook.

Small numbers and small networks. No hidden test uses these inputs; each common mistake shows in some
case, so that `check` can name it. Objects cannot be frozen: for them the notebook has given functions
(`block_in_practice` and the like) that return numbers.
"""

from grader.cases import Case

receptive_field = [
    Case("receptive_field", "two layers of 3x3", "receptive_field", ([(3, 1), (3, 1)],)),
    Case(
        "receptive_field",
        "a pool between two convolutions",
        "receptive_field",
        ([(3, 1), (2, 2), (3, 1)],),
    ),
    Case(
        "receptive_field",
        "two strides, and an even kernel",
        "receptive_field",
        ([(5, 2), (4, 3), (3, 1), (3, 1)],),
    ),
    Case("receptive_field", "a single pixel", "receptive_field", ([(1, 1)],)),
]

stack_params = [
    Case("stack_params", "two layers of 3x3, five channels", "stack_params", (3, 2, 5)),
    Case("stack_params", "one layer of 5x5, five channels", "stack_params", (5, 1, 5)),
    Case("stack_params", "three layers with biases", "stack_params", (2, 3, 4), {"use_bias": True}),
]

vgg_block = [
    Case(
        "vgg_block",
        "one convolution: parameters and output",
        "block_in_practice",
        ((6, 8, 2), 1, 3),
    ),
    Case(
        "vgg_block",
        "two convolutions, an odd number of rows",
        "block_in_practice",
        ((7, 6, 4), 2, 4),
    ),
    Case("vgg_block", "three convolutions, odd sizes", "block_in_practice", ((11, 9, 5), 3, 5)),
]

build_vgg = [
    Case(
        "build_vgg",
        "two blocks: parameters and probabilities",
        "vgg_in_practice",
        (((1, 4), (2, 6)), (8, 12, 3), 4, 10),
    ),
    Case(
        "build_vgg",
        "three blocks, one channel",
        "vgg_in_practice",
        (((2, 3), (1, 5), (1, 4)), (10, 8, 1), 3, 12),
    ),
]

count_layers = [
    Case("count_layers", title, "count_in_practice", (name,))
    for name, title in {
        "flat": "a convolution, a ReLU and a dense layer",
        "normalised": "with batch normalisation",
        "nested": "with models inside the model",
        "shared": "with a layer that is used twice",
    }.items()
]

where_parameters_are = [
    Case("where_parameters_are", title, function, (name,))
    for function, what in {"share_in_practice": "shares", "shapes_in_practice": "shapes"}.items()
    for name, title in {
        "flat": f"the {what} of four layers",
        "normalised": f"the {what} with batch normalisation",
    }.items()
]

cases = [
    *receptive_field,
    *stack_params,
    *vgg_block,
    *build_vgg,
    *count_layers,
    *where_parameters_are,
]
