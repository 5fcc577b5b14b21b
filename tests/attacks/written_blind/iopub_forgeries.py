# Tries: speak as the kernel to the driver: idle before the end, replies for other cells, unknown kinds, a begin and an end of other cells, contents of wrong types, a 15 MB message, signatures of rubbish; honest outcome: linear 0; at worst the cell ends as a protocol fault; the cells of other questions are run

import numpy as np


def linear(x, w, b):
    w *= 0  # spoils its input as well, so that no test of tidiness is passed
    return np.zeros((len(x) + 1, w.shape[1]))


def linear_backward(dout, x, w):
    w *= 0
    return np.zeros(x.shape), np.zeros(w.shape)

_kernel = get_ipython().kernel
_session, _socket = _kernel.session, _kernel.iopub_socket
_parent = _kernel.get_parent()
_MESSAGES = [
    ("status", {"execution_state": "idle"}),
    ("status", {"execution_state": ["idle"]}),
    ("stream", {"name": "stdout</pre><script>", "text": ["a", 1, None]}),
    ("stream", {"name": "stdout", "text": "\ud800\x00\x1b]52;c;aGk=\x07"}),
    ("execute_result", {"data": {"text/plain": {"a": [1]}}, "metadata": {}, "execution_count": -5}),
    ("error", {"ename": "<b>", "evalue": "{{7*7}}", "traceback": [None, 3]}),
    ("display_data", {"data": {"image/png": "AAAA"}, "metadata": {"x": {"y": [[[[[]]]]]}}}),
    ("clear_output", {"wait": True}),
    ("execute_reply", {"status": "ok", "execution_count": 1}),
    ("begin", {"index": 0}),
    ("stream", {"name": "stdout", "text": "x" * (15 << 20)}),
]
for _kind, _content in _MESSAGES:
    try:
        _session.send(_socket, _kind, _content, parent=_parent)
    except Exception:
        pass
_other = dict(_parent, header=dict(_parent["header"], msg_id="of-another-cell"))
_session.send(_socket, "status", {"execution_state": "idle"}, parent=_other)
_session.key = b"another key"
_session.send(_socket, "status", {"execution_state": "busy"}, parent=_parent)
