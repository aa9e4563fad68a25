"""The whole history of a dossier, and who read it."""

from datetime import timedelta

import pytest
from django.urls import reverse

from portal.core.audit import record
from portal.core.models import AccessRecord
from services.conversation import actions as conversation
from services.desk.timeline import A_PAGE

from .conftest import NOW


def url(dossier, name="timeline"):
    return reverse(f"desk:{name}", args=[dossier.pk])


def test_whoever_opens_a_dossier_is_recorded_once_an_hour(client, send, officers, clock):
    dossier = send()
    client.force_login(officers["clerk"])

    for _time in range(3):
        client.get(url(dossier, "dossier"))
    clock.shift(timedelta(hours=1))
    client.force_login(officers["clerk"])
    client.get(url(dossier, "dossier"))

    assert list(AccessRecord.objects.values_list("stream", "kind", "reader_name", "at")) == [
        (f"dossier:{dossier.pk}", "page", "clerk Việt Hưng", NOW),
        (f"dossier:{dossier.pk}", "page", "clerk Việt Hưng", NOW + timedelta(hours=1)),
    ]


def test_residents_reading_their_own_leave_no_record(client, send, resident):
    client.force_login(resident)
    client.get(send().get_absolute_url())

    assert AccessRecord.objects.count() == 0


def test_who_was_refused_has_read_nothing(client, send, strangers):
    client.force_login(strangers["leader"])
    client.get(url(send(), "dossier"))

    assert AccessRecord.objects.count() == 0


def test_moves_hand_overs_notes_and_reads_stand_in_one_order(client, send, walk, officers):
    dossier = walk(send(), "sign")
    conversation.write(
        dossier, by=officers["clerk"], at=NOW - timedelta(minutes=1), text="Đã gọi điện hỏi lại", kind="note"
    )
    client.force_login(officers["leader"])

    response = client.get(url(dossier))

    titles = [str(entry.title) for entry in response.context["entries"]]
    assert titles[0] == "Mở hồ sơ"
    assert titles[-1] in ("Đã nộp hồ sơ", "Bàn giao: Nguyễn Thị Ánh → clerk Việt Hưng")
    for words in ("Đã thẩm định xong, trình ký", "Bàn giao: clerk Việt Hưng → specialist Việt Hưng", "trước hạn"):
        assert words in response.text
    assert "Đã gọi điện hỏi lại" in response.text
    times = [entry.when for entry in response.context["entries"]]
    assert times == sorted(times, reverse=True)


@pytest.mark.parametrize(
    ("kind", "count"), [("viec", 1), ("ban-giao", 1), ("ghi-chu", 0), ("doc", 1), ("", 3), ("tat-ca", 3)]
)
def test_the_timeline_is_narrowed_to_one_kind(client, send, officers, kind, count):
    dossier = send()
    client.force_login(officers["clerk"])

    assert len(client.get(url(dossier), {"loai": kind}).context["entries"]) == count


@pytest.mark.postgres
@pytest.mark.parametrize("events", [5, 500])
def test_a_long_history_costs_no_more_queries(client, send, officers, events, django_assert_max_num_queries):
    dossier = send()
    for number in range(events):
        record(dossier, "take", by=officers["clerk"], at=NOW - timedelta(minutes=number), note=str(number))
    client.force_login(officers["clerk"])

    with django_assert_max_num_queries(17):
        response = client.get(url(dossier))

    assert len(response.context["entries"]) == min(A_PAGE, events + 3)


def test_a_neighbour_ward_and_the_resident_find_nothing(client, send, strangers, resident):
    dossier = send()
    for user in (strangers["leader"], resident):
        client.force_login(user)
        assert client.get(url(dossier)).status_code == 404
