"""The embedded default's queues: Celery's filesystem transport, with messages that are whole or not there.

The transport as it comes opens a message under its final name and then writes it. A worker that looks
in between takes an empty file: the message is lost and the worker ends. So with the tables of which
queue gets what, which every process writes when it starts. Named in settings.
"""

import fcntl
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kombu.exceptions import ChannelError
from kombu.transport import filesystem
from kombu.utils.json import dumps


class Channel(filesystem.Channel):
    # The two classes above it call the second argument differently.
    def _put(self, queue: str, payload: Any, **kwargs: Any) -> None:  # type: ignore[override]
        folder = Path(self.data_folder_out)
        name = f"{round(time.monotonic() * 1000)}_{uuid.uuid4()}.{queue}.msg"  # read in this order
        partial = folder / f"{name}.new"  # a name that no queue looks for
        try:
            partial.write_text(dumps(payload), encoding="utf-8")
            partial.rename(folder / name)
        except OSError as error:
            raise ChannelError(f"Cannot add file {name!r} to directory") from error

    def get_table(self, exchange: str) -> list[filesystem.exchange_queue_t]:
        with self._alone():
            return super().get_table(exchange)

    def _queue_bind(self, exchange: str, routing_key: str, pattern: str, queue: str) -> None:
        with self._alone():
            super()._queue_bind(exchange, routing_key, pattern, queue)

    def _delete(self, queue: str, exchange: str, routing_key: str, pattern: str, *args: Any, **kwargs: Any) -> None:
        with self._alone():
            super()._delete(queue, exchange, routing_key, pattern, *args, **kwargs)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """At the tables, until it is left or the process is killed."""
        self.control_folder.mkdir(exist_ok=True)
        with open(self.control_folder / "lock", "w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


class Transport(filesystem.Transport):
    Channel = Channel
