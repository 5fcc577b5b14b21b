"""Two networks by their descriptions: which weights of one are which of the other's.

Pure functions on what `grader.inside.networks.structure` says; nothing here knows Keras.
"""

from grader.compare.networks.difference import first_difference, other_weights
from grader.compare.networks.layout import laid_back, laid_out
from grader.compare.networks.matching import Matching, matchings
from grader.compare.networks.naming import layer_of, name_of_owner, steps
from grader.compare.networks.structure import Structure, Variable, draw, fill_by_shape, read

__all__ = [
    "Matching",
    "Structure",
    "Variable",
    "draw",
    "fill_by_shape",
    "first_difference",
    "laid_back",
    "laid_out",
    "layer_of",
    "matchings",
    "name_of_owner",
    "other_weights",
    "read",
    "steps",
]
