"""Two at once, what is not theirs, and errors of the ward's own."""

from datetime import timedelta

import pytest
from django.urls import reverse

from services.dossiers import actions
from services.dossiers.models import Interest
from tests.factories.lateness import APOLOGY, late_case

from ..conftest import NOW, make_officer
from .conftest import EXPLAINED, LATE_AT, L, address, case_of, page_of, post, seen_on


def test_the_second_of_two_at_once_gets_409_with_who_was_quicker(client, blocked, officers, deputy):
    late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10))
    leader = officers["leader"]
    seen = seen_on(client, leader, blocked, "accept_explanation")
    post(client, deputy, blocked, "return_explanation", reason="Viết lại.")

    answered = post(client, leader, blocked, "accept_explanation", seen=seen)

    assert answered.status_code == 409
    assert "Lê Thị Phó" in answered.text
    assert "Trả lại giải trình" in answered.text
    assert case_of(blocked).state == L.EXPLAINING


def test_a_draft_is_not_written_over_by_an_older_screen(client, blocked, officers, deputy):
    late_case(blocked, L.APOLOGISING, at=LATE_AT - timedelta(minutes=10))
    seen = seen_on(client, deputy, blocked, "draft_apology")
    post(client, officers["specialist"], blocked, "draft_apology", text=APOLOGY, when="keep")

    answered = post(client, deputy, blocked, "draft_apology", seen=seen, text="Khác", when="keep")

    assert answered.status_code == 409
    assert case_of(blocked).apology == APOLOGY


def test_without_what_was_seen_nothing_is_done(client, blocked, officers):
    late_case(blocked, at=LATE_AT - timedelta(minutes=10))

    answered = post(client, officers["specialist"], blocked, "explain", seen="", **EXPLAINED)

    assert answered.status_code == 409
    assert case_of(blocked).state == L.EXPLAINING


def test_a_gated_move_leads_to_the_road_out(client, blocked, officers):
    client.force_login(officers["specialist"])
    there = reverse("desk:approve", args=[blocked.pk])

    for answered in (client.get(there), client.post(there, {"step": blocked.current_step.turn})):
        assert answered.status_code == 409
        assert "Hồ sơ đang dừng vì quá hạn" in answered.text
        assert "Xem việc phải làm để hồ sơ đi tiếp" in answered.text


def test_an_officer_with_a_declared_interest_takes_no_step_of_the_road(client, blocked, officers):
    Interest.objects.create(dossier=blocked, officer=officers["specialist"], relation="chị", declared_at=NOW)
    client.force_login(officers["specialist"])

    assert client.get(address("explain", blocked)).status_code == 403
    assert client.get(reverse("desk:lateness")).context["page"].paginator.count == 0


def test_the_road_of_a_dossier_in_good_time_does_not_exist(client, send, officers):
    dossier = send()
    client.force_login(officers["clerk"])

    assert client.get(address("explain", dossier)).status_code == 409
    assert client.get(address("draft_letter", dossier)).status_code == 404


def test_a_head_explains_for_another_only_where_a_head_is_left_to_judge(client, blocked, officers, ward):
    client.force_login(officers["leader"])
    assert client.get(address("explain", blocked)).status_code == 403

    make_officer("leader", ward, login="deputy")
    assert client.get(address("explain", blocked)).status_code == 200


@pytest.mark.parametrize("state", ["approve", "deliver", None])
def test_an_error_is_answered_for_on_the_same_road(client, send, walk, officers, state):
    dossier = walk(send(), state or "deliver")
    if state is None:
        dossier = actions.deliver(dossier, by=officers["clerk"], at=NOW)
    clerk = officers["clerk"]
    client.force_login(clerk)
    assert address("report_error", dossier) in page_of(client, clerk, dossier)

    answered = client.post(
        address("report_error", dossier), {"what": "In sai ngày sinh", "responsible": officers["specialist"].pk}
    )

    assert answered.status_code == 302
    case = case_of(dossier)
    assert (case.reason, case.what, case.responsible) == ("error", "In sai ngày sinh", officers["specialist"])
    page = page_of(client, officers["specialist"], dossier)
    assert "Có sai sót, hồ sơ đang dừng để phường xin lỗi" in page
    assert "Sai sót, chờ giải trình" in page or state is None
    assert client.get(address("report_error", dossier)).status_code == 409


def test_a_late_result_is_delivered_all_the_same(client, send, walk, officers, clock):
    dossier = walk(send(), "deliver")
    clock.shift(timedelta(days=1))
    page = page_of(client, officers["clerk"], dossier)

    assert "hồ sơ đang dừng" in page
    assert reverse("desk:deliver", args=[dossier.pk]) in page


def test_a_stranger_cannot_be_made_responsible(client, send, officers, strangers):
    dossier = send()
    client.force_login(officers["clerk"])

    answered = client.post(address("report_error", dossier), {"what": "Sai", "responsible": strangers["specialist"].pk})

    assert answered.status_code == 200
    assert not dossier.latenesses.exists()
