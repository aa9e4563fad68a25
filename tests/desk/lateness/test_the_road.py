"""The road out on the dossier's page, and from one end to the other."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buildings.models import Membership
from services.desk import lateness as desk
from services.desk.lateness_pages import ROAD
from services.documents.models import IssuedDocument
from services.dossiers import lateness
from tests.factories.dossiers import photo
from tests.factories.lateness import APOLOGY, late_case

from ..conftest import SENT_AT
from .conftest import EXPLAINED, LATE_AT, L, address, case_of, page_of, post, seen_on, vn


def test_a_late_dossier_says_so_above_everything_and_offers_only_the_road_out(client, blocked, officers):
    page = page_of(client, officers["specialist"], blocked)

    assert "Quá hạn, hồ sơ đang dừng" in page
    assert "đến nay đã quá 3 giờ làm việc" in page
    assert page.index("Quá hạn, hồ sơ đang dừng") < page.index("Bước hiện tại")
    assert address("explain", blocked) in page
    assert "Quá hạn 3 giờ, chờ giải trình" in page
    for name in ("approve", "accept_explanation", "sign_apology", "override"):
        assert address(name, blocked) not in page


@pytest.mark.parametrize(
    ("state", "position", "offered"),
    [
        (L.EXPLAINING, "specialist", {"explain"}),
        (L.EXPLAINING, "leader", {"override"}),
        (L.EXPLAINING, "clerk", set()),
        (L.EXPLAINED, "leader", {"accept_explanation", "return_explanation", "override"}),
        (L.EXPLAINED, "specialist", set()),
        (L.APOLOGISING, "specialist", {"draft_apology"}),
        (L.APOLOGISING, "clerk", set()),
        (L.DRAFTED, "specialist", {"draft_apology"}),
        (L.DRAFTED, "leader", {"sign_apology", "draft_apology", "return_draft", "override"}),
        (L.SIGNED, "specialist", set()),
        (L.SENT, "clerk", {"record_delivery"}),
        (L.SENT, "leader", {"record_delivery", "override"}),
    ],
)
def test_each_reader_is_offered_what_they_may_do_now(client, blocked, officers, state, position, offered):
    late_case(blocked, state, at=LATE_AT - timedelta(minutes=10))

    page = page_of(client, officers[position], blocked)

    names = lateness.process.moves.keys() - {"send_apology", "arrive"}
    assert {name for name in names if address(name, blocked) in page} == offered


def test_the_road_is_shown_with_names_and_times(client, blocked, officers):
    late_case(blocked, L.APOLOGISING, at=LATE_AT - timedelta(minutes=10))
    case = case_of(blocked)

    road = ROAD.milestones(case)

    assert [(part.state, str(part.title)) for part in road] == [
        ("past", "Giải trình"),
        ("past", "Duyệt giải trình"),
        ("now", "Dự thảo thư xin lỗi"),
        ("next", "Ký thư xin lỗi"),
        ("next", "Gửi thư xin lỗi"),
        ("next", "Thư xin lỗi đến người dân"),
    ]
    assert [part.who for part in road[:3]] == [officers["specialist"], officers["leader"], officers["specialist"]]
    assert (road[0].when, road[1].when) == (case.explained_at, case.judged_at)


def test_the_one_whose_dossier_it_is_reads_no_explanation(client, blocked, officers, resident, ward):
    Membership.objects.create(user=resident, position="clerk", ward=ward, began_at=SENT_AT)
    late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10), text="BIMAT", evidence_name="a.jpg")

    assert "BIMAT" in page_of(client, officers["clerk"], blocked)
    assert "BIMAT" not in page_of(client, resident, blocked)


def test_in_good_time_nothing_is_said(client, send, officers):
    page = page_of(client, officers["clerk"], send())

    assert "hồ sơ đang dừng" not in page


def test_the_whole_road_ends_where_the_step_goes_on(client, blocked, officers, deputy, clock):
    specialist, leader = officers["specialist"], officers["leader"]

    answered = post(client, specialist, blocked, "explain", **EXPLAINED, evidence=photo("so-truc.jpg"))
    assert answered.status_code == 302
    case = case_of(blocked)
    assert (case.state, case.explanation, case.evidence_name) == (L.EXPLAINED, EXPLAINED["text"], "so-truc.jpg")
    assert post(client, leader, blocked, "accept_explanation").status_code == 302
    drafted = {
        "text": APOLOGY,
        "when": "anew",
        "new_date_day": "11",
        "new_date_month": "2",
        "new_date_year": "2026",
        "new_time": "16:30",
    }
    assert post(client, specialist, blocked, "draft_apology", **drafted).status_code == 302
    letter = client.get(address("draft_letter", blocked))
    assert letter.headers["Content-Type"] == "application/pdf"
    assert post(client, leader, blocked, "sign_apology").status_code == 302
    case = case_of(blocked)
    assert (case.state, case.new_due_at) == (L.SIGNED, vn("2026-02-11 16:30"))
    issued = IssuedDocument.objects.about(blocked).get(kind="apology")
    assert issued.context["new_due_at"] == "16 giờ 30 phút, ngày 11/02/2026"
    assert issued.context["reason"] == APOLOGY

    lateness.process.send_apology(case, at=timezone.now())
    clock.shift(timedelta(minutes=20))
    told = {
        "how": "goi-dien",
        "detail": "bà Ánh nghe máy",
        "on_date_day": "6",
        "on_date_month": "2",
        "on_date_year": "2026",
        "on_time": "10:10",
    }
    assert post(client, officers["clerk"], blocked, "record_delivery", **told).status_code == 302
    case = case_of(blocked)
    assert case.state == L.TOLD
    assert case.told_how == "Gọi điện, đọc thư cho người dân lúc 10:10 ngày 06/02/2026: bà Ánh nghe máy"

    blocked.refresh_from_db()
    assert (blocked.lateness_id, blocked.rescheduled_to) == (None, vn("2026-02-11 16:30"))
    page = page_of(client, specialist, blocked)
    assert "hồ sơ đang dừng" not in page
    assert "Quá hạn lần 1" in page
    assert reverse("desk:approve", args=[blocked.pk]) in page


def test_an_explanation_opens_the_case_the_watch_has_not_opened_yet(client, blocked, officers):
    assert not blocked.latenesses.exists()

    post(client, officers["specialist"], blocked, "explain", **EXPLAINED)

    assert case_of(blocked).state == L.EXPLAINED


def test_a_screen_made_before_the_watch_opened_the_case_still_counts(client, blocked, officers):
    seen = seen_on(client, officers["specialist"], blocked, "explain")
    late_case(blocked, at=LATE_AT)

    assert post(client, officers["specialist"], blocked, "explain", seen=seen, **EXPLAINED).status_code == 302


def test_what_was_returned_says_why_and_is_written_again(client, blocked, officers):
    late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10))

    post(client, officers["leader"], blocked, "return_explanation", reason="Nói rõ ai bàn giao.")

    assert case_of(blocked).state == L.EXPLAINING
    assert "Nói rõ ai bàn giao." in page_of(client, officers["specialist"], blocked)
    form = client.get(address("explain", blocked)).context["form"]
    assert form["text"].value() == case_of(blocked).explanation
    post(client, officers["specialist"], blocked, "explain", **EXPLAINED)
    assert case_of(blocked).state == L.EXPLAINED


def test_a_draft_goes_back_with_a_reason_and_can_be_mended(client, blocked, officers):
    late_case(blocked, L.DRAFTED, at=LATE_AT - timedelta(minutes=10))

    assert "Viết lý do." in post(client, officers["leader"], blocked, "return_draft", reason="").text
    post(client, officers["leader"], blocked, "return_draft", reason="Bớt dài dòng.")

    assert case_of(blocked).state == L.APOLOGISING
    assert client.get(address("draft_letter", blocked)).status_code == 200  # it was written, and can be looked at


def test_only_the_head_confirms_that_a_cause_was_objective(client, blocked, officers):
    late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10), cause="objective")

    post(client, officers["leader"], blocked, "accept_explanation", objective="on")

    assert case_of(blocked).objective_confirmed


def test_of_an_own_cause_nothing_is_to_be_confirmed(client, blocked, officers):
    late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10))
    client.force_login(officers["leader"])

    assert "objective" not in client.get(address("accept_explanation", blocked)).context["form"].fields


def test_an_override_needs_its_reason_and_is_counted(client, blocked, officers):
    late_case(blocked, at=LATE_AT - timedelta(minutes=10))
    leader = officers["leader"]

    refused = post(client, leader, blocked, "override", reason=" ")
    assert "Viết lý do." in refused.text
    assert "Năm nay phường đã cho đi tiếp 0 lần." in refused.text
    post(client, leader, blocked, "override", reason="Người dân cần giấy ngày mai.")

    case = case_of(blocked)
    assert (case.state, case.override_reason) == (L.OVERRIDDEN, "Người dân cần giấy ngày mai.")
    assert desk.overrides_this_year(blocked.ward, at=LATE_AT) == 1
    client.force_login(leader)
    assert blocked.code in client.get(reverse("desk:inspection")).text
