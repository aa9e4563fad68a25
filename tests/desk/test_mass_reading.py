"""Names in lists are reads too, recorded cheaply; who reads very many of them is reported."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from portal.core import outbox
from portal.core.access_record import EXPORT, lists_with, note_list, note_read
from portal.core.models import ListRead, Notification
from services.desk import mass_reading
from services.registers import exporting

from .conftest import NOW, make_officer

WORK = reverse("desk:work")


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


def rows() -> list[tuple]:
    return list(ListRead.objects.values_list("what", "count", "reader_name", "asked"))


@pytest.mark.postgres
def test_a_list_is_one_record_found_from_each_dossier_that_was_in_it(client, send, clerk):
    listed = [send(), send()]
    elsewhere = send(name="Trần Văn Bình")

    client.get(WORK, {"q": "anh"})

    assert rows() == [("work", 2, str(clerk), "q=anh")]
    for dossier in listed:
        assert lists_with(dossier, since=dossier.submitted_at).count() == 1
    assert lists_with(elsewhere, since=elsewhere.submitted_at).count() == 0


def test_the_dossiers_history_says_before_whom_it_stood_and_not_what_was_looked_for(client, send, clerk, officers):
    dossier, other = send(), send(name="Trần Văn Bình")
    client.get(WORK, {"q": "nguyen"})
    client.force_login(officers["leader"])

    page = client.get(reverse("desk:timeline", args=[dossier.pk]), {"loai": "danh-sach"})

    [entry] = page.context["entries"]
    assert (str(entry.title), entry.who, entry.words) == ("Danh sách việc", str(clerk), "Một trong 1 dòng")
    assert "nguyen" not in page.text
    everything = client.get(reverse("desk:timeline", args=[dossier.pk])).context["entries"]
    assert "Danh sách việc" not in [str(entry.title) for entry in everything]
    assert not client.get(reverse("desk:timeline", args=[other.pk]), {"loai": "danh-sach"}).context["entries"]


def test_the_same_list_is_recorded_once_an_hour_even_when_the_cache_forgot(client, send, clerk, clock):
    send()
    client.get(WORK)
    client.get(WORK)
    cache.clear()
    client.get(WORK)
    assert len(rows()) == 1

    send()
    client.get(WORK)  # with another dossier it is another list
    assert [count for _what, count, _who, _asked in rows()] == [1, 2]

    clock.shift(timedelta(hours=1))
    client.force_login(clerk)
    client.get(WORK)
    assert len(rows()) == 3


def test_an_empty_list_shows_nobody(client, clerk):
    client.get(WORK, {"q": "khong-co-ai"})
    assert rows() == []


@pytest.mark.parametrize("many", [1, 30])
def test_noting_a_list_is_one_query_and_none_again(send, clerk, ward, many, django_assert_num_queries):
    found = [send() for _number in range(many)]

    with django_assert_num_queries(1):
        note_list("work", found, by=clerk, at=NOW, ward_id=ward.pk)
    with django_assert_num_queries(0):
        note_list("work", found, by=clerk, at=NOW, ward_id=ward.pk)


@pytest.mark.parametrize("query", [{}, {"xem": "phuong"}, {"q": "anh", "trang": "2"}])
def test_every_list_of_the_desk_is_recorded(client, send, walk, officers, query):
    walk(send(), "sign")
    client.force_login(officers["leader"])
    for name in ("desk:work", "desk:sign_several", "registers:follow_up"):
        client.get(reverse(name), query)

    assert {"signing", "so-theo-doi"} <= {what for what, *_rest in rows()}


def test_what_goes_into_a_file_is_recorded_for_who_asked_for_it(send, walk, clerk, ward):
    dossier = walk(send(), "approve")
    exporting.ask("so-theo-doi", "csv", {"tu": "2026-01-01"}, ward=ward, by=clerk, at=NOW)
    outbox.run_all(at=NOW)

    assert rows() == [(EXPORT, 1, str(clerk), "so-theo-doi?tu=2026-01-01")]
    assert lists_with(dossier, since=None).count() == 1


# --- The alert -----------------------------------------------------------------------------------------


@pytest.fixture
def measure(settings):
    settings.MASS_READING = {"opened": 3, "listed": 100, "exported": 50}


def open_many(reader, ward, number, *, at=NOW):
    for one in range(number):
        note_read(f"dossier:{one}", "page", by=reader, at=at, ward_id=ward.pk)


def told(person) -> list[str]:
    return list(Notification.objects.filter(recipient=person, kind="desk.mass_reading").values_list("body", flat=True))


@pytest.mark.postgres
def test_the_leader_is_told_of_whoever_opens_too_many_once_an_hour(clerk, officers, ward, measure, strangers):
    open_many(clerk, ward, 3)
    open_many(officers["specialist"], ward, 2)

    mass_reading.watch(at=NOW + timedelta(minutes=1))
    mass_reading.watch(at=NOW + timedelta(minutes=6))

    assert told(officers["leader"]) == [f"Trong một giờ qua, {clerk} đã mở 3 hồ sơ. Hãy hỏi lý do nếu bạn chưa biết."]
    assert told(clerk) == told(strangers["leader"]) == []


def test_opening_one_often_or_many_slowly_is_not_much(clerk, officers, ward, measure):
    for hour in range(5):
        open_many(clerk, ward, 2, at=NOW - timedelta(hours=hour))

    assert mass_reading.watch(at=NOW + timedelta(minutes=1)) == 0
    assert told(officers["leader"]) == []


@pytest.mark.parametrize(
    ("what", "words"), [("work", "danh sách có tổng cộng 120 dòng"), (EXPORT, "kết xuất 120 dòng")]
)
def test_lists_and_files_have_measures_of_their_own(clerk, officers, ward, measure, what, words):
    for page in range(4):
        note_list(what, [f"dossier:{page}-{one}" for one in range(30)], by=clerk, at=NOW, ward_id=ward.pk)
    mass_reading.watch(at=NOW + timedelta(minutes=1))

    [body] = told(officers["leader"])
    assert words in body


def test_nobody_watches_themselves_alone(officers, ward, measure):
    inspector = make_officer("inspector", None, "Trương Việt Dũng", login="giam-sat")
    open_many(officers["leader"], ward, 3)
    mass_reading.watch(at=NOW + timedelta(minutes=1))

    assert told(officers["leader"]) == []
    assert len(told(inspector)) == 1


def test_zero_reports_nothing(clerk, officers, ward, settings):
    settings.MASS_READING = {"opened": 0, "listed": 0, "exported": 0}
    open_many(clerk, ward, 30)
    assert mass_reading.watch(at=NOW + timedelta(minutes=1)) == 0


def test_the_leader_sees_the_day_by_reader(client, clerk, officers, ward, measure):
    open_many(clerk, ward, 4)
    note_list("work", ["dossier:1", "dossier:2"], by=officers["specialist"], at=NOW, ward_id=ward.pk)
    mass_reading.watch(at=NOW + timedelta(minutes=1))
    client.force_login(officers["leader"])

    page = client.get(reverse("desk:reads"), {"ngay": f"{timezone.localdate(NOW):%Y-%m-%d}"})

    assert [(row.reader, row.opened, row.listed) for row in page.context["rows"]] == [
        (str(clerk), 4, 0),
        (str(officers["specialist"]), 0, 2),
    ]
    assert "đã mở 4 hồ sơ" in page.text
    assert client.get(reverse("desk:reads"), {"ngay": "2026-01-01"}).context["rows"] == []


@pytest.mark.parametrize("readers", [1, 30])
def test_the_day_takes_the_same_queries_however_many_read(ward, readers, officers, client, django_assert_num_queries):
    for number in range(readers):
        reader = make_officer("clerk", ward, f"Cán bộ {number}", login=f"can-bo-{number}")
        open_many(reader, ward, 1)

    with django_assert_num_queries(2):
        assert len(mass_reading.day_of(ward, timezone.localdate(NOW))) == readers
