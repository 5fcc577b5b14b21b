"""The known mistakes of `vgg`, each as a student writes it (names: COURSE §3).

`vgg_block` and the others mean the solution's functions where a mistake is theirs but for one
thing. A class replaces each function that it defines. Some names are read here in one sense:

- vgg_block `strided_conv_for_pool` adds a convolution in the pool's place; the stride in the last
  of the block's own is `stride_in_last_conv`.
- build_vgg `missing_dense` has no hidden dense layer at all; `one_dense` has one.
- build_vgg `wrong_block_order` takes the blocks from the last to the first.
- count_layers `counts_activations` counts activation layers beside those with a kernel.
- where_parameters_are `share_of_layers_not_parameters` divides numbers of layers.
"""

import keras
import numpy as np

# receptive_field


@misconception(
    "receptive_field",
    hint="Neighbouring windows overlap: by how many pixels does the view grow when a kernel of 3 is put on top?",
)
def sum_of_kernels(layers):
    return sum(kernel for kernel, _ in layers) if layers else 1


@misconception(
    "receptive_field",
    hint="After a stride of 2, neighbours of a map lie two pixels apart: how wide does the next kernel reach then?",
)
def ignores_stride(layers):
    return 1 + sum(kernel - 1 for kernel, _ in layers)


@misconception(
    "receptive_field",
    hint="A layer's kernel looks at the map below it: does its own stride matter to it, or to the layers above?",
)
def stride_applied_early(layers):
    extent, jump = 1, 1
    for kernel, stride in layers:
        jump *= stride
        extent += (kernel - 1) * jump
    return extent


@misconception(
    "receptive_field",
    hint="Follow two kernels of 3 down a row by hand: does one output see nine pixels, or do the windows overlap?",
)
def product_of_kernels(layers):
    extent = 1
    for kernel, _ in layers:
        extent *= kernel
    return extent


@misconception(
    "receptive_field",
    hint="A kernel of 3 has three numbers and two gaps: by how much is it wider than one number?",
)
def adds_kernel_each(layers):
    extent, jump = 1, 1
    for kernel, stride in layers:
        extent += kernel * jump
        jump *= stride
    return extent


@misconception(
    "receptive_field",
    hint="What does a single output see when there is no layer at all? Begin with that.",
)
def starts_at_zero(layers):
    extent, jump = 0, 1
    for kernel, stride in layers:
        extent += (kernel - 1) * jump
        jump *= stride
    return extent


@misconception(
    "receptive_field",
    hint="Two strides of 3 in a row: how far apart are neighbours after both? Strides combine, but not by adding.",
)
def strides_added(layers):
    extent, jump = 1, 1
    for kernel, stride in layers:
        extent += (kernel - 1) * jump
        jump += stride - 1
    return extent


@misconception(
    "receptive_field",
    hint="The jump of a map is not the stride of the last layer alone: what do the strides before it do?",
)
def last_stride_only(layers):
    extent, jump = 1, 1
    for kernel, stride in layers:
        extent += (kernel - 1) * jump
        jump = stride
    return extent


@misconception(
    "receptive_field",
    hint="This rule goes down from the output: it has to meet the last layer first.",
)
def downward_rule_upwards(layers):
    extent = 1
    for kernel, stride in layers:
        extent = stride * (extent - 1) + kernel
    return extent


@misconception(
    "receptive_field",
    hint="Why should it end at 224? Nobody has said how large the picture is.",
)
def capped_at_224(layers):
    return min(receptive_field(layers), 224)


@misconception(
    "receptive_field", hint="The pixels of one row are asked for, not those of the whole square."
)
def area_not_side(layers):
    return receptive_field(layers) ** 2


# stack_params


@misconception(
    "stack_params",
    hint="How many filters does a layer have, and how deep is each? The channels count twice.",
)
def channels_once(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * (kernel_size**2 * channels + (channels if use_bias else 0))


@misconception("stack_params", hint="That is one layer. Which argument is not used?")
def forgets_layers(kernel_size, num_layers, channels, use_bias=False):
    return kernel_size**2 * channels**2 + (channels if use_bias else 0)


@misconception(
    "stack_params", hint="Biases are counted only if `use_bias` says so; what is its default?"
)
def counts_bias(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * (kernel_size**2 * channels**2 + channels)


@misconception(
    "stack_params", hint="A kernel has rows and columns: how many weights are in a 3x3 window?"
)
def kernel_not_squared(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * (kernel_size * channels**2 + (channels if use_bias else 0))


@misconception(
    "stack_params", hint="With use_bias=True there is something more to count in each layer."
)
def bias_ignored(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * kernel_size**2 * channels**2


@misconception(
    "stack_params", hint="Each layer of the stack has biases of its own: are all of them counted?"
)
def bias_once(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * kernel_size**2 * channels**2 + (channels if use_bias else 0)


@misconception(
    "stack_params",
    hint="A filter has one bias: how many filters, and so how many biases, has a layer?",
)
def one_bias_per_layer(kernel_size, num_layers, channels, use_bias=False):
    return num_layers * (kernel_size**2 * channels**2 + (1 if use_bias else 0))


# vgg_block


def convolutions(x, num_convs, filters, size=3, **settings):
    settings = {"padding": "same", "activation": "relu", **settings}
    for _ in range(num_convs):
        x = keras.layers.Conv2D(filters, size, **settings)(x)
    return x


@misconception(
    "vgg_block",
    hint="Your convolutions shrink the picture. Which padding keeps its size, and which is Keras' default?",
)
def valid_padding(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2)(convolutions(x, num_convs, filters, padding="valid"))


@misconception(
    "vgg_block", hint="The block halves the picture once: is the pool inside or after your loop?"
)
def pool_after_every_conv(x, num_convs, filters):
    for _ in range(num_convs):
        x = keras.layers.MaxPooling2D(2)(convolutions(x, 1, filters))
    return x


@misconception(
    "vgg_block",
    hint="Negative numbers come through. What follows each convolution, and which argument of Conv2D puts it there?",
)
def no_activation(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2)(convolutions(x, num_convs, filters, activation=None))


@misconception(
    "vgg_block",
    hint="Every convolution has its own ReLU, not only the last: without one, two convolutions in a row are no more than one.",
)
def activation_after_block_only(x, num_convs, filters):
    x = convolutions(x, num_convs, filters, activation=None)
    return keras.layers.MaxPooling2D(2)(keras.layers.ReLU()(x))


@misconception(
    "vgg_block",
    hint="Batch normalisation is younger than VGG: a convolution is followed by its ReLU and nothing else.",
)
def batch_norm_added(x, num_convs, filters):
    for _ in range(num_convs):
        x = convolutions(x, 1, filters, activation=None)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    return keras.layers.MaxPooling2D(2)(x)


@misconception(
    "vgg_block",
    hint="There is one convolution too many, and no pool: VGG halves by taking a maximum, with nothing to learn.",
)
def strided_conv_for_pool(x, num_convs, filters):
    return convolutions(convolutions(x, num_convs, filters), 1, filters, strides=2)


@misconception(
    "vgg_block",
    hint="All convolutions of VGG have the stride 1. What halves the picture, if not they?",
)
def stride_in_last_conv(x, num_convs, filters):
    x = convolutions(x, num_convs - 1, filters)
    return convolutions(x, 1, filters, strides=2)


@misconception(
    "vgg_block",
    hint="Try an odd number of rows: the pool pads none, so what happens to the last row?",
)
def same_pool(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2, padding="same")(convolutions(x, num_convs, filters))


@misconception("vgg_block", hint="VGG's pool keeps the largest of four numbers, not their mean.")
def average_pool(x, num_convs, filters):
    return keras.layers.AveragePooling2D(2)(convolutions(x, num_convs, filters))


@misconception(
    "vgg_block",
    hint="Pooling is to halve height and width: by how many pixels does the window move?",
)
def pool_stride_one(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2, strides=1)(convolutions(x, num_convs, filters))


@misconception("vgg_block", hint="Which argument is not used? A block has several convolutions.")
def one_conv_only(x, num_convs, filters):
    return vgg_block(x, 1, filters)


@misconception(
    "vgg_block", hint="The whole point of VGG are small filters: what is the side of its kernels?"
)
def five_by_five(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2)(convolutions(x, num_convs, filters, 5))


@misconception(
    "vgg_block", hint="The activation squeezes everything between 0 and 1. Which one has VGG?"
)
def sigmoid_for_relu(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2)(convolutions(x, num_convs, filters, activation="sigmoid"))


@misconception(
    "vgg_block",
    hint="Make a new layer in every turn of the loop: calling one layer twice uses the same weights twice.",
)
def one_layer_reused(x, num_convs, filters):
    conv = keras.layers.Conv2D(filters, 3, padding="same", activation="relu")
    for _ in range(num_convs):
        x = conv(x)
    return keras.layers.MaxPooling2D(2)(x)


@misconception(
    "vgg_block", hint="How does the picture get smaller? Something is missing at the end."
)
def no_pool(x, num_convs, filters):
    return convolutions(x, num_convs, filters)


@misconception("vgg_block", hint="Each filter has a bias: do your convolutions learn one?")
def convs_without_bias(x, num_convs, filters):
    return keras.layers.MaxPooling2D(2)(convolutions(x, num_convs, filters, use_bias=False))


@misconception(
    "vgg_block", hint="VGG's windows lie side by side: how large is one if the stride is 2?"
)
def overlapping_pool(x, num_convs, filters):
    x = convolutions(x, num_convs, filters)
    return keras.layers.MaxPooling2D(3, strides=2, padding="same")(x)


# build_vgg

VGG16 = ((2, 64), (2, 128), (3, 256), (3, 512), (3, 512))


def assembled(
    blocks, input_shape, num_classes, units, *, middle="flatten", relu="relu", last="softmax"
):
    """A VGG with any number of hidden dense layers and other activations."""
    inputs = x = keras.Input(input_shape)
    for num_convs, filters in blocks:
        x = vgg_block(x, num_convs, filters)
    flat = keras.layers.Flatten() if middle == "flatten" else keras.layers.GlobalAveragePooling2D()
    x = flat(x)
    for size in units:
        x = keras.layers.Dense(size, activation=relu)(x)
    return keras.Model(inputs, keras.layers.Dense(num_classes, activation=last)(x))


@misconception(
    "build_vgg",
    hint="The classifier has three dense layers: which stand between Flatten and the softmax?",
)
def missing_dense(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [])


@misconception(
    "build_vgg",
    hint="VGG keeps every number of the last maps for the first dense layer; averaging them came later.",
)
def pool_for_flatten(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [dense_units] * 2, middle="mean")


@misconception(
    "build_vgg", hint="How many dense layers has VGG before the last one? Count them in the table."
)
def one_dense(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [dense_units])


@misconception(
    "build_vgg",
    hint="The outputs do not sum to 1. What turns scores into probabilities in the last layer?",
)
def no_softmax(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [dense_units] * 2, last=None)


@misconception(
    "build_vgg",
    hint="The softmax must see negative scores too: is there a ReLU before it?",
)
def relu_before_softmax(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096
):
    scores = assembled(blocks, input_shape, num_classes, [dense_units] * 2, last="relu")
    return keras.Model(scores.input, keras.layers.Softmax()(scores.output))


@misconception(
    "build_vgg",
    hint="Each picture belongs to one class, so the classes compete: which activation makes all outputs sum to 1?",
)
def sigmoid_output(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [dense_units] * 2, last="sigmoid")


@misconception(
    "build_vgg", hint="Each block has its own number of filters, the second number of its pair."
)
def filters_constant(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    same = [(num_convs, blocks[0][1]) for num_convs, _ in blocks]
    return assembled(same, input_shape, num_classes, [dense_units] * 2)


@misconception("build_vgg", hint="The first block of the list is the one that sees the picture.")
def wrong_block_order(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks[::-1], input_shape, num_classes, [dense_units] * 2)


@misconception(
    "build_vgg",
    hint="Between two dense layers without a ReLU there is nothing that a single one could not do.",
)
def dense_without_relu(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks, input_shape, num_classes, [dense_units] * 2, relu=None)


@misconception("build_vgg", hint="The number of classes is an argument: 1000 is only its default.")
def ignores_num_classes(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096
):
    return assembled(blocks, input_shape, 1000, [dense_units] * 2)


@misconception(
    "build_vgg", hint="The size of the picture is an argument: 224x224x3 is only its default."
)
def ignores_input_shape(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096
):
    return assembled(blocks, (224, 224, 3), num_classes, [dense_units] * 2)


@misconception(
    "build_vgg", hint="The size of the dense layers is an argument: 4096 is only its default."
)
def ignores_dense_units(
    blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096
):
    return assembled(blocks, input_shape, num_classes, [4096] * 2)


@misconception(
    "build_vgg",
    hint="All the blocks are wanted, as many as the list has. Where does your loop end?",
)
def last_block_missed(blocks=VGG16, input_shape=(224, 224, 3), num_classes=1000, dense_units=4096):
    return assembled(blocks[:-1], input_shape, num_classes, [dense_units] * 2)


# count_layers


def below(model):
    """Every layer at any depth, once, models among them."""
    found, waiting = {}, list(model.layers)
    while waiting:
        layer = waiting.pop()
        found[id(layer)] = layer
        waiting.extend(getattr(layer, "layers", []))
    return list(found.values())


def has_kernel(layer):
    return isinstance(layer, (keras.layers.Conv2D, keras.layers.Dense))


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="Pools, Flatten and the input have nothing to learn: which layers does the 16 in VGG16 count?",
)
def counts_all_layers(model):
    return len(model.layers)


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="An activation that stands in a layer of its own has no kernel, and does not count.",
)
def counts_activations(model):
    kinds = (keras.layers.Activation, keras.layers.ReLU, keras.layers.Softmax)
    return sum(has_kernel(layer) or isinstance(layer, kinds) for layer in below(model))


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="Convolutions are not the only layers with a kernel.",
)
def convs_only(model):
    return sum(isinstance(layer, keras.layers.Conv2D) for layer in below(model))


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="A kernel and its bias belong to one layer: count layers, not variables.",
)
def biases_as_layers(model):
    return sum(len(layer.weights) for layer in below(model) if has_kernel(layer))


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="One of the layers is a model with layers of its own: do you look inside?",
)
def nested_missed(model):
    return sum(has_kernel(layer) for layer in model.layers)


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="A layer that stands in two places has one kernel. How can you tell that you have met it before?",
)
def shared_counted_twice(model):
    return sum(
        shared_counted_twice(layer) if hasattr(layer, "layers") else has_kernel(layer)
        for layer in model.layers
    )


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="Batch normalisation learns something, but by tradition only layers with a kernel count.",
)
def counts_whatever_has_weights(model):
    return sum(bool(layer.weights) and not hasattr(layer, "layers") for layer in below(model))


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="Two models may each have a layer of the same name. What tells two layers apart is not what they are called.",
)
def counts_names(model):
    return len({layer.name for layer in below(model) if has_kernel(layer)})


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="Not every model inside is a Sequential. Which attribute do all models have, and no single layer?",
)
def sequential_only(model):
    found, waiting = set(), list(model.layers)
    while waiting:
        layer = waiting.pop()
        if has_kernel(layer):
            found.add(id(layer))
        if isinstance(layer, keras.Sequential):
            waiting.extend(layer.layers)
    return len(found)


@misconception(
    "count_layers",
    replaces="count_weight_layers",
    hint="A name is free, anyone may call a pool conv_3: ask for the class of the layer.",
)
def trusts_names(model):
    return sum("conv" in layer.name or "dense" in layer.name for layer in below(model))


# where_parameters_are


def parameters_of(model, kind):
    return sum(layer.count_params() for layer in model.layers if isinstance(layer, kind))


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="That is a share of the layers. How many parameters has each of them?",
)
def share_of_layers_not_parameters(model):
    kinds = {"conv": keras.layers.Conv2D, "dense": keras.layers.Dense}
    return {
        name: sum(isinstance(layer, kind) for layer in model.layers) / len(model.layers)
        for name, kind in kinds.items()
    }


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="A share lies between 0 and 1; per cent are a way to print it.",
)
def percent_not_share(model):
    return {name: 100 * share for name, share in parameter_share(model).items()}


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="Which of the two has more parameters in VGG16? Yours says the opposite.",
)
def swapped_shares(model):
    shares = parameter_share(model)
    return {"conv": shares["dense"], "dense": shares["conv"]}


@misconception(
    "where_parameters_are",
    replaces="activation_shapes",
    hint="That is what goes into each layer. What comes out of it?",
)
def input_shapes(model):
    return [(layer.name, tuple(layer.input.shape[1:])) for layer in model.layers]


@misconception(
    "where_parameters_are",
    replaces="activation_shapes",
    hint="The first entry of a shape is the batch, of any size: leave it out.",
)
def includes_batch_axis(model):
    return [(layer.name, tuple(layer.output.shape)) for layer in model.layers]


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="The share of the numbers, not the numbers themselves: divide by what the whole model has.",
)
def counts_not_shares(model):
    return {
        "conv": parameters_of(model, keras.layers.Conv2D),
        "dense": parameters_of(model, keras.layers.Dense),
    }


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="The whole model may have other parameters too, as those of batch normalisation: divide by all of them.",
)
def shares_sum_to_one(model):
    conv = parameters_of(model, keras.layers.Conv2D)
    dense = parameters_of(model, keras.layers.Dense)
    return {"conv": conv / (conv + dense), "dense": dense / (conv + dense)}


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="Batch normalisation keeps a mean and a variance that are not trained: they are parameters of the model too.",
)
def trainable_only(model):
    whole = sum(int(np.prod(weight.shape)) for weight in model.trainable_weights)
    return {
        "conv": parameters_of(model, keras.layers.Conv2D) / whole,
        "dense": parameters_of(model, keras.layers.Dense) / whole,
    }


@misconception(
    "where_parameters_are",
    replaces="parameter_share",
    hint="The biases are parameters as well as the kernels: are they in both of your sums?",
)
def kernels_only(model):
    kinds = {"conv": keras.layers.Conv2D, "dense": keras.layers.Dense}
    return {
        name: sum(
            int(np.prod(layer.kernel.shape)) for layer in model.layers if isinstance(layer, kind)
        )
        / model.count_params()
        for name, kind in kinds.items()
    }


@misconception(
    "where_parameters_are",
    replaces="activation_shapes",
    hint="Say which layer each shape belongs to: an entry has a name and a shape.",
)
def names_missing(model):
    return [tuple(layer.output.shape[1:]) for layer in model.layers]


@misconception(
    "where_parameters_are",
    replaces="activation_shapes",
    hint="Conv2D is the class; each layer has a name of its own.",
)
def class_for_name(model):
    return [(type(layer).__name__, tuple(layer.output.shape[1:])) for layer in model.layers]


@misconception(
    "where_parameters_are",
    replaces="activation_shapes",
    hint="Every layer has an output, also those without parameters: which ones do you leave out?",
)
def only_layers_with_weights(model):
    return [(layer.name, tuple(layer.output.shape[1:])) for layer in model.layers if layer.weights]
