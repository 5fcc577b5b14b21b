"""Operations on Keras networks in the box: build, describe, fill, run and differentiate them.

Everything returns plain data. Keras and TensorFlow are imported inside functions: a box without
them loads this too.
"""

from grader.inside.networks.building import count_parameters, model_of
from grader.inside.networks.describing import structure
from grader.inside.networks.replay import parts, precise
from grader.inside.networks.running import assign, forward, vjp
from grader.inside.networks.views import public_view

__all__ = [
    "assign",
    "count_parameters",
    "forward",
    "model_of",
    "parts",
    "precise",
    "public_view",
    "structure",
    "vjp",
]
