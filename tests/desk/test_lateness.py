"""The road out of lateness on the screen: who is offered what, what is refused, what is kept."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buildings.models import Membership
from portal.core.calendar import VIETNAM
from portal.core.lateness import LatenessState
from services.desk import lateness as desk
from services.desk import second_factor
from services.desk.lateness_pages import ROAD
from services.documents.models import IssuedDocument
from services.dossiers import actions, lateness
from services.dossiers.models import Interest, Lateness
from tests.factories.dossiers import photo
from tests.factories.lateness import APOLOGY, late_case

from .conftest import NOW, SENT_AT, make_officer

L = LatenessState
EXPLAINED = {"cause": "own", "text": "Để sót khi bàn giao.", "remedy": "Làm ngay hôm nay."}
LATE_AT = NOW + timedelta(days=1)  # Friday, 10:00: the specialist's five hours ended on Thursday at 15:55


def vn(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


@pytest.fixture
def deputy(ward):
    """A second head, so that nobody judges their own words."""
    user = make_officer("leader", ward, full_name="Lê Thị Phó", login="deputy")
    Membership.objects.filter(user=user).update(title="Phó Chủ tịch")
    return user


@pytest.fixture
def blocked(send, walk, clock):
    """A dossier whose specialist is late, on the next morning; the case is not open yet."""
    dossier = walk(send(at=SENT_AT), "approve")
    clock.move_to(LATE_AT)
    return dossier


def address(name: str, dossier, **more) -> str:
    return reverse(f"desk:{name}", kwargs={"id": dossier.pk, **more})


def page_of(client, user, dossier) -> str:
    client.force_login(user)
    return client.get(address("dossier", dossier)).text


def seen_on(client, user, dossier, name: str) -> str:
    """What the screen of a step of the road sends back with it."""
    client.force_login(user)
    return client.get(address(name, dossier)).context["seen"]


def post(client, user, dossier, name: str, *, seen: str | None = None, **given):
    if seen is None:
        seen = seen_on(client, user, dossier, name)
    client.force_login(user)
    return client.post(address(name, dossier), {"seen": seen, **given})


def case_of(dossier) -> Lateness:
    return dossier.latenesses.get()


# --- The dossier's page ------------------------------------------------------------------------------------


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


# --- From one end of the road to the other -----------------------------------------------------------------


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


# --- Bad input ---------------------------------------------------------------------------------------------


def test_what_was_typed_stays_when_something_is_missing(client, blocked, officers):
    answered = post(client, officers["specialist"], blocked, "explain", text="Đã viết.", cause="objective")

    assert answered.status_code == 200
    assert "Viết việc sẽ làm để khắc phục." in answered.text
    assert "Đã viết." in answered.text
    assert not blocked.latenesses.exists()


def test_evidence_is_looked_into(client, blocked, officers, settings):
    script = photo("minh-chung.jpg")
    script.file.seek(0)
    script.file.write(b"<script>")

    answered = post(client, officers["specialist"], blocked, "explain", **EXPLAINED, evidence=script)

    assert "không phải ảnh JPEG, PNG, HEIC hoặc tệp PDF" in answered.text
    assert not blocked.latenesses.exists()


def test_evidence_is_for_the_wards_desk_alone(client, blocked, officers, strangers, resident, ward):
    post(client, officers["specialist"], blocked, "explain", **EXPLAINED, evidence=photo())
    there = address("evidence", blocked, case=case_of(blocked).pk)
    seen = {}
    for name, user in (("clerk", officers["clerk"]), ("stranger", strangers["clerk"]), ("resident", resident)):
        client.force_login(user)
        seen[name] = client.get(there).status_code
    Membership.objects.create(user=resident, position="clerk", ward=ward, began_at=SENT_AT)
    client.force_login(type(resident).objects.get(pk=resident.pk))
    seen["own"] = client.get(there).status_code

    assert seen == {"clerk": 200, "stranger": 404, "resident": 404, "own": 403}
    client.force_login(officers["clerk"])
    answered = client.get(there)
    assert answered.headers["Content-Type"] == "image/jpeg"
    assert answered.headers["Cache-Control"] == "private, no-store"


def test_a_refused_step_keeps_no_file(client, blocked, officers, monkeypatch):
    kept = []
    monkeypatch.setattr(lateness.process, "explain", lambda case, **given: kept.append(given["evidence"]) or 1 / 0)
    client.raise_request_exception = False

    post(client, officers["specialist"], blocked, "explain", **EXPLAINED, evidence=photo())

    assert len(kept) == 1
    assert not Lateness._meta.get_field("evidence").storage.exists(kept[0])


def new_date(date: str, time: str, **more) -> dict:
    day, month, year = date.split("/")
    return {"text": APOLOGY, "when": "anew", "new_date_day": day, "new_date_month": month, "new_date_year": year} | {
        "new_time": time,
        **more,
    }


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (new_date("6/2/2026", "09:00"), "Ngày giờ hẹn lại phải sau thời điểm này."),
        (new_date("5/2/2026", "16:00"), "Ngày phải từ 06/02/2026 trở về sau."),
        (new_date("7/2/2026", "09:00"), "Phường nghỉ ngày 07/02/2026."),
        (new_date("9/2/2026", "12:30"), "Giờ hẹn phải trong giờ làm việc ngày đó: 08:00–12:00, 13:00–17:00."),
        (new_date("9/2/2026", "17:01"), "Giờ hẹn phải trong giờ làm việc ngày đó"),
        (new_date("10/2/2026", "17:00"), "Ngày giờ hẹn lại phải sau hẹn đã báo; nếu kịp thì chọn giữ hẹn."),
        (new_date("9/2/2026", "chiều"), "Giờ phải viết như 16:30."),
        (new_date("9/2/2026", ""), "Nhập giờ hẹn trả."),
        (new_date("9/2/2026", "16:00", text=" "), "Viết lý do để in trong thư xin lỗi."),
        ({"text": APOLOGY}, "Chọn giữ hẹn cũ hoặc hẹn lại."),
    ],
)
def test_a_new_date_lies_ahead_and_in_office_hours(client, blocked, officers, given, words):
    late_case(blocked, L.APOLOGISING, at=LATE_AT - timedelta(minutes=10))

    answered = post(client, officers["specialist"], blocked, "draft_apology", **given)

    assert answered.status_code == 200
    assert words in answered.text
    assert case_of(blocked).state == L.APOLOGISING


@pytest.mark.parametrize(("time", "kept"), [("17:00", "17:00"), ("16h30", "16:30"), ("9", "09:00")])
def test_the_hour_may_be_written_as_people_write_it(client, blocked, officers, time, kept):
    late_case(blocked, L.APOLOGISING, at=LATE_AT - timedelta(minutes=10))

    post(client, officers["specialist"], blocked, "draft_apology", **new_date("11/2/2026", time))

    assert case_of(blocked).new_due_at == vn(f"2026-02-11 {kept}")


def test_the_old_promise_can_be_kept_while_it_lies_ahead(client, blocked, officers):
    late_case(blocked, L.APOLOGISING, at=LATE_AT - timedelta(minutes=10))
    client.force_login(officers["specialist"])
    form = client.get(address("draft_apology", blocked)).context["form"]
    assert form["when"].value() == "keep"  # eight hours remain to be done; Tuesday at 17:00 was promised

    post(client, officers["specialist"], blocked, "draft_apology", text=APOLOGY, when="keep", new_time="abc")

    case = case_of(blocked)
    assert (case.state, case.new_due_at) == (L.DRAFTED, None)


def test_past_its_promise_a_new_date_is_proposed_from_the_work_that_remains(client, blocked, officers, clock):
    clock.move_to(vn("2026-02-11 10:10"))
    late_case(blocked, L.APOLOGISING, at=vn("2026-02-11 10:00"))
    client.force_login(officers["specialist"])
    form = client.get(address("draft_apology", blocked)).context["form"]

    # Five hours to examine, two to sign, one to number, from 10:10; on the half hour.
    assert "when" not in form.fields
    assert form["new_date"].value() == vn("2026-02-12 10:30").date()
    assert form["new_time"].value() == "10:30"


def test_a_second_lateness_is_asked_no_date_and_says_why(client, blocked, officers, deputy, clock):
    late_case(blocked, L.TOLD, at=LATE_AT, new_due_at=vn("2026-02-10 16:00"))
    clock.move_to(vn("2026-02-12 10:00"))
    case = lateness.find_late(blocked, at=timezone.now())
    assert (case.number, case.escalated) == (2, True)
    post(client, officers["specialist"], blocked, "explain", **EXPLAINED)
    client.force_login(deputy)
    assert client.get(address("accept_explanation", blocked)).status_code == 403  # the chairman's alone
    post(client, officers["leader"], blocked, "accept_explanation")

    client.force_login(officers["specialist"])
    page = client.get(address("draft_apology", blocked))
    assert "new_date" not in page.context["form"].fields
    assert "đã được hẹn lại một lần" in page.text
    post(client, officers["specialist"], blocked, "draft_apology", **new_date("20/2/2026", "16:00"))
    assert Lateness.objects.get(pk=case.pk).new_due_at is None


def test_before_acceptance_there_is_no_date_to_move(client, send, officers, clock):
    dossier = send()
    clock.shift(timedelta(days=4))
    late_case(dossier, L.APOLOGISING, at=timezone.now() - timedelta(minutes=10))
    client.force_login(officers["clerk"])

    page = client.get(address("draft_apology", dossier))

    assert "new_date" not in page.context["form"].fields
    assert "Thời hạn giải quyết tính từ khi tiếp nhận" in page.text


@pytest.mark.parametrize("cause", ["own", "objective"])
def test_the_proposed_words_never_blame_the_resident(client, blocked, officers, cause):
    case = late_case(blocked, L.EXPLAINED, at=LATE_AT - timedelta(minutes=10), cause=cause)
    lateness.process.accept_explanation(case, by=officers["leader"], at=LATE_AT, objective=True)
    client.force_login(officers["specialist"])

    words = client.get(address("draft_apology", blocked)).context["form"]["text"].value()

    assert "Ông/Bà đã làm đầy đủ phần của mình" in words
    assert "Ông/Bà chưa" not in words


def test_a_draft_whose_date_has_passed_is_not_signed(client, blocked, officers, clock):
    late_case(blocked, L.DRAFTED, at=LATE_AT - timedelta(minutes=10), new_due_at=LATE_AT + timedelta(hours=1))
    clock.shift(timedelta(hours=2))

    answered = post(client, officers["leader"], blocked, "sign_apology")

    assert "Ngày hẹn lại trong dự thảo đã qua" in answered.text
    assert case_of(blocked).state == L.DRAFTED


def test_whoever_signs_the_letter_shows_again_that_it_is_them(client, blocked, officers, monkeypatch):
    late_case(blocked, L.DRAFTED, at=LATE_AT - timedelta(minutes=10))
    seen = seen_on(client, officers["leader"], blocked, "sign_apology")
    monkeypatch.setattr(second_factor, "confirmed_lately", lambda request, method: False)

    answered = post(client, officers["leader"], blocked, "sign_apology", seen=seen)

    assert answered.url.startswith("/tai-khoan/reauthenticate/")
    assert case_of(blocked).state == L.DRAFTED


@pytest.mark.parametrize(
    ("time", "words"), [("09:00", "Thư chỉ được gửi lúc"), ("11:00", "Thư chưa thể đến sau thời điểm này.")]
)
def test_a_letter_arrives_after_it_has_left_and_before_now(client, blocked, officers, time, words):
    late_case(blocked, L.SENT, at=LATE_AT - timedelta(minutes=10))
    given = {"how": "buu-chinh", "detail": "AB 123", "on_date_day": "6", "on_date_month": "2", "on_date_year": "2026"}

    answered = post(client, officers["clerk"], blocked, "record_delivery", **given, on_time=time)

    assert words in answered.text
    assert case_of(blocked).state == L.SENT


# --- Two at once, and what is not theirs -------------------------------------------------------------------


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


# --- Errors ------------------------------------------------------------------------------------------------


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
