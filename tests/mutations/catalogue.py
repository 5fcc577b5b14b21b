"""All mitigations that can be switched off."""

from __future__ import annotations

from tests.mutations import (
    of_answers,
    of_files,
    of_messages,
    of_pages,
    of_processes,
    of_sessions,
    of_the_container,
    of_the_inside,
)

MUTATIONS = (
    *of_the_container.MUTATIONS,
    *of_processes.MUTATIONS,
    *of_the_inside.MUTATIONS,
    *of_messages.MUTATIONS,
    *of_sessions.MUTATIONS,
    *of_files.MUTATIONS,
    *of_answers.MUTATIONS,
    *of_pages.MUTATIONS,
)
