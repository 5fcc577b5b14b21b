"""Keras's global settings, as a fresh kernel has them at the start of every call.

The tasks are set for float32 and channels last, and the course's own code runs beside an answer
in the same process. A notebook that tries mixed precision or channels first in some cell must
change neither what the tests see of other questions nor what the course builds.
"""

from __future__ import annotations

import sys

USUAL = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
}


def restore_defaults() -> None:
    """Set what a cell or an earlier call has changed; nothing where Keras was never imported."""
    keras = sys.modules.get("keras")
    if keras is None:
        return
    config = keras.config
    for name, value in USUAL.items():
        if getattr(config, name)() != value:
            getattr(config, f"set_{name}")(value)
    if config.dtype_policy().name != USUAL["floatx"]:
        config.set_dtype_policy(USUAL["floatx"])
