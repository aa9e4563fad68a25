"""The embedded default's queue under two writers and a reader: every message arrives, once and whole."""

import queue
import threading

from kombu import Connection

MESSAGES = 300


def test_a_reader_never_meets_half_a_message(tmp_path):
    folder = str(tmp_path)
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": f"{folder}/control"}

    def connection() -> Connection:
        return Connection("filesystem://", transport="portal.core.broker:Transport", transport_options=options)

    def write(first: int) -> None:
        with connection() as writing, writing.SimpleQueue("portal") as out:
            for number in range(first, first + MESSAGES):
                out.put({"number": number, "padding": "x" * 400})

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, MESSAGES)]
    arrived = []
    with connection() as reading, reading.SimpleQueue("portal") as inbox:
        for writer in writers:
            writer.start()
        while len(arrived) < 2 * MESSAGES:
            try:
                message = inbox.get(timeout=5)
            except queue.Empty:
                break
            arrived.append(message.payload["number"])
            message.ack()
    for writer in writers:
        writer.join()
    assert sorted(arrived) == list(range(2 * MESSAGES))
