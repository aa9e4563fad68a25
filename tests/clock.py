"""The clock of a room's tests: it stands still until a test moves it."""

import pytest
import time_machine


def stopped_at(moment, *, autouse: bool = True):
    """A fixture that gives the clock: `clock = stopped_at(NOW)`, then in a test `clock.move_to(…)`."""

    @pytest.fixture(autouse=autouse)
    def clock():
        with time_machine.travel(moment, tick=False) as clock:
            yield clock

    return clock
