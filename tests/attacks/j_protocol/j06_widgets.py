"""J06: it lets a widget swallow the next cell's output, or updates an earlier cell's."""

from __future__ import annotations

from tests.attacks.case import Case
from tests.attacks.j_protocol.messages import sending

WIDGETS = """
parent = kernel.get_parent()
session.send(iopub, "comm_open", {"comm_id": "w", "target_name": "jupyter.widget", "data": {"state": {
    "_model_name": "OutputModel", "_model_module": "@jupyter-widgets/output", "msg_id": parent["header"]["msg_id"], "outputs": []}}}, parent=parent)
session.send(iopub, "display_data", {"data": {"text/plain": "a"}, "metadata": {}, "transient": {"display_id": "d"}}, parent=parent)
session.send(iopub, "update_display_data", {"data": {"text/plain": "b"}, "metadata": {}, "transient": {"display_id": "d"}}, parent=parent)
"""

CASE = Case(
    number="J06",
    tries="Lets a widget swallow the next cell's output, or updates an earlier cell's.",
    stopped_by="Comms are ignored, and outputs are frozen as their cell ends.",
    variants={"widgets": sending(WIDGETS)},
)
