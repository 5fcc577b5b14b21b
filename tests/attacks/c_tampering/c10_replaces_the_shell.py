"""C10: it replaces the shell's transformers, magics and get_ipython, or runs other programs."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.c_tampering.questions import ALL
from tests.attacks.case import Case, Notebook, Verdict

TRANSFORM = """
ip = get_ipython()
ip.input_transformers_post.append(lambda lines: ["x = 1\\n"])
"""


AST = """
import ast
class Nothing(ast.NodeTransformer):
    def visit_FunctionDef(self, node):
        node.body = [ast.Return(ast.Constant(1))]
        return ast.fix_missing_locations(node)
get_ipython().ast_transformers.append(Nothing())
"""

CASE = Case(
    number="C10",
    tries="Replaces the shell's transformers, magics and get_ipython, or runs other programs.",
    stopped_by="Cells that are made into something else define nothing; programs are confined.",
    variants={
        "input-transformers": Notebook(Verdict.ZERO, TRANSFORM, loses=ALL),
        "ast-transformers": Notebook(Verdict.ZERO, AST, loses=ALL),
        "get-ipython": Notebook(
            Verdict.OK, "import builtins\nbuiltins.get_ipython = get_ipython = None"
        ),
        "script-magics": Notebook(
            Verdict.OK, "%%script /bin/sh\nid; cat /etc/shadow; ls /root", ends=Ending.RAISED
        ),
        "bash-lines": Notebook(Verdict.OK, "!id; cat /etc/shadow; kill -9 1\n!!ls /root"),
        "load-ext": Notebook(Verdict.OK, "%load_ext autoreload\n%autoreload 2\n%xmode Verbose"),
        "reset": Notebook(Verdict.OK, "%reset -f", loses=("pool2d", "layer_norm")),
        "a-magic-of-its-own": Notebook(
            Verdict.OK,
            "from IPython.core.magic import register_cell_magic\n@register_cell_magic\ndef x(l, c): pass",
        ),
    },
)
