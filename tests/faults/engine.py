"""A Docker engine of the tests' own, which may be stopped, killed and hung."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE = 60.0
ALONE = ("--bridge=none", "--iptables=false", "--ip6tables=false")


class Engine:
    """`dockerd` with a folder, a socket and a containerd of its own, without any network."""

    def __init__(self) -> None:
        # A socket's path may have 107 bytes: a short folder, not pytest's.
        self.folder = Path(tempfile.mkdtemp(prefix="de", dir="/tmp"))
        self.address = f"unix://{self.folder}/docker.sock"
        self._config = self.folder / "daemon.json"
        self._config.write_text("{}")
        self._containerd = self.folder / "exec/containerd/containerd.pid"
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        """Start it and come back when it answers."""
        # After a kill -9 both name processes that are gone, and containerd ends with the engine.
        for file in (self.folder / "pid", self._containerd):
            file.unlink(missing_ok=True)
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [
                    *("dockerd", "--host", self.address, "--pidfile", self.folder / "pid"),
                    *("--data-root", self.folder / "data", "--exec-root", self.folder / "exec"),
                    *("--config-file", self._config, *ALONE),
                ],
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        deadline = time.monotonic() + PATIENCE
        while self.docker("version", check=False).returncode:
            assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
            assert self._process.poll() is None, (self.folder / "log").read_text()[-2000:]
            time.sleep(0.1)

    def docker(self, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """A command to this engine."""
        return subprocess.run(
            ["docker", "--host", self.address, *words],
            capture_output=True,
            text=True,
            check=check,
            timeout=PATIENCE * 5,
        )

    def containers(self) -> list[str]:
        """All that it knows of, running or not."""
        return self.docker("ps", "--all", "--quiet").stdout.split()

    def load(self, image: str) -> None:
        """Copy an image from the engine that everybody uses."""
        with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
            subprocess.run(
                ["docker", "--host", self.address, "load"],
                stdin=saved.stdout,
                stdout=subprocess.DEVNULL,
                check=True,
            )

    def signal(self, number: signal.Signals) -> None:
        """Send the engine itself a signal."""
        assert self._process is not None
        self._process.send_signal(number)

    def let_containers_live(self, *, wanted: bool) -> None:
        """Whether its containers outlive the engine (`live-restore`)."""
        self._config.write_text(json.dumps({"live-restore": wanted}))
        self.signal(signal.SIGHUP)
        wanted_word = str(wanted).lower()
        while (
            self.docker("info", "--format", "{{.LiveRestoreEnabled}}").stdout.strip() != wanted_word
        ):
            time.sleep(0.05)

    def wait(self) -> None:
        """Come back when it has ended."""
        assert self._process is not None
        self._process.wait(PATIENCE)

    def remove(self) -> None:
        """End it with its containers, and delete its folder."""
        self.signal(signal.SIGCONT)
        if self._process is None or self._process.poll() is not None:
            self.start()  # nobody else removes what it has left running
        for container in self.containers():
            self.docker("rm", "--force", container, check=False)
        self.signal(signal.SIGTERM)
        self.wait()
        subprocess.run(["umount", "--lazy", *self._mounts()], check=False, capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _mounts(self) -> list[str]:
        mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
        return [line.split()[1] for line in mounts if str(self.folder) in line]
