"""I01: it connects to the world, to the machine, to its metadata service, or asks for a name."""

from __future__ import annotations

from tests.attacks.case import Case, Notebook, Verdict

TRIED = """
import socket
found = []
places = [("1.1.1.1", 53), ("8.8.8.8", 443), ("169.254.169.254", 80), ("172.17.0.1", 22), ("172.17.0.1", 2375), ("127.0.0.1", 80),
          ("10.0.0.1", 80), ("192.168.0.1", 80), ("0.0.0.0", 80)]
for family, kind in ((2, 1), (2, 2), (10, 1), (10, 2), (2, 3), (10, 3)):
    for host, port in places:
        try:
            with socket.socket(family, kind) as s:
                s.settimeout(0.3)
                s.connect(("::1", port) if family == 10 else (host, port))
                found.append((family, kind, host))
        except OSError:
            pass
for name in ("example.com", "metadata.google.internal", "host.docker.internal", "localhost.localdomain"):
    try:
        socket.getaddrinfo(name, 443)
        found.append(name)
    except OSError:
        pass
interfaces = [line.split(":")[0].strip() for line in open("/proc/net/dev").readlines()[2:]]
print("FOUND", found + [i for i in interfaces if i not in ("lo", "tunl0", "gre0", "sit0", "ip6tnl0", "gretap0", "erspan0", "ip_vti0", "ip6_vti0", "ip6gre0")])
"""

CASE = Case(
    number="I01",
    tries="Connects to the world, to the machine, to its metadata service, or asks for a name.",
    stopped_by="A container without a network, in which sockets of the network cannot be made.",
    variants={"the-world": Notebook(Verdict.OK, TRIED, limits={"cell_seconds": 20})},
    quick=("the-world",),
    held_by=("tests/box/test_walls.py::test_the_network_is_not_there",),
)
