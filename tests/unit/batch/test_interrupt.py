"""Being asked to stop, by a person or by a service manager."""

from __future__ import annotations

import os
import signal

import pytest

from grader.batch.interrupt import stop_on_interrupt


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_time_asks_and_the_second_stops(number):
    """What is running may be finished; who asks again does not want to wait."""
    said: list[str] = []
    with stop_on_interrupt(said.append) as stop:
        assert not stop()
        os.kill(os.getpid(), number)
        assert stop()
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)

    assert len(said) == 1
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
