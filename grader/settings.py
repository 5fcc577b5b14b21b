"""Limits of one submission, and where the grader keeps what it can make again."""

from __future__ import annotations

import hashlib
import os
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field


class Limits(BaseModel):
    """What one submission may use. Seconds are wall time, sizes are MB of 10^6 bytes."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cell_seconds: float = Field(10.0, gt=0, le=3600)
    call_seconds: float = Field(5.0, gt=0, le=3600)
    total_seconds: float = Field(120.0, gt=0, le=36000)
    memory_mb: int = Field(1024, ge=256, le=65536)
    disk_mb: int = Field(64, ge=1, le=4096)
    processes: int = Field(64, ge=16, le=1024)
    output_kb: int = Field(256, ge=1, le=16384)
    restarts: int = Field(6, ge=0, le=50)


@cache
def code_digest() -> str:
    """A hash over this program: what it keeps was made by it, and by no other version."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def cache_folder() -> Path:
    """The folder for memoised reference answers and recordings: `$GRADER_CACHE` or the user's."""
    if chosen := os.environ.get("GRADER_CACHE"):
        return Path(chosen)
    import platformdirs  # noqa: PLC0415  (kept out of `grader --help`)

    return Path(platformdirs.user_cache_dir("keras-grader"))
