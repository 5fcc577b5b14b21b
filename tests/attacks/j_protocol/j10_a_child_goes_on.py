"""J10: it ends while a child of its own goes on in its name."""

from __future__ import annotations

from grader.records import Ending
from tests.attacks.case import Case, Notebook, Verdict
from tests.attacks.j_protocol.messages import ANY

RESTARTS = "import os\npid = os.fork()\nif pid:\n    os._exit(0)"

CASE = Case(
    number="J10",
    tries="Ends while a child of its own goes on in its name.",
    stopped_by="The zygote watches the process that it has made, and no heartbeat.",
    variants={"a-child": Notebook(Verdict.OK, RESTARTS, ends=Ending.EXITED, may=ANY)},
)
