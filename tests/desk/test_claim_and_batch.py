"""Taking work over, doing it for several at once, and the views one keeps."""

from io import BytesIO

import pypdfium2
import pytest
from django.urls import reverse

from portal.core import counting
from services.desk import batch
from services.desk.models import SavedView
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import actions
from services.dossiers.models import Dossier

from .conftest import NOW, make_officer

WORK = reverse("desk:work")
BATCH = reverse("desk:batch")


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


def seen(*dossiers: Dossier) -> list[str]:
    return [f"{dossier.pk}:{Dossier.objects.get(pk=dossier.pk).current_step.turn}" for dossier in dossiers]


def take(client, dossier, step=None):
    turn = step or Dossier.objects.get(pk=dossier.pk).current_step.turn
    return client.post(reverse("desk:take", args=[dossier.pk]), {"step": turn}, follow=True)


# --- Claim --------------------------------------------------------------------------------------------


def test_a_colleague_of_the_same_position_takes_the_work_over(client, send, ward, clerk):
    colleague = make_officer("clerk", ward, "Lê Thị Lan", login="lan")
    dossier = send()
    owed_by, other = dossier.current_step.assignee, None
    other = colleague if owed_by == clerk else clerk
    client.force_login(other)

    assert "Nhận việc" in client.get(WORK, {"xem": "phuong"}).text
    response = take(client, dossier)

    dossier.refresh_from_db()
    assert dossier.current_step.assignee == other
    assert dossier.current_step.received_at == NOW
    line = dossier.hand_overs.last()
    assert (line.giver, line.receiver) == (owed_by, other)
    assert f"Bạn đã nhận hồ sơ {dossier.code}." in response.text
    assert "Nhận việc" not in client.get(WORK).text


def test_whoever_comes_too_late_reads_who_was_quicker(client, send, walk, clerk):
    dossier = send()
    turn = dossier.current_step.turn
    walk(dossier, "approve")

    response = take(client, dossier, step=turn)

    assert f"Chưa nhận được hồ sơ {dossier.code}." in response.text
    assert "clerk Việt Hưng" in response.text


def test_another_position_cannot_take_it(client, send, officers):
    dossier = send()
    client.force_login(officers["specialist"])

    assert take(client, dossier).status_code == 403
    assert "Nhận việc" not in client.get(WORK, {"xem": "phuong"}).text


# --- Batch --------------------------------------------------------------------------------------------


def test_several_are_received_at_once_and_each_is_told(client, send, walk, clerk, strangers, other_ward):
    first, second, gone, theirs = send(), send(), send(), send(to=other_ward)
    ticked = [*seen(first, second, gone), f"{theirs.pk}:x", "nonsense"]
    walk(gone, "approve")

    response = client.post(BATCH, {"viec": "tiep-nhan", "ho_so": ticked})

    outcomes = {outcome.dossier.pk: outcome for outcome in response.context["outcomes"]}
    assert {pk: outcome.done for pk, outcome in outcomes.items()} == {first.pk: True, second.pk: True, gone.pk: False}
    assert "Hồ sơ đã thay đổi" in outcomes[gone.pk].words
    assert set(Dossier.objects.filter(pk__in=[first.pk, second.pk]).values_list("state", flat=True)) == {"accepted"}
    theirs.refresh_from_db()
    assert theirs.state == "submitted"
    assert "Đã tiếp nhận 2 trong 3 hồ sơ" in response.text


def test_several_are_handed_on_and_the_same_post_again_changes_nothing(client, send, clerk):
    dossiers = [actions.accept(send(), by=clerk, at=NOW) for _number in range(2)]
    ticked = seen(*dossiers)

    client.post(BATCH, {"viec": "chuyen-xu-ly", "ho_so": ticked})
    again = client.post(BATCH, {"viec": "chuyen-xu-ly", "ho_so": ticked})

    assert {outcome.done for outcome in again.context["outcomes"]} == {False}
    assert [dossier.steps.filter(finished_at__isnull=False).count() for dossier in dossiers] == [1, 1]


def test_a_late_dossier_stays_at_its_gate_in_a_batch_too(client, send, clerk, clock):
    dossier = send()
    ticked = seen(dossier)
    clock.move_to(NOW.replace(month=3))
    client.force_login(clerk)

    outcome = client.post(BATCH, {"viec": "tiep-nhan", "ho_so": ticked}).context["outcomes"][0]

    assert (outcome.done, outcome.words) == (
        False,
        "Hồ sơ quá hạn: phải giải trình và xin lỗi công dân trước khi giải quyết tiếp.",
    )


def test_nothing_ticked_is_said(client, send, clerk):
    assert "Đánh dấu ít nhất một hồ sơ" in client.post(BATCH, {"viec": "tiep-nhan"}, follow=True).text


def test_the_slips_come_as_one_file_in_the_order_of_their_codes(client, send, clerk, strangers, other_ward):
    dossiers = [actions.accept(send(), by=clerk, at=NOW) for _number in range(2)]
    foreign = actions.accept(send(to=other_ward), by=strangers["clerk"], at=NOW)
    for document in IssuedDocument.objects.filter(kind="receipt"):
        render(str(document.pk), at=NOW)

    response = client.post(BATCH, {"viec": "in-phieu", "ho_so": seen(*dossiers, foreign)})

    assert response["Content-Type"] == "application/pdf"
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(BytesIO(response.content))]
    codes = [next((d.code for d in dossiers if d.code in text), None) for text in pages]
    assert [code for code in codes if code] == sorted(dossier.code for dossier in dossiers)
    assert not any(foreign.code in text for text in pages)


def test_at_most_fifty_are_taken_at_once():
    values = [f"{number:08x}-0000-4000-8000-000000000000:1" for number in range(80)]

    assert len(batch.ticked([*values, "x", ":", "\0"])) == 50


# --- Saved views --------------------------------------------------------------------------------------


def test_a_narrowed_list_is_kept_under_a_name_for_oneself_alone(client, send, clerk, officers):
    client.post(reverse("desk:save_view") + "?xem=phuong&buoc=sign&trang=7&la=gi", {"name": "Chờ ký"})

    view = SavedView.objects.get()
    assert (view.officer, view.query) == (clerk, "xem=phuong&buoc=sign")
    assert "Chờ ký" in client.get(WORK).text
    client.force_login(officers["leader"])
    assert "Chờ ký" not in client.get(WORK).text
    assert client.post(reverse("desk:drop_view", args=[view.pk])).status_code == 404

    client.force_login(clerk)
    client.post(reverse("desk:drop_view", args=[view.pk]))
    assert SavedView.objects.count() == 0


def test_the_same_name_again_means_the_new_view(client, clerk):
    for query in ("xem=phuong&buoc=sign", "xem=phuong&buoc=work"):
        client.post(reverse("desk:save_view") + f"?{query}", {"name": "Của tôi"})

    assert [view.query for view in SavedView.objects.all()] == ["xem=phuong&buoc=work"]


def test_a_view_needs_a_name_and_there_are_not_endlessly_many(client, clerk):
    url = reverse("desk:save_view") + "?xem=phuong&buoc=sign"

    assert "Đặt tên cho bộ lọc." in client.post(url, {"name": "  "}, follow=True).text
    for number in range(13):
        last = client.post(url, {"name": f"Bộ lọc {number}"}, follow=True)
    assert SavedView.objects.count() == 12
    assert "Hãy bỏ bớt một bộ lọc" in last.text


# --- Counting -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("count", "words"), [(0, "0"), (1000, "1.000"), (1001, "1.000+")])
def test_a_count_says_when_it_stopped_counting(count, words):
    assert counting.in_words(count) == words


# --- Keys ---------------------------------------------------------------------------------------------


def test_the_short_cuts_can_be_switched_off_and_on(client, send, clerk):
    def are_on():
        return "desk-keys.js" in client.get(WORK).text

    switch = reverse("desk:keys")
    assert are_on()
    assert client.post(switch, {"bat": "", "ve": WORK}).url == WORK
    assert not are_on()
    assert client.post(switch, {"bat": "1", "ve": "https://elsewhere.example/"}).url == WORK
    assert are_on()
