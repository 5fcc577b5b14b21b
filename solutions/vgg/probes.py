"""What the hidden tests of `vgg` need in the box: networks of the course, and a count."""

import keras


def network(input_shape, layers):
    """A functional model made of layers called one after the other.

    `layers` holds (class, name, settings). A "Sequential" has a list of such entries for its
    settings, a "Functional" the shape of its input and such a list, and "Again" calls the layer of
    that name once more.
    """
    made = {}
    inputs = x = keras.Input(tuple(input_shape), name="pixels")
    for entry in layers:
        x = _layer(entry, made)(x)
    return keras.Model(inputs, x)


def total_parameters(build, *args):
    """How many parameters a model would have, counted without making them: VGG16 in 0.1 s."""
    try:
        with keras.StatelessScope(initialize_variables=False):
            model = build(*args)
            if not all(layer.built for layer in model._flatten_layers()):
                raise ValueError(
                    "a subclass whose layers wait for their first call has no size yet"
                )
            return model.count_params()
    finally:
        # Keras keeps a list of what it has not made, and would make it all in the next such scope.
        keras.utils.clear_session(free_memory=False)


def _layer(entry, made):
    kind, name, settings = entry
    if kind == "Again":
        return made[name]
    if kind == "Functional":
        made[name] = network(*settings)
    elif kind == "Sequential":
        made[name] = keras.Sequential([_layer(part, made) for part in settings], name=name)
    else:
        quick = {"kernel_initializer": "zeros"} if kind in {"Conv2D", "Dense"} else {}
        made[name] = getattr(keras.layers, kind)(name=name, **quick, **settings)
    return made[name]
