"""What is typed on the road: evidence, dates, the letter's words."""

from datetime import timedelta

import pytest
from django.utils import timezone

from buildings.models import Membership
from services.desk import second_factor
from services.dossiers import lateness
from services.dossiers.models import Lateness
from tests.factories.dossiers import photo
from tests.factories.lateness import APOLOGY, late_case

from ..conftest import SENT_AT
from .conftest import EXPLAINED, LATE_AT, L, address, case_of, post, seen_on, vn


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
