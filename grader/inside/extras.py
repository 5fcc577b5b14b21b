"""Modules that are slow to import and that most programs do without, by the word they mention."""

EXTRAS = {
    "scipy": ("scipy.signal", "scipy.ndimage"),
    "matplotlib": (
        "matplotlib.pyplot",
        "matplotlib_inline.backend_inline",
        "matplotlib.backends.backend_agg",
    ),
}
