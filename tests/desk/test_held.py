"""A few seconds to take a move back: nothing has happened until they are over."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from portal.core import outbox
from portal.core.audit import history_of
from portal.core.models import Notification, Sequence
from services.desk.models import HeldMove
from services.documents.models import IssuedDocument
from services.dossiers import actions

from .conftest import NOW

REASON = {"reason": "Không thuộc thẩm quyền của phường."}


@pytest.fixture(autouse=True)
def twenty_seconds(settings):
    settings.UNDO_SECONDS = 20


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


def url(dossier, name):
    return reverse(f"desk:{name}", args=[dossier.pk])


def refuse(client, dossier):
    return client.post(url(dossier, "refuse"), {"step": dossier.current_step.turn, **REASON}, follow=True)


def world(dossier):
    """Everything a refusal would leave behind."""
    dossier.refresh_from_db()
    return (
        dossier.state,
        dossier.changed_at,
        IssuedDocument.objects.about(dossier).count(),
        Notification.objects.count(),
        list(Sequence.objects.order_by("scope").values_list("scope", "last")),
    )


def test_a_refusal_waits_and_nothing_has_happened_yet(client, send, clerk):
    dossier = send()
    before, events = world(dossier), history_of(dossier).count()

    response = refuse(client, dossier)

    assert "Hoàn tác" in response.text
    assert "còn 20 giây" in response.text
    outbox.run_all(at=timezone.now())
    assert world(dossier) == before
    assert history_of(dossier).count() == events


def test_it_is_made_when_the_seconds_are_over_once(client, send, clerk, clock):
    dossier = send()
    refuse(client, dossier)

    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())
    outbox.run_all(at=timezone.now())

    dossier.refresh_from_db()
    assert dossier.state == "refused"
    last = history_of(dossier).last()
    assert (last.action, last.actor_id, last.at) == ("refuse", clerk.pk, NOW + timedelta(seconds=20))
    assert IssuedDocument.objects.about(dossier).filter(kind="refusal").count() == 1


def test_taken_back_it_leaves_nothing_but_the_record_that_it_was(client, send, clerk, clock):
    dossier = send()
    before = world(dossier)
    refuse(client, dossier)

    response = client.post(url(dossier, "undo"), follow=True)
    clock.shift(timedelta(minutes=5))
    outbox.run_all(at=timezone.now())

    assert "Chưa có gì được gửi đi." in response.text
    assert world(dossier) == before
    assert (history_of(dossier).last().action, history_of(dossier).last().public) == ("undo", False)


def test_too_late_is_said(client, send, clerk, clock):
    dossier = send()
    refuse(client, dossier)
    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())
    client.force_login(clerk)

    assert "Không hoàn tác được nữa" in client.post(url(dossier, "undo"), follow=True).text
    dossier.refresh_from_db()
    assert dossier.state == "refused"


def test_only_whoever_made_it_takes_it_back(client, send, clerk, officers):
    dossier = send()
    refuse(client, dossier)
    client.force_login(officers["leader"])

    assert "chưa gửi đi" in client.get(url(dossier, "dossier")).text
    assert client.post(url(dossier, "undo")).status_code == 403
    assert HeldMove.objects.get().is_open


def test_whoever_was_quicker_wins_and_the_officer_is_told_why(client, send, clerk, resident, clock):
    dossier = send()
    refuse(client, dossier)
    actions.withdraw(dossier, by=resident, at=NOW + timedelta(seconds=5))

    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())

    held = HeldMove.objects.get()
    dossier.refresh_from_db()
    assert dossier.state == "withdrawn"
    assert "Đã rút hồ sơ" in held.failure
    told = Notification.objects.get(kind="desk.held")
    assert (told.recipient, told.body) == (clerk, held.failure)


def test_a_step_that_became_late_meanwhile_stays_at_its_gate(client, send, clerk, clock):
    dossier = send()
    refuse(client, dossier)

    clock.shift(timedelta(days=30))
    outbox.run_all(at=timezone.now())

    dossier.refresh_from_db()
    assert dossier.state == "submitted"
    assert "phải giải trình và xin lỗi" in HeldMove.objects.get().failure


def test_a_request_with_its_items_is_made_as_it_was_asked(client, send, clerk, clock):
    dossier = send()
    asked = {
        "step": dossier.current_step.turn,
        **REASON,
        "contact": "Lan",
        "tick-ho_ten": "on",
        "what-ho_ten": "Ghi rõ",
    }
    client.post(url(dossier, "request_supplement"), asked)

    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())

    request = dossier.supplement_requests.get()
    assert list(request.items.values_list("field", "what")) == [("ho_ten", "Ghi rõ")]


def test_a_result_handed_over_waits_too_and_keeps_its_day(client, send, walk, clerk, clock):
    dossier = walk(send(), "deliver")
    by_post = {
        "way": "post",
        "tracking_number": "EA1VN",
        "sent_on_day": "5",
        "sent_on_month": "2",
        "sent_on_year": "2026",
    }
    client.post(url(dossier, "deliver"), {"step": dossier.current_step.turn, **by_post})
    assert "chưa gửi đi" in client.get(url(dossier, "dossier")).text

    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())

    dossier.refresh_from_db()
    delivery = dossier.result_delivery
    assert (delivery.way, delivery.tracking_number, delivery.sent_on) == ("post", "EA1VN", date(2026, 2, 5))
    assert dossier.delivered_at == NOW + timedelta(seconds=20)


def test_a_result_on_the_portal_has_no_day_of_sending(client, send, walk, clerk, clock):
    dossier = walk(send(), "deliver")
    client.post(url(dossier, "deliver"), {"step": dossier.current_step.turn, "way": "portal"})

    clock.shift(timedelta(seconds=20))
    outbox.run_all(at=timezone.now())

    dossier.refresh_from_db()
    assert (dossier.result_delivery.way, dossier.result_delivery.sent_on) == ("portal", None)


def test_one_move_of_a_dossier_waits_at_a_time(client, send, clerk):
    dossier = send()
    refuse(client, dossier)

    assert "đang chờ gửi đi" in refuse(client, dossier).text
    with pytest.raises(IntegrityError), transaction.atomic():
        HeldMove.objects.create(dossier=dossier, move="refuse", step="", officer=clerk, held_at=NOW, leaves_at=NOW)


def test_what_stays_inside_is_made_at_once(client, send, clerk):
    dossier = send()
    client.post(url(dossier, "accept"), {"step": dossier.current_step.turn})

    dossier.refresh_from_db()
    assert dossier.state == "accepted"
    assert HeldMove.objects.count() == 0
