"""C02: it lays modules in the way of those which the grader imports."""

from tests.attacks.case import Case, Notebook, Verdict

SHADOWS = """
import os
for name in ("json.py", "numpy.py", "conftest.py", "sitecustomize.py", "usercustomize.py", "pytest.py",
             "unittest.py", "grader.py", "struct.py", "zq7planted.pth"):
    for top in (".", os.environ["HOME"], "/tmp"):
        with open(os.path.join(top, name), "w") as file:
            file.write("import os\\nos._exit(0)\\n")
import sys
sys.path.insert(0, os.getcwd())
"""
PYTEST = """
import sys, types
for name in ("pytest", "unittest", "_pytest", "_pytest.assertion", "doctest"):
    fake = types.ModuleType(name)
    fake.raises = fake.main = fake.TestCase = lambda *a, **k: None
    sys.modules[name] = fake
"""
ENVIRONMENT = """
import os
os.environ.update(PYTEST_ADDOPTS="--exitfirst -k nothing", PYTHONSTARTUP="/tmp/x.py", PYTHONPATH="/tmp",
                  PYTHONHASHSEED="0", LD_PRELOAD="/tmp/x.so", PYTHONOPTIMIZE="2")
"""
EMPTIES = "import sys\nfor name in [m for m in sys.modules if m.startswith(('json', 'numpy.testing', 'grader'))]:\n    del sys.modules[name]"

CASE = Case(
    number="C02",
    tries="Shadows modules and test runners by files and by entries of sys.modules.",
    stopped_by="Nothing of the host imports from the box, and the zygote has imported all before.",
    variants={
        "files": Notebook(Verdict.ZERO, SHADOWS),
        "beside-right-answers": Notebook(Verdict.OK, SHADOWS),
        "modules": Notebook(Verdict.ZERO, PYTEST),
        "the-environment": Notebook(Verdict.ZERO, ENVIRONMENT),
        "no-modules": Notebook(Verdict.ZERO, EMPTIES),
    },
)
