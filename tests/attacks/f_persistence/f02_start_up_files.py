"""F02: it leaves files that are run at some later start."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

HOOKS = """
import os, site, sys
for top in {p for p in sys.path if p} | {site.getusersitepackages(), "/etc/cron.d", "/var/spool/cron", "/etc/profile.d",
            "/opt/venv/lib/python3.11/site-packages", "/opt/grader", "/opt/student", "/usr/lib/python3.11"}:
    for name in ("zq7planted.pth", "sitecustomize.py", "usercustomize.py"):
        try:
            os.makedirs(top, exist_ok=True)
            open(os.path.join(top, name), "w").write("import os; os._exit(0)")
        except OSError:
            pass
"""

CASE = Case(
    number="F02",
    tries="Leaves files that are run at some later start.",
    stopped_by="All but its own folders is read-only, and those are wiped.",
    variants={"start-up-files": Notebook(Verdict.OK, HOOKS, heir="print('FOUND', [])")},
)
