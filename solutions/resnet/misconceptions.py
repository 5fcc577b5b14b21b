"""The known mistakes of `resnet`, each as a student writes it (names: COURSE §4).

`basic_block`, `conv_norm` and the others mean the solution's functions where a mistake is theirs but
for one thing. Some names are read here in one of several senses:

- basic_block `pre_activation` projects what has been normalised and activated, as version 2 does.
- basic_block `training_flag_frozen` is written as a layer: in functional code Keras overrides the
  flag when the model is called.
- basic_block `projection_missing`, `projection_only_for_channels` and `projection_only_for_stride`
  are three, since the shapes of a single case hide one or the other.
- bottleneck_block `expansion_first` widens where it should squeeze and ends with `filters` channels.
- bottleneck_block `squeeze_missing` keeps the channels of the input until the 3x3.
- build_resnet `no_stem` puts the first stage on the picture itself.
"""

import keras
import numpy as np
import tensorflow as tf

layers = keras.layers


def relu(x):
    return layers.ReLU()(x)


def conv(x, filters, size, stride=1, **settings):
    settings = {"padding": "same", "use_bias": False, **settings}
    return layers.Conv2D(filters, size, strides=stride, **settings)(x)


def norm(x):
    return layers.BatchNormalization()(x)


def added(x, shortcut):
    return relu(layers.Add()([x, shortcut]))


def shortcut_of(x, filters, stride):
    fits = stride == 1 and x.shape[-1] == filters
    return x if fits else conv_norm(x, filters, 1, stride)


def two_convs(x, filters, stride=1):
    """What a basic block adds."""
    return conv_norm(relu(conv_norm(x, filters, 3, stride)), filters, 3)


# basic_block


@misconception(
    "basic_block",
    hint="The second batch norm may say minus one. Does your sum ever get to hear it? Look where the last ReLU stands.",
)
def relu_before_add(x, filters, stride=1):
    return layers.Add()([relu(two_convs(x, filters, stride)), shortcut_of(x, filters, stride)])


@misconception("basic_block", hint="What comes after the sum? Compare with the formula of y.")
def no_final_relu(x, filters, stride=1):
    return layers.Add()([two_convs(x, filters, stride), shortcut_of(x, filters, stride)])


@misconception(
    "basic_block",
    hint="Laid side by side, the channels double. F(x) and the shortcut are to be added, number by number.",
)
def concatenate_for_add(x, filters, stride=1):
    parts = [two_convs(x, filters, stride), shortcut_of(x, filters, stride)]
    return relu(layers.Concatenate()(parts))


@misconception(
    "basic_block",
    hint="If F(x) is 0 the block should hand x on. What does a product hand on?",
)
def multiply_for_add(x, filters, stride=1):
    parts = [two_convs(x, filters, stride), shortcut_of(x, filters, stride)]
    return relu(layers.Multiply()(parts))


@misconception(
    "basic_block",
    hint="Two convolutions in a row, and where is x? Keep it under another name and add it before the last ReLU.",
)
def shortcut_missing(x, filters, stride=1):
    return relu(two_convs(x, filters, stride))


@misconception(
    "basic_block",
    hint="The shortcut leads around both convolutions. Take its value before the first one, not after it.",
)
def shortcut_after_first_conv(x, filters, stride=1):
    x = relu(conv_norm(x, filters, 3, stride))
    return added(conv_norm(x, filters, 3), x)


@misconception(
    "basic_block",
    hint="Both parts of your sum are the same thing, F(x). One of them should be what came in.",
)
def adds_block_output_twice(x, filters, stride=1):
    x = two_convs(x, filters, stride)
    return added(x, x)


@misconception(
    "basic_block",
    hint="A block with stride 2 halves the picture once. How often does yours halve it on the long way?",
)
def stride_in_both(x, filters, stride=1):
    inner = conv_norm(relu(conv_norm(x, filters, 3, stride)), filters, 3, stride)
    return added(inner, shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="Which of the two convolutions carries the stride? The other one then works on the smaller picture.",
)
def stride_in_second(x, filters, stride=1):
    inner = conv_norm(relu(conv_norm(x, filters, 3)), filters, 3, stride)
    return added(inner, shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="Where x fits as it is, the shortcut holds no weights: that is the point of it. When is a projection needed at all?",
)
def projection_always(x, filters, stride=1):
    return added(two_convs(x, filters, stride), conv_norm(x, filters, 1, stride))


@misconception(
    "basic_block",
    hint="The projection must make the shortcut as small as F(x). Which setting of a convolution does that?",
)
def projection_without_stride(x, filters, stride=1):
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = conv_norm(x, filters, 1)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block",
    hint="Every convolution here is followed by a batch norm, the one on the shortcut too.",
)
def projection_without_norm(x, filters, stride=1):
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = conv(x, filters, 1, stride)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block",
    hint="The projection only mixes the channels of a pixel: how large is a kernel that sees no neighbour?",
)
def projection_three_by_three(x, filters, stride=1):
    shortcut = x
    if stride != 1 or x.shape[-1] != filters:
        shortcut = conv_norm(x, filters, 3, stride)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block",
    hint="An average pool on the shortcut is a later variant (ResNet-D). Here the 1x1 convolution itself has the stride.",
)
def average_pool_shortcut(x, filters, stride=1):
    shortcut = x
    if stride != 1:
        shortcut = layers.AveragePooling2D(stride, padding="same")(shortcut)
    if stride != 1 or x.shape[-1] != filters:
        shortcut = conv_norm(shortcut, filters, 1)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block", hint="Two convolutions, two batch norms: what comes directly before the sum?"
)
def no_second_norm(x, filters, stride=1):
    inner = conv(relu(conv_norm(x, filters, 3, stride)), filters, 3)
    return added(inner, shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="The second batch norm belongs to F. After the sum it would change what the shortcut carries.",
)
def norm_after_add(x, filters, stride=1):
    inner = conv(relu(conv_norm(x, filters, 3, stride)), filters, 3)
    return relu(norm(layers.Add()([inner, shortcut_of(x, filters, stride)])))


@misconception(
    "basic_block",
    hint="Batch norm and ReLU before each convolution are version 2, of 2016. In version 1 they come after it.",
)
def pre_activation(x, filters, stride=1):
    ready = relu(norm(x))
    fits = stride == 1 and x.shape[-1] == filters
    shortcut = x if fits else conv(ready, filters, 1, stride)
    inner = conv(ready, filters, 3, stride)
    return layers.Add()([conv(relu(norm(inner)), filters, 3), shortcut])


@misconception(
    "basic_block",
    hint="A layer that is made once and called twice has one set of numbers. The two batch norms see different things.",
)
def shared_norm(x, filters, stride=1):
    both = layers.BatchNormalization()
    inner = relu(both(conv(x, filters, 3, stride)))
    return added(both(conv(inner, filters, 3)), shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="Without zeros around the picture every 3x3 convolution makes it smaller by two, and nothing fits. Look at the padding.",
)
def valid_padding(x, filters, stride=1):
    inner = relu(norm(conv(x, filters, 3, stride, padding="valid")))
    inner = norm(conv(inner, filters, 3, padding="valid"))
    return added(inner, shortcut_of(x, filters, stride))


@misconception("basic_block", hint="How many 3x3 convolutions does the long way have?")
def one_conv(x, filters, stride=1):
    return added(conv_norm(x, filters, 3, stride), shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="A bias before a batch norm is subtracted again with the mean. Which argument of Conv2D leaves it out?",
)
def biased_convs(x, filters, stride=1):
    def biased(x, size, stride=1):
        return norm(conv(x, filters, size, stride, use_bias=True))

    fits = stride == 1 and x.shape[-1] == filters
    shortcut = x if fits else biased(x, 1, stride)
    return added(biased(relu(biased(x, 3, stride)), 3), shortcut)


class FrozenBlock(layers.Layer):
    """Its norms are told never to train."""

    def __init__(self, filters, stride):
        super().__init__()
        same = {"padding": "same", "use_bias": False}
        self.filters, self.stride = filters, stride
        self.convs = [layers.Conv2D(filters, 3, s, **same) for s in (stride, 1)]
        self.projection = layers.Conv2D(filters, 1, stride, **same)
        self.norms = [layers.BatchNormalization() for _ in range(3)]

    def call(self, x):
        inner = relu(self.norms[0](self.convs[0](x), training=False))
        inner = self.norms[1](self.convs[1](inner), training=False)
        if self.stride != 1 or x.shape[-1] != self.filters:
            x = self.norms[2](self.projection(x), training=False)
        return relu(inner + x)


@misconception(
    "basic_block",
    hint="Your batch norms are told training=False for good. Leave the argument out: Keras hands it on.",
)
def training_flag_frozen(x, filters, stride=1):
    return FrozenBlock(filters, stride)(x)


@misconception(
    "basic_block",
    hint="Zeros on both sides are PyTorch's rule, and right there. Here it is Keras' padding=\"same\".",
)
def symmetric_padding(x, filters, stride=1):
    def padded(x, stride):
        return norm(conv(layers.ZeroPadding2D(1)(x), filters, 3, stride, padding="valid"))

    return added(padded(relu(padded(x, stride)), 1), shortcut_of(x, filters, stride))


@misconception(
    "basic_block",
    hint="What if the stride or the channels change: what shape has x then, and what shape has F(x)?",
)
def projection_missing(x, filters, stride=1):
    return added(two_convs(x, filters, stride), x)


@misconception(
    "basic_block",
    hint="Equal channels are not enough. What does a stride of 2 do to the shape of F(x), and what to your shortcut?",
)
def projection_only_for_channels(x, filters, stride=1):
    shortcut = x if x.shape[-1] == filters else conv_norm(x, filters, 1, stride)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block",
    hint="Stride 1 is not enough. What if the channels change, and the picture keeps its size?",
)
def projection_only_for_stride(x, filters, stride=1):
    shortcut = x if stride == 1 else conv_norm(x, filters, 1, stride)
    return added(two_convs(x, filters, stride), shortcut)


@misconception(
    "basic_block",
    hint="Two convolutions without a ReLU between them are little more than one. Where does F bend?",
)
def no_inner_relu(x, filters, stride=1):
    inner = conv_norm(conv_norm(x, filters, 3, stride), filters, 3)
    return added(inner, shortcut_of(x, filters, stride))


# bottleneck_block


def three_convs(x, filters, stride, expansion):
    """What a bottleneck adds."""
    x = relu(conv_norm(x, filters, 1, stride))
    return conv_norm(relu(conv_norm(x, filters, 3)), expansion * filters, 1)


@misconception(
    "bottleneck_block",
    hint="A later variant (v1.5), and a good one; here the paper's: the stride sits in the first 1x1.",
)
def stride_in_three_by_three(x, filters, stride=1, expansion=4):
    inner = relu(conv_norm(x, filters, 1))
    inner = conv_norm(relu(conv_norm(inner, filters, 3, stride)), expansion * filters, 1)
    return added(inner, shortcut_of(x, expansion * filters, stride))


@misconception(
    "bottleneck_block",
    hint="Squeezed, and then? The last 1x1 makes the channels many again: how many filters has it?",
)
def no_expansion(x, filters, stride=1, expansion=4):
    return added(three_convs(x, filters, stride, 1), shortcut_of(x, filters, stride))


@misconception(
    "bottleneck_block",
    hint="Your 3x3 works where the channels are most. Narrow first, wide at the end.",
)
def expansion_first(x, filters, stride=1, expansion=4):
    inner = relu(conv_norm(x, expansion * filters, 1, stride))
    inner = conv_norm(relu(conv_norm(inner, expansion * filters, 3)), filters, 1)
    return added(inner, shortcut_of(x, filters, stride))


@misconception(
    "bottleneck_block",
    hint="How many channels does your 3x3 get to see? The first 1x1 is there to make them few.",
)
def squeeze_missing(x, filters, stride=1, expansion=4):
    inner = relu(conv_norm(x, x.shape[-1], 1, stride))
    inner = conv_norm(relu(conv_norm(inner, filters, 3)), expansion * filters, 1)
    return added(inner, shortcut_of(x, expansion * filters, stride))


@misconception(
    "bottleneck_block",
    hint="A ReLU after each of the three? After the last one F could only ever add, never take away.",
)
def relu_after_last_before_add(x, filters, stride=1, expansion=4):
    inner = relu(three_convs(x, filters, stride, expansion))
    return added(inner, shortcut_of(x, expansion * filters, stride))


@misconception("bottleneck_block", hint="The sum is followed by one more step, as in step 1.")
def no_final_relu(x, filters, stride=1, expansion=4):  # noqa: F811  (of another question)
    inner = three_convs(x, filters, stride, expansion)
    return layers.Add()([inner, shortcut_of(x, expansion * filters, stride)])


@misconception(
    "bottleneck_block",
    hint="Where is x? The way around the three layers is missing.",
)
def shortcut_missing(x, filters, stride=1, expansion=4):  # noqa: F811
    return relu(three_convs(x, filters, stride, expansion))


@misconception(
    "bottleneck_block",
    hint="The block does not end with `filters` channels. With what must the shortcut be compared?",
)
def compared_with_filters(x, filters, stride=1, expansion=4):
    fits = stride == 1 and x.shape[-1] == filters
    shortcut = x if fits else conv_norm(x, expansion * filters, 1, stride)
    return added(three_convs(x, filters, stride, expansion), shortcut)


@misconception(
    "bottleneck_block", hint="Four is only the default. Which argument does nothing in your block?"
)
def expansion_ignored(x, filters, stride=1, expansion=4):
    return bottleneck_block(x, filters, stride)


@misconception(
    "bottleneck_block",
    hint="Count the ReLUs on the long way: one after each convolution but the last.",
)
def one_inner_relu(x, filters, stride=1, expansion=4):
    inner = conv_norm(relu(conv_norm(x, filters, 1, stride)), filters, 3)
    inner = conv_norm(inner, expansion * filters, 1)
    return added(inner, shortcut_of(x, expansion * filters, stride))


# stem


def pooled(x, size=3, stride=2, padding="same"):
    return layers.MaxPooling2D(size, strides=stride, padding=padding)(x)


@misconception("stem", hint="The first kernel is large, for once: how many pixels wide is it?")
def stem_three_by_three(x, filters=64):
    return pooled(relu(conv_norm(x, filters, 3, 2)))


@misconception("stem", hint="224 becomes 56 in two halvings. Your stem has one of them.")
def stem_no_pool(x, filters=64):
    return relu(conv_norm(x, filters, 7, 2))


@misconception(
    "stem", hint="The pool halves, and the convolution before it? Both steps have a stride of 2."
)
def stem_stride_one(x, filters=64):
    return pooled(relu(conv_norm(x, filters, 7)))


@misconception("stem", hint="Which number of a window does the pool keep: the mean or the largest?")
def stem_average_pool(x, filters=64):
    x = relu(conv_norm(x, filters, 7, 2))
    return layers.AveragePooling2D(3, strides=2, padding="same")(x)


@misconception(
    "stem",
    hint="Without padding the pool drops what reaches over the end. How many rows should be left of 112?",
)
def stem_valid_pool(x, filters=64):
    return pooled(relu(conv_norm(x, filters, 7, 2)), padding="valid")


@misconception(
    "stem", hint="Windows of the pool overlap here: its size is not its stride. How large are they?"
)
def stem_two_by_two_pool(x, filters=64):
    return pooled(relu(conv_norm(x, filters, 7, 2)), size=2)


@misconception(
    "stem",
    hint="Every convolution of this notebook is followed by a batch norm, the first one too.",
)
def stem_without_norm(x, filters=64):
    return pooled(relu(conv(x, filters, 7, 2)))


@misconception(
    "stem", hint="A bias before a batch norm is subtracted again. Which argument leaves it out?"
)
def stem_with_bias(x, filters=64):
    return pooled(relu(norm(conv(x, filters, 7, 2, use_bias=True))))


@misconception("stem", hint="Between the batch norm and the pool something bends.")
def stem_without_relu(x, filters=64):
    return pooled(conv_norm(x, filters, 7, 2))


# stage


@misconception(
    "stage",
    hint="With four blocks of stride 2 the picture is halved four times. Which of them should do it?",
)
def every_block_strides(x, filters, num_blocks, stride, block):
    for _ in range(num_blocks):
        x = block(x, filters, stride)
    return x


@misconception("stage", hint="Which of your blocks is told about the stride of the stage?")
def no_block_strides(x, filters, num_blocks, stride, block):
    for _ in range(num_blocks):
        x = block(x, filters)
    return x


@misconception(
    "stage",
    hint="The blocks before it then work on the large picture. Which end of the stage makes it small?",
)
def last_block_strides(x, filters, num_blocks, stride, block):
    for _ in range(num_blocks - 1):
        x = block(x, filters)
    return block(x, filters, stride)


@misconception(
    "stage",
    hint="Filters double from stage to stage. Within a stage every block gets the same number.",
)
def filters_double_every_block(x, filters, num_blocks, stride, block):
    for number in range(num_blocks):
        x = block(x, filters * 2**number, stride if number == 0 else 1)
    return x


@misconception(
    "stage", hint="The first block is one of the `num_blocks`. How many are left for your loop?"
)
def one_block_too_many(x, filters, num_blocks, stride, block):
    x = block(x, filters, stride)
    for _ in range(num_blocks):
        x = block(x, filters)
    return x


@misconception("stage", hint="Hand on: every block is called on what the block before it returned.")
def every_block_on_the_input(x, filters, num_blocks, stride, block):
    for number in range(num_blocks):
        out = block(x, filters, stride if number == 0 else 1)
    return out


# build_resnet


def resnet(
    depth,
    input_shape,
    num_classes,
    width,
    *,
    block=None,
    first=stem,
    pool=layers.GlobalAveragePooling2D,
    strides=(1, 2, 2, 2),
    filters=(1, 2, 4, 8),
    activation="softmax",
):
    """The solution, with one thing changed."""
    if depth not in PLANS:
        raise ValueError(f"there is no ResNet-{depth}")
    blocks, deep = PLANS[depth]
    block = block or (bottleneck_block if deep else basic_block)
    inputs = keras.Input(input_shape)
    x = first(inputs, width)
    for count, stride, factor in zip(blocks, strides, filters, strict=True):
        x = stage(x, factor * width, count, stride, block)
    outputs = layers.Dense(num_classes, activation=activation)(pool()(x))
    return keras.Model(inputs, outputs)


@misconception(
    "build_resnet",
    hint="Flattened maps have many times more numbers than means of maps, and so has the dense layer after them.",
)
def flatten_for_global_pool(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, pool=layers.Flatten)


@misconception(
    "build_resnet",
    hint="The stem has already made the picture small. What is the stride of the first stage in the table?",
)
def first_stage_strides(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, strides=(2, 2, 2, 2))


@misconception(
    "build_resnet",
    hint="34 and 50 have the same numbers of blocks. What differs between the two columns?",
)
def basic_for_fifty(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, block=basic_block)


@misconception(
    "build_resnet", hint="From which depth on are the blocks bottlenecks? Look at 34 once more."
)
def bottlenecks_for_34(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    block = basic_block if depth == 18 else bottleneck_block
    return resnet(depth, input_shape, num_classes, width, block=block)


@misconception(
    "build_resnet", hint="What happens to the number of filters wherever the sides are halved?"
)
def filters_not_doubled(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, filters=(1, 1, 1, 1))


@misconception("build_resnet", hint="What stands between the picture and the first stage?")
def no_stem(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, first=lambda x, width: x)


@misconception(
    "build_resnet",
    hint="Your outputs may be negative and sum to anything. What turns scores into probabilities?",
)
def logits_for_probabilities(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, activation=None)


@misconception(
    "build_resnet",
    hint="There are five published depths. What should happen for a sixth? Raise ValueError there.",
)
def any_depth_accepted(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    known = min(PLANS, key=lambda name: abs(name - depth))
    return resnet(known, input_shape, num_classes, width)


@misconception("build_resnet", hint="The head takes the mean of every map, not its largest number.")
def largest_for_mean(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, pool=layers.GlobalMaxPooling2D)


@misconception(
    "build_resnet",
    hint="The factor 4 of a bottleneck is inside the block. Which stage gets `4 * width` in the table?",
)
def expanded_twice(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    factor = 4 if depth >= 50 else 1
    filters = tuple(factor * 2**number for number in range(4))
    return resnet(depth, input_shape, num_classes, width, filters=filters)


@misconception(
    "build_resnet", hint="The stem has `width` filters as well; 64 is only what the paper has."
)
def stem_of_64(depth, input_shape=(224, 224, 3), num_classes=1000, width=64):
    return resnet(depth, input_shape, num_classes, width, first=lambda x, width: stem(x))


# depth


@misconception(
    "depth",
    replaces="count_depth",
    hint="Which two layers with a kernel belong to no block? One comes first, one last.",
)
def depth_without_stem_and_head(blocks_per_stage, convs_per_block):
    return sum(blocks_per_stage) * convs_per_block


@misconception(
    "depth",
    replaces="count_depth",
    hint="Projections lie beside the longest way, not on it: they do not count.",
)
def depth_counts_projections(blocks_per_stage, convs_per_block):
    stages = len(blocks_per_stage)
    projections = stages - 1 if convs_per_block == 2 else stages
    return sum(blocks_per_stage) * convs_per_block + 2 + projections


@misconception(
    "depth",
    replaces="count_depth",
    hint="A stage is a row of blocks. How many blocks are there in all?",
)
def stages_not_blocks(blocks_per_stage, convs_per_block):
    return len(blocks_per_stage) * convs_per_block + 2


@misconception(
    "depth",
    replaces="count_depth",
    hint="Stages come one after the other: do their blocks multiply or add up?",
)
def product_of_stages(blocks_per_stage, convs_per_block):
    return int(np.prod(blocks_per_stage)) * convs_per_block + 2


@misconception(
    "depth",
    replaces="count_depth",
    hint="You stopped one layer too early: what reads the classes off the pooled maps?",
)
def depth_without_head(blocks_per_stage, convs_per_block):
    return sum(blocks_per_stage) * convs_per_block + 1


@misconception(
    "depth",
    replaces="count_depth",
    hint="How many convolutions a block has is an argument: not every block has two.",
)
def always_two_convs(blocks_per_stage, convs_per_block):
    return sum(blocks_per_stage) * 2 + 2


# identity_by_construction


def norms_of(model):
    return [layer for layer in model.layers if isinstance(layer, layers.BatchNormalization)]


def zero(*variables):
    for variable in variables:
        variable.assign(np.zeros(variable.shape))


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="It works, with a hammer. Which layer alone has the last word before the sum?",
)
def zeroes_everything(block_model):
    zero(*block_model.weights)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="After the first norm another convolution and another norm follow. What does the last one say to zeros?",
)
def zeroes_first_norm(block_model):
    zero(norms_of(block_model)[0].gamma, norms_of(block_model)[0].beta)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="Behind a kernel of zeros stands a batch norm. Put z = 0 into its formula: what comes out?",
)
def zeroes_kernel_only(block_model):
    kernels = [layer for layer in block_model.layers if isinstance(layer, layers.Conv2D)]
    kernels = kernels or [layer for layer in block_model.layers if isinstance(layer, layers.Dense)]
    zero(kernels[-1].kernel)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="With gamma at 0 the norm returns the same number everywhere. Which one?",
)
def zeroes_gamma_only(block_model):
    zero(norms_of(block_model)[-1].gamma)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="Only the norm directly before the sum needs to be silent; those inside may say what they like.",
)
def zeroes_all_norms(block_model):
    for layer in norms_of(block_model):
        zero(layer.gamma, layer.beta)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="With gamma at 0 the running statistics do not matter any more. Leave them as they are.",
)
def zeroes_statistics_too(block_model):
    zero(*norms_of(block_model)[-1].weights)


@misconception(
    "identity_by_construction",
    replaces="make_identity",
    hint="You changed a copy. What becomes of the model that was handed in?",
)
def changes_a_copy(block_model):
    copy = keras.models.clone_model(block_model)
    copy.set_weights(block_model.get_weights())
    make_identity(copy)
    return copy


# degradation


def gradient(model, x, training=True, total=tf.reduce_sum):
    x = tf.convert_to_tensor(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        value = total(model(x, training=training))
    return tape.gradient(value, x)


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="With respect to what? Not to the weights: to the pictures that you put in.",
)
def loss_gradient_wrt_weights(model, x):
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(model(x, training=True))
    sources = [variable.value for variable in model.trainable_variables]
    return float(tf.linalg.global_norm(tape.gradient(total, sources)))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="In which mode does a model run while it learns? Your batch norms use the running statistics.",
)
def inference_mode_gradient(model, x):
    return float(tf.norm(gradient(model, x, training=False)))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="Positive and negative slopes cancel in a sum. A norm squares them first.",
)
def sum_of_gradient(model, x):
    return float(tf.reduce_sum(gradient(model, x)))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="The sum of the squares is there. What is the last step of a norm?",
)
def squared_norm(model, x):
    return float(tf.reduce_sum(gradient(model, x) ** 2))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="The sum of the outputs is to be differentiated. By which factor is their mean smaller?",
)
def mean_for_sum(model, x):
    return float(tf.norm(gradient(model, x, total=tf.reduce_mean)))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="One norm for the whole batch, over all of its numbers: not the mean of one for each picture.",
)
def mean_of_example_norms(model, x):
    rows = tf.reshape(gradient(model, x), (len(x), -1))
    return float(tf.reduce_mean(tf.norm(rows, axis=1)))


@misconception(
    "degradation",
    replaces="input_gradient_norm",
    hint="That is the largest slope alone. A norm lets every pixel count.",
)
def largest_slope(model, x):
    return float(tf.reduce_max(tf.abs(gradient(model, x))))
