"""Several people doing something in the same moment, each on a connection of their own."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

# SQLite lets one writer in at a time and ignores select_for_update: there is nothing to see.
needs_row_locks = pytest.mark.skipif(connection.vendor == "sqlite", reason="row locks need PostgreSQL")


def at_once(*actions: Callable[[], Any]) -> list[Any]:
    """What each returned, or the exception it raised."""
    barrier, results = Barrier(len(actions)), [None] * len(actions)

    def act(number: int, action: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=10)
            results[number] = action()
        except Exception as error:
            results[number] = error
        finally:
            connection.close()

    threads = [Thread(target=act, args=pair) for pair in enumerate(actions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results
