"""Taking a register out as a file: made by the worker, for one person, for a week; inert, whole, and without gaps."""

from datetime import timedelta

import pytest
from django.urls import reverse

from buildings.roles import Position
from portal.core import audit, outbox
from portal.core.models import Job, Notification
from services.registers import exporting, transitions, writers
from services.registers.models import Export
from tests.factories.buildings import MembershipFactory, officer

from .conftest import NOW, YEAR, rows_of, stored
from .many import accept_many


def ask_url(what="so-theo-doi") -> str:
    return reverse("registers:ask", args=[what])


# --- The way of a file ---------------------------------------------------------------------------


@pytest.mark.postgres
def test_from_the_list_to_the_file(client, clerk, accepted):
    dossier = accepted()

    asked = client.post(ask_url(), {"format": "csv", **YEAR})
    export = Export.objects.get()
    assert asked.url == export.get_absolute_url()
    waiting = client.get(asked.url)
    assert '<meta http-equiv="refresh" content="3">' in waiting.text
    assert "Đang chờ đến lượt" in waiting.text

    outbox.run_all(at=NOW)

    ready = client.get(asked.url)
    assert "http-equiv" not in ready.text
    assert "1 dòng" in ready.text
    file = client.get(reverse("registers:download", args=[export.pk]))
    assert dossier.code in file.content.decode("utf-8-sig")
    assert file["Content-Disposition"] == 'attachment; filename="so-theo-doi-ho-so-viet-hung-20261123-1000.csv"'
    assert file["Cache-Control"] == "private, no-store"
    assert Notification.objects.get(recipient=clerk, kind="registers.ready").url == asked.url
    assert [(event.action, event.actor_id) for event in audit.history_of(export)] == [
        ("ask", clerk.pk),
        ("begin", None),
        ("finish", None),
        ("take", clerk.pk),
    ]


def test_the_record_says_who_took_what(client, clerk, make):
    export = make("xlsx", query={"han": "qua-han", **YEAR})

    asked = audit.history_of(export).first()

    assert asked.data == {"what": "so-theo-doi", "format": "xlsx", "filters": {"han": "qua-han", **YEAR}}
    assert (asked.actor_id, asked.ward_id) == (clerk.pk, export.ward_id)
    assert audit.verify(audit.history_of(export)) is None


def test_progress_is_told_in_rows(client, clerk, ward):
    export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exporting._Turn, "make", lambda turn: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            exporting.make(str(export.pk), 0, clock=lambda: NOW)
    Export.objects.filter(pk=export.pk).update(rows_done=12_000, rows_total=24_000)

    text = client.get(export.get_absolute_url()).text

    assert "Đã ghi 12.000 / 24.000 dòng" in text
    assert '<meta http-equiv="refresh" content="3">' in text


def test_asking_twice_is_asking_once(client, clerk, accepted):
    first, second = (client.post(ask_url(), {"format": "pdf", **YEAR}).url for _time in range(2))

    assert first == second
    assert client.post(ask_url(), {"format": "csv", **YEAR}).url != first


@pytest.mark.parametrize("format", ["xlsx", "csv", "pdf"])
def test_a_killed_worker_leaves_nothing_behind_and_the_next_starts_over(clerk, ward, accepted, format, monkeypatch):
    dossier = accepted()
    export = exporting.ask("so-theo-doi", format, YEAR, ward=ward, by=clerk, at=NOW)
    with monkeypatch.context() as patch:
        patch.setattr(exporting._Turn, "_keep", lambda turn: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            exporting.make(str(export.pk), 0, clock=lambda: NOW)
    export.refresh_from_db()
    assert (export.state, export.file.name) == ("running", "")

    exporting.make(str(export.pk), 0, clock=lambda: NOW)
    once = Export.objects.get()
    exporting.make(str(export.pk), 0, clock=lambda: NOW + timedelta(hours=1))

    assert (once.state, once.rows_done, once.rows_total) == ("ready", 1, 1)
    assert Export.objects.get().ready_at == once.ready_at
    if format == "csv":
        assert rows_of(once)[1][1] == dossier.code


def test_what_an_interrupted_attempt_stored_is_written_over(clerk, ward, accepted):
    accepted()
    export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)
    export.file.storage.replace(f"exports/{export.pk}.csv.gz", b"half")

    exporting.make(str(export.pk), 0, clock=lambda: NOW)

    export.refresh_from_db()
    assert len(rows_of(export)) == 2
    assert stored(export) == [f"{export.pk}.csv.gz"]


def test_a_long_job_keeps_its_lease_as_it_goes(clerk, ward, resident, version, monkeypatch, settings):
    accept_many(ward, version, resident, 30, at=NOW - timedelta(hours=5))
    monkeypatch.setattr(writers.csv, "CHUNK", 10)
    export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)
    job = Job.objects.get(kind=exporting.MAKE)
    moments = iter(NOW + timedelta(minutes=minute) for minute in range(100))

    exporting.make(str(export.pk), 0, clock=lambda: next(moments))

    job.refresh_from_db()
    # Begun, read, then three chunks: each a minute after the one before.
    assert job.leased_until == NOW + timedelta(minutes=4) + settings.OUTBOX_LEASE


def test_after_three_failures_the_officer_is_told(client, clerk, ward, accepted, monkeypatch):
    export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)
    monkeypatch.setattr(writers.csv, "write", lambda *args: 1 / 0)

    for hours in (0, 1, 2):
        assert Export.objects.get().state in {"queued", "running"}
        outbox.run_all(at=NOW + timedelta(hours=hours), rounds=1)

    assert Export.objects.get().state == "failed"
    assert "Có lỗi khi lập tệp" in client.get(export.get_absolute_url()).text
    assert Notification.objects.filter(recipient=clerk, kind="registers.failed").count() == 1


def test_more_rows_than_a_file_holds_are_refused_with_the_reason(client, make, accepted, monkeypatch):
    accepted(), accepted()
    monkeypatch.setattr(writers.pdf, "MOST_ROWS", 1)

    export = make("pdf")

    assert export.state == "failed"
    assert "Hãy chọn khoảng thời gian ngắn hơn." in client.get(export.get_absolute_url()).text


def test_the_file_is_deleted_after_a_week_and_the_row_stays(client, clerk, make, accepted, clock):
    accepted()
    export = make("csv")
    assert export.expires_at == NOW + timedelta(days=7)

    exporting.expire(str(export.pk), at=NOW + timedelta(days=6))
    assert Export.objects.get().state == "ready"
    clock.shift(timedelta(days=7))
    outbox.run_all(at=NOW + timedelta(days=7))
    client.force_login(clerk)

    gone = Export.objects.get()
    assert (gone.state, gone.file.name) == ("expired", "")
    assert stored(export) == []
    assert client.get(reverse("registers:download", args=[export.pk])).url == export.get_absolute_url()
    assert "Tệp đã bị xóa" in client.get(export.get_absolute_url()).text


def test_nobody_moves_an_export_by_hand(clerk, ward):
    export = exporting.ask("so-theo-doi", "csv", YEAR, ward=ward, by=clerk, at=NOW)

    moves = (transitions.BEGIN, transitions.FINISH, transitions.FAIL, transitions.EXPIRE)
    assert [move.may(clerk, export) for move in moves] == [False] * 4


# --- Whose it is ---------------------------------------------------------------------------------


def test_a_file_is_for_whoever_asked_for_it(client, ward, neighbour, make, resident):
    export = make("csv")
    colleague, leader, elsewhere = (
        officer(Position.SPECIALIST, ward),
        officer(Position.LEADER, ward),
        officer(Position.CLERK, neighbour),
    )
    for stranger in (colleague, leader, elsewhere, resident):
        client.force_login(stranger)
        assert client.get(export.get_absolute_url()).status_code == 404
        assert client.get(reverse("registers:download", args=[export.pk])).status_code == 404


def test_who_left_the_desk_gets_no_file_made_or_taken(client, clerk, ward, neighbour, make, accepted):
    accepted()
    export = make("csv")
    later = exporting.ask("so-theo-doi", "xlsx", YEAR, ward=ward, by=clerk, at=NOW)
    clerk.memberships.update(ended_at=NOW)
    MembershipFactory(user=clerk, position=Position.CLERK, ward=neighbour)
    client.force_login(clerk)

    assert client.get(export.get_absolute_url()).status_code == 404
    assert client.get(reverse("registers:download", args=[export.pk])).status_code == 404
    outbox.run_all(at=NOW)
    later.refresh_from_db()
    assert (later.state, later.rows_done) == ("failed", 0)


def test_an_officer_cannot_take_out_another_wards_book(client, clerk, accepted, neighbour):
    theirs = accepted(ward=neighbour, name="CANARYB")

    client.post(ask_url(), {"format": "csv", "phuong": neighbour.slug, **YEAR})
    outbox.run_all(at=NOW)

    export = Export.objects.get()
    assert export.ward_id != theirs.ward_id
    assert len(rows_of(export)) == 1


def test_a_file_is_asked_for_by_post_with_a_known_format(client, clerk):
    assert client.get(ask_url()).status_code == 405
    assert client.post(ask_url(), {"format": "exe", **YEAR}).url == reverse("registers:exports")
    assert not Export.objects.exists()
