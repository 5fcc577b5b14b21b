"""C05: it hooks into whatever Python calls by itself."""

from tests.attacks.case import Case, Notebook, Verdict

ALL = ("conv_shapes", "pool2d", "linear", "layer_norm")

CASE = Case(
    number="C05",
    tries="Sets trace, profile, import, audit, exit and finaliser hooks.",
    stopped_by="Hooks run in the student's process, where nothing decides.",
    variants={
        "settrace": Notebook(Verdict.ZERO, "import sys\nsys.settrace(lambda *a: None)"),
        "setprofile": Notebook(Verdict.ZERO, "import sys\nsys.setprofile(lambda *a: None)"),
        "meta-path": Notebook(
            Verdict.ZERO,
            "import sys\nclass All:\n    def find_spec(self, *a): raise ImportError('no')\n"
            "sys.meta_path.insert(0, All())",
            loses=("linear",),
        ),
        "an-audit-hook": Notebook(
            Verdict.ZERO, "import sys\ncount = []\nsys.addaudithook(lambda *a: count.append(1))"
        ),
        "an-angry-audit-hook": Notebook(
            Verdict.ZERO,
            "import sys\ndef hook(event, args):\n    if event in ('compile', 'exec'): raise RuntimeError\n"
            "sys.addaudithook(hook)",
            loses=ALL,
            may=("protocol",),
            limits={"total_seconds": 10},
        ),
        "atexit": Notebook(
            Verdict.ZERO,
            "import atexit, time\natexit.register(time.sleep, 60)\natexit.register(print, 'score: 100')",
        ),
        "finalisers": Notebook(
            Verdict.ZERO,
            "import os\nclass Late:\n    def __del__(self):\n        while True: pass\nlate = Late()",
        ),
        "displayhook": Notebook(
            Verdict.ZERO,
            "import sys\nsys.displayhook = sys.excepthook = sys.unraisablehook = lambda *a: os._exit(0)",
        ),
    },
)
