"""What an upgrade mends in the rows besides the shape of the database: steps that apps name, run by `manage.py prepare`.

A step finds what is left to do in the rows themselves, so that it is cheap when there is nothing, may be
killed, and may run on every start. What takes long it promises to the outbox instead of doing it.
"""

from collections.abc import Callable
from datetime import datetime

from django.utils.module_loading import autodiscover_modules

# Returns how much there was to do.
Step = Callable[[datetime], int]
_steps: dict[str, Step] = {}


def upgrades(what: str) -> Callable[[Step], Step]:
    """Register a step under the words the operator reads. Lives in `<app>/upgrades.py`."""

    def register(function: Step) -> Step:
        _steps[what] = function
        return function

    return register


def run(*, at: datetime, say: Callable[[str], None]) -> None:
    """Every step, in the order of the apps; what had something to do is said."""
    autodiscover_modules("upgrades")
    for what, step in _steps.items():
        if number := step(at):
            say(f"{what}: {number}")
