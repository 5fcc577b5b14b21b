"""Many submissions at once: workers that stay warm, results as they come, nothing lost."""

from grader.batch.jobs import Done, Job, Setup
from grader.batch.run import run_batch

__all__ = ["Done", "Job", "Setup", "run_batch"]
