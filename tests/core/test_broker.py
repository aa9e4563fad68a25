"""The embedded default's queue under two writers and a reader: every message arrives, once and whole."""

import queue
import threading
from pathlib import Path

from kombu import Connection

MESSAGES = 300


def connection_in(folder: Path) -> Connection:
    options = {"data_folder_in": folder, "data_folder_out": folder, "control_folder": f"{folder}/control"}
    return Connection("filesystem://", transport="portal.core.broker:Transport", transport_options=options)


def test_a_reader_never_meets_half_a_message(tmp_path):
    def write(first: int) -> None:
        with connection_in(tmp_path) as writing, writing.SimpleQueue("portal") as out:
            for number in range(first, first + MESSAGES):
                out.put({"number": number, "padding": "x" * 400})

    writers = [threading.Thread(target=write, args=(first,)) for first in (0, MESSAGES)]
    arrived = []
    with connection_in(tmp_path) as reading, reading.SimpleQueue("portal") as inbox:
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


def test_processes_that_start_in_the_same_moment_each_get_their_queues(tmp_path):
    names, exchanges = ("web", "worker", "slow", "beat"), [f"exchange-{number}" for number in range(200)]
    begin, failed = threading.Barrier(len(names)), []

    def start(name: str) -> None:
        with connection_in(tmp_path) as connection:
            channel = connection.channel()
            begin.wait()
            try:
                for exchange in exchanges:
                    channel._queue_bind(exchange, name, "", name)
                    assert name in {row.queue for row in channel.get_table(exchange)}
            except Exception as error:  # noqa: BLE001 - whatever a worker would end of
                failed.append(error)

    starting = [threading.Thread(target=start, args=(name,)) for name in names]
    for thread in starting:
        thread.start()
    for thread in starting:
        thread.join()

    assert failed == []
    with connection_in(tmp_path) as connection:
        channel = connection.channel()
        assert all({row.queue for row in channel.get_table(exchange)} == set(names) for exchange in exchanges)


def test_a_message_reaches_the_worker_of_its_queue_and_no_other(tmp_path):
    names = ("quick", "quick-slow")  # kombu remembers for the whole process which queues it has made
    for name in reversed(names):
        with connection_in(tmp_path) as connection, connection.SimpleQueue(name) as out:
            out.put(name)
    for name in names:
        with connection_in(tmp_path) as connection, connection.SimpleQueue(name) as inbox:
            message = inbox.get(timeout=5)
            message.ack()
            assert (message.payload, inbox.qsize()) == (name, 0)
