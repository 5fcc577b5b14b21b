"""Public check cases of `resnet`: what `check("basic_block")` tries in the student's notebook.

Small networks, filled with numbers that depend on the shapes only. No hidden test uses these inputs;
each common mistake shows in some case, so that `check` can name it. Objects cannot be frozen: for
them the notebook has given functions (`block_in_practice` and the like) that return numbers.
"""

from grader.cases import Case

basic_block = [
    Case(
        "basic_block",
        "equal channels, stride 1: parameters, output in inference, in training",
        "block_in_practice",
        ((5, 6, 4), 4),
    ),
    Case("basic_block", "more channels: a projection", "block_in_practice", ((4, 7, 2), 3)),
    Case("basic_block", "a stride of 2 on even sides", "block_in_practice", ((6, 4, 3), 3, 2)),
    Case(
        "basic_block",
        "a stride of 2 on odd sides, more channels",
        "block_in_practice",
        ((5, 7, 2), 4, 2),
    ),
]

bottleneck_block = [
    Case(
        "bottleneck_block",
        "8 channels, squeezed to 2: parameters, output in inference, in training",
        "bottleneck_in_practice",
        ((5, 4, 8), 2),
    ),
    Case(
        "bottleneck_block",
        "as many channels as filters: a projection",
        "bottleneck_in_practice",
        ((3, 5, 3), 3),
    ),
    Case(
        "bottleneck_block",
        "a stride of 2 and an expansion of 2",
        "bottleneck_in_practice",
        ((6, 8, 6), 3, 2, 2),
    ),
]

stem = [
    Case("stem", "an even picture", "stem_in_practice", ((16, 12, 3), 4)),
    Case("stem", "an odd picture with one channel", "stem_in_practice", ((13, 9, 1), 3)),
]

stage = [
    Case(
        "stage",
        "three blocks, stride 2: parameters and output",
        "stage_in_practice",
        ((8, 12, 2), 3, 3, 2),
    ),
    Case("stage", "two blocks, stride 1", "stage_in_practice", ((4, 5, 3), 4, 2, 1)),
    Case("stage", "a single block with a stride", "stage_in_practice", ((7, 6, 1), 2, 1, 2)),
]

build_resnet = [
    Case(
        "build_resnet",
        "18 layers: parameters and probabilities",
        "resnet_in_practice",
        (18, (40, 32, 3), 4, 2),
    ),
    Case("build_resnet", "34 layers", "resnet_in_practice", (34, (32, 32, 1), 3, 1)),
    Case("build_resnet", "50 layers", "resnet_in_practice", (50, (32, 48, 1), 3, 1)),
    Case("build_resnet", "no such depth", "build_resnet", (19,), raises=ValueError),
]

depth = [
    Case("depth", "two stages of basic blocks", "count_depth", ([2, 1], 2)),
    Case("depth", "three stages of bottlenecks", "count_depth", ([1, 3, 2], 3)),
    Case("depth", "the family of CIFAR-10 with 20 layers", "count_depth", ([3, 3, 3], 2)),
]

identity_by_construction = [
    Case(
        "identity_by_construction",
        "two layers: variables changed, output in inference, in training",
        "identity_in_practice",
        (2,),
    ),
    Case("identity_by_construction", "three layers", "identity_in_practice", (3,)),
]

degradation = [
    Case("degradation", "two layers, four rows", "gradient_in_practice", (2, 4)),
    Case("degradation", "three layers, seven rows", "gradient_in_practice", (3, 7)),
]

cases = [
    *basic_block,
    *bottleneck_block,
    *stem,
    *stage,
    *build_resnet,
    *depth,
    *identity_by_construction,
    *degradation,
]
