"""Files that are hard to delete or to look at."""

from __future__ import annotations

ODD = """
import os, socket
home = os.getcwd()
for top in (home, "/tmp", "/dev/shm"):
    base = top + "/odd"
    os.mkdir(base)
    for mode in (0o000, 0o1777, 0o500, 0o7777):
        path = base + "/" + oct(mode)
        os.mkdir(path)
        open(path + "/x", "w").close()
        try: os.mkfifo(path + "/fifo")
        except OSError: pass
        try:
            s = socket.socket(socket.AF_UNIX); s.bind(path + "/sock")
        except OSError: pass
        os.symlink("/", path + "/root"); os.symlink("loop", path + "/loop")
        os.link(path + "/x", base + "/hard" + oct(mode))
        os.chmod(path + "/x", 0)
        os.chmod(path, mode)
    os.chmod(base, 0)
unlinked = open("unlinked", "w"); os.unlink("unlinked")
for top in ("/run", "/run/1"):
    for name in ("zq7planted", "s-1", "s-2"):
        try: os.symlink("/etc", top + "/" + name)
        except OSError: pass
        try: os.unlink(top + "/" + name)
        except OSError: pass
"""
