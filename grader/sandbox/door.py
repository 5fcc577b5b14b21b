"""A socket on which one container's zygote reaches the host without a detour.

The pipes of `docker run` lead through the client, the daemon and the shim, which costs each call
more than sending it. So the host binds a socket in a folder that only it can enter, and the folder
is mounted in the container, read-only. The zygote connects before any student's code exists, as
the only one: the first who comes closes the door for good and takes the socket's name away. Where
a container cannot reach a socket of the host (its engine runs in a virtual machine), the zygote
speaks over the pipes.
"""

from __future__ import annotations

import socket

from grader.scratch import Scratch

NAME = "zygote"


class Door:
    """A listening socket for one visitor. Raises `OSError` where none can be made."""

    def __init__(self) -> None:
        self._private = Scratch("door")
        self._gone = False
        self.folder = self._private.path / "door"
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            self.folder.mkdir()
            self.folder.chmod(0o755)
            self._listener.bind(str(self.folder / NAME))
            # The zygote's root may be another user here; nobody else passes the private folder.
            (self.folder / NAME).chmod(0o666)
            self._listener.listen(1)
        except OSError:
            self.close()
            raise

    def fileno(self) -> int:
        """Readable when someone has come."""
        return self._listener.fileno()

    def accept(self) -> socket.socket:
        """Let the visitor in, and nobody after."""
        visitor, _ = self._listener.accept()
        self.close()
        return visitor

    def shut(self) -> None:
        """Let nobody in: who comes finds nobody, and who waits sees the end."""
        self._listener.close()

    def close(self) -> None:
        """Take it away; again does nothing."""
        self.shut()
        if not self._gone:
            self._private.remove()
            self._gone = True
