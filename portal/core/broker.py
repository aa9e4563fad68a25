"""The embedded default's queue: Celery's filesystem transport, with messages that are whole or not there.

The transport as it comes opens a message under its final name and then writes it. A worker that looks
in between takes an empty file: the message is lost and the worker ends. Named in settings.
"""

import time
import uuid
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


class Transport(filesystem.Transport):
    Channel = Channel
