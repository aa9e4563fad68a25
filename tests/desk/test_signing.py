"""Four hands on a result: who may, in which order, what each leaves behind; and a mistake put right."""

import threading
from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from portal.core import outbox
from portal.core.audit import history_of
from portal.core.workflow import Blocked, IllegalMove
from services.desk import draft
from services.documents.models import IssuedDocument
from services.dossiers import actions, corrections
from services.dossiers.models import Dossier
from tests.factories.dossiers import DossierFactory

from .conftest import NOW, make_officer
from .test_moves import post


def result_of(dossier: Dossier) -> IssuedDocument:
    return IssuedDocument.objects.about(dossier).get(kind="result", replaces=None)


def test_four_people_leave_four_records_and_four_times(send, walk, officers, ward, clock):
    dossier = walk(send(), "sign")
    second = make_officer("registry_clerk", ward, "Văn thư thứ hai", "vanthu2")
    for move, who in (("sign", officers["leader"]), ("number", officers["registry_clerk"]), ("issue", second)):
        clock.shift(timedelta(minutes=5))
        dossier = getattr(actions, move)(dossier, by=who, at=timezone.now())
    outbox.run_all(at=timezone.now())
    clock.shift(timedelta(minutes=5))
    dossier = actions.deliver(dossier, by=officers["clerk"], at=timezone.now())

    four = [(event.action, event.actor_id) for event in history_of(dossier)][-4:]
    assert four == [
        ("sign", officers["leader"].pk),
        ("number", officers["registry_clerk"].pk),
        ("issue", second.pk),
        ("deliver", officers["clerk"].pk),
    ]
    times = [dossier.signed_at, dossier.numbered_at, dossier.done_at, dossier.delivered_at]
    assert times == [NOW + timedelta(minutes=5 * n) for n in (1, 2, 3, 4)]


def test_a_result_is_neither_numbered_before_it_is_signed_nor_issued_before_it_is_numbered(send, walk, officers):
    unsigned = walk(send(), "sign")
    with pytest.raises(IllegalMove):
        actions.number(unsigned, by=officers["registry_clerk"], at=NOW)
    signed = actions.sign(unsigned, by=officers["leader"], at=NOW)
    with pytest.raises(IllegalMove):
        actions.issue(signed, by=officers["registry_clerk"], at=NOW)


def test_a_numbered_result_is_seen_by_the_desk_alone(send, walk, officers, resident):
    dossier = walk(send(), "issue")
    assert result_of(dossier).official_number == "01/UBND-XNTTHN"
    assert not IssuedDocument.objects.visible_to(resident).filter(kind="result").exists()


def test_a_late_dossier_is_neither_signed_nor_numbered_nor_issued(send, walk, officers):
    for move, who in (("sign", "leader"), ("number", "registry_clerk"), ("issue", "registry_clerk")):
        dossier = walk(send(), move)
        Dossier.objects.filter(pk=dossier.pk).update(next_due_at=NOW - timedelta(minutes=1))
        with pytest.raises(Blocked):
            getattr(actions, move)(dossier, by=officers[who], at=NOW)


def test_what_has_changed_since_it_was_read_is_not_signed(client, send, walk, officers):
    dossier = walk(send("Nguyễn Thị Ánh"), "sign")
    seen = draft.digest(dossier, signer=officers["leader"], at=NOW)
    Dossier.objects.filter(pk=dossier.pk).update(answers={"ho_ten": "Trần Thị Khác", "muc_dich": "Kết hôn"})

    assert post(client, officers["leader"], dossier, "sign", {"seen": seen}).status_code == 409
    dossier.refresh_from_db()
    assert dossier.signed_at is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_clerks_at_once_one_takes_the_number(send, walk, officers, ward):
    if connection.vendor != "postgresql":
        pytest.skip("SQLite lets nobody write at once")
    dossier = walk(send(), "number")
    second = make_officer("registry_clerk", ward, "Văn thư thứ hai", "vanthu2")
    said, gate = [], threading.Barrier(2)

    def take(who):
        gate.wait()
        try:
            actions.number(dossier, by=who, at=NOW)
            said.append("numbered")
        except IllegalMove:
            said.append("too late")
        finally:
            connection.close()

    threads = [threading.Thread(target=take, args=(who,)) for who in (officers["registry_clerk"], second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said) == ["numbered", "too late"]
    assert result_of(dossier).number == 1


# --- Several at once -----------------------------------------------------------------------------------


def test_several_are_signed_each_for_itself(client, send, walk, officers):
    leader = officers["leader"]
    good, changed, left = (walk(send(f"Người thứ {n}"), "sign") for n in range(3))
    client.force_login(leader)
    page = client.get(reverse("desk:sign_several"))
    assert {row.pk for row, _due, _seen in page.context["rows"]} == {good.pk, changed.pk, left.pk}
    said = {"ho-so": [good.pk, changed.pk]}
    for row, _due, seen in page.context["rows"]:
        said |= {f"step-{row.pk}": row.current_step.turn, f"seen-{row.pk}": seen}
    Dossier.objects.filter(pk=changed.pk).update(answers={"ho_ten": "Khác", "muc_dich": "Kết hôn"})

    answer = client.post(reverse("desk:sign_several"), said)

    assert {one.dossier.pk: one.done for one in answer.context["outcomes"]} == {good.pk: True, changed.pk: False}
    assert "Đã ký 1 hồ sơ" in answer.text
    signed = dict(Dossier.objects.values_list("pk", "signed_by"))
    assert signed == {good.pk: leader.pk, changed.pk: None, left.pk: None}


def test_nobody_else_finds_anything_to_sign(client, send, walk, officers):
    dossier = walk(send(), "sign")
    for position in ("clerk", "specialist", "registry_clerk"):
        client.force_login(officers[position])
        client.post(reverse("desk:sign_several"), {"ho-so": [dossier.pk], f"seen-{dossier.pk}": "x"})
    dossier.refresh_from_db()
    assert dossier.signed_at is None


class TestAskedAgain:
    """Signing asks for the second factor, or where there is none for the password, of the last minutes."""

    @pytest.fixture
    def just_confirmed(self):
        """Nobody has."""

    @pytest.fixture
    def waiting(self, send, walk):
        return walk(send(), "sign")

    def test_whoever_only_holds_a_session_is_asked_for_the_password(self, client, waiting, officers):
        client.force_login(officers["leader"])
        for address in (reverse("desk:sign", args=[waiting.pk]), reverse("desk:sign_several")):
            assert client.get(address)["Location"].startswith("/tai-khoan/reauthenticate/")
        answer = post(client, officers["leader"], waiting, "sign")
        assert answer["Location"].startswith("/tai-khoan/reauthenticate/")
        waiting.refresh_from_db()
        assert waiting.signed_at is None

    def test_the_answer_holds_for_some_minutes(self, client, waiting, officers, clock):
        client.force_login(officers["leader"])
        page = reverse("desk:sign", args=[waiting.pk])
        client.post("/tai-khoan/reauthenticate/", {"password": "x"})
        assert client.get(page).status_code == 200
        clock.shift(timedelta(minutes=6))
        assert client.get(page).status_code == 302

    def test_whoever_has_a_second_factor_is_asked_for_that_one(self, client, waiting, officers):
        TOTP.activate(officers["leader"], generate_totp_secret())
        client.force_login(officers["leader"])
        client.post("/tai-khoan/reauthenticate/", {"password": "x"})
        answer = client.get(reverse("desk:sign", args=[waiting.pk]))
        assert answer["Location"].startswith("/tai-khoan/2fa/reauthenticate/")

    def test_without_the_second_factor_that_is_demanded_nobody_signs(self, client, waiting, officers, settings):
        settings.SECOND_FACTOR_REQUIRED = True
        client.force_login(officers["leader"])
        post(client, officers["leader"], waiting, "sign")
        waiting.refresh_from_db()
        assert waiting.signed_at is None

    def test_a_position_that_does_not_sign_is_refused_before_anything_is_asked(self, client, waiting, officers):
        client.force_login(officers["clerk"])
        assert client.get(reverse("desk:sign", args=[waiting.pk])).status_code == 403


# --- Delivery ------------------------------------------------------------------------------------------

BY_HAND = {"received_by": "Trần Văn Chồng (chồng)", "paper_shown": "Thẻ căn cước", "signed": "on"}


@pytest.mark.parametrize("way", ["counter", "home"])
def test_by_hand_somebody_signs_for_it_and_it_is_confirmed(client, send, walk, officers, way):
    dossier = walk(send(), "deliver")
    assert post(client, officers["clerk"], dossier, "deliver", {"way": way}).status_code == 200
    assert post(client, officers["clerk"], dossier, "deliver", {"way": way, **BY_HAND}).status_code == 302
    delivery = Dossier.objects.get(pk=dossier.pk).result_delivery
    assert (delivery.way, delivery.received_by, delivery.confirmed_how) == (way, BY_HAND["received_by"], "on_paper")


def test_what_a_way_of_delivery_needs_is_asked_for_it_alone_and_never_called_optional(client, send, walk, officers):
    dossier = walk(send(), "deliver")
    client.force_login(officers["clerk"])

    page = client.get(reverse("desk:deliver", args=[dossier.pk])).text

    assert 'data-asked-when="way" data-asked-values="counter home"' in page
    assert 'data-asked-when="way" data-asked-values="post"' in page
    assert "không bắt buộc" not in page


def test_a_result_that_is_not_printed_yet_says_so(client, send, walk, officers):
    dossier = walk(send(), "deliver", with_file=False)
    client.force_login(officers["clerk"])

    refused = client.get(reverse("desk:deliver", args=[dossier.pk]))

    assert refused.status_code == 409
    assert "đang được lập và ký số" in refused.text


def test_by_post_it_needs_a_tracking_number_and_the_resident_confirms(client, send, walk, officers, resident):
    dossier = walk(send(), "deliver")
    answer = post(client, officers["clerk"], dossier, "deliver", {"way": "post"})
    assert "tracking_number" in answer.context["form"].errors
    dossier = actions.deliver(
        dossier, by=officers["clerk"], at=NOW, way="post", tracking_number="EA1VN", sent_on=NOW.date()
    )
    assert dossier.result_delivery.confirmed_at is None
    client.force_login(resident)
    assert "Tôi đã nhận được kết quả" in client.get(dossier.get_absolute_url()).text
    for _twice in range(2):
        client.post(reverse("dossiers:confirm_receipt", args=[dossier.pk]))
    dossier = Dossier.objects.get(pk=dossier.pk)
    assert dossier.result_delivery.confirmed_how == "said"
    assert [event.action for event in history_of(dossier)].count("confirm_receipt") == 1


def test_on_the_portal_opening_the_file_is_its_receipt(client, send, walk, officers, resident):
    dossier = actions.deliver(walk(send(), "deliver"), by=officers["clerk"], at=NOW)
    assert dossier.result_delivery.confirmed_at is None
    client.force_login(resident)
    client.get(result_of(dossier).get_absolute_url())
    outbox.run_all(at=NOW)
    assert Dossier.objects.get(pk=dossier.pk).result_delivery.confirmed_how == "read"


def test_nothing_is_confirmed_before_it_was_delivered(client, send, walk, resident):
    dossier = walk(send(), "deliver")
    client.force_login(resident)
    client.post(reverse("dossiers:confirm_receipt", args=[dossier.pk]))
    assert "confirm_receipt" not in [event.action for event in history_of(dossier)]


def test_a_paper_the_store_has_lost_is_a_page_and_not_an_error(client, resident):
    dossier = DossierFactory(owner=resident, submitted=True)
    paper = dossier.attachments.get()
    for file in (paper.file, paper.thumbnail):
        file.storage.delete(file.name)
    client.force_login(resident)
    answer = client.get(paper.url)
    assert (answer.status_code, "Chưa mở được tệp" in answer.text) == (503, True)
    assert client.get(paper.thumbnail_url).status_code == 404


# --- Corrections ---------------------------------------------------------------------------------------


@pytest.fixture
def drafted(send, walk, officers):
    dossier = walk(send("Nguyễn Thị Anh"), "deliver")
    return corrections.draft(
        dossier, by=officers["specialist"], at=NOW, texts={"ho_ten": "Nguyễn Thị Ánh"}, reason="Thiếu dấu sắc"
    )


def test_a_correction_goes_through_the_same_hands_and_replaces_the_old(client, drafted, officers, resident):
    old, clerk = drafted.document, officers["registry_clerk"]
    assert drafted.changes == [["Họ và tên", "Nguyễn Thị Anh", "Nguyễn Thị Ánh"]]
    seen = corrections.digest(drafted, signer=officers["leader"], at=NOW)
    signed = corrections.sign(drafted, by=officers["leader"], at=NOW, seen=seen)
    old.refresh_from_db()
    assert old.state == "issued"
    issued = corrections.issue(corrections.number(signed, by=clerk, at=NOW), by=clerk, at=NOW)
    outbox.run_all(at=NOW)

    old.refresh_from_db()
    new = issued.new_document
    new.refresh_from_db()
    assert (old.state, new.state, new.official_number) == ("replaced", "issued", "02/UBND-XNTTHN")
    assert "Nguyễn Thị Ánh" in str(new.context["blocks"])
    page = client.get(f"/xac-thuc/{old.token}/").text
    assert "đã được thay thế" in page
    assert "02/UBND-XNTTHN" in page
    assert resident.notifications.filter(kind="dossiers.corrected").count() == 1


def test_each_move_of_a_correction_is_its_own_officers(drafted, officers, client):
    who_may = {"ky": "leader", "khong-duyet": "leader", "cap-so": "registry_clerk", "phat-hanh": "registry_clerk"}
    for slug, right in who_may.items():
        for position, officer in officers.items():
            if position != right:
                client.force_login(officer)
                address = reverse("desk:correction_move", args=[drafted.dossier_id, slug])
                assert client.post(address, {"seen": "x", "reason": "x"}).status_code in (403, 409)
    drafted.refresh_from_db()
    assert drafted.state == "drafted"


def test_nobody_signs_their_own_draft(send, walk, officers):
    dossier = walk(send("Nguyễn Thị Anh"), "deliver")
    own = corrections.draft(dossier, by=officers["leader"], at=NOW, texts={"ho_ten": "Ánh"}, reason="Sai")
    assert not corrections.SIGN.may(officers["leader"], own)


def test_nothing_changed_is_no_correction_and_one_is_made_at_a_time(drafted, officers):
    with pytest.raises(corrections.NothingToCorrect):
        corrections.draft(drafted.dossier, by=officers["specialist"], at=NOW, texts={"ho_ten": "Khác"}, reason="Sai")
    corrections.decline(drafted, by=officers["leader"], at=NOW, reason="Đúng như tờ khai")
    with pytest.raises(corrections.NothingMended):
        corrections.draft(
            drafted.dossier, by=officers["specialist"], at=NOW, texts={"ho_ten": "Nguyễn Thị Anh"}, reason="Sai"
        )


def test_a_correction_waits_at_somebodys_desk_until_it_is_out(client, drafted, officers):
    """Whose turn it is reads it on the desk and in the inbox; nobody else has it on their list."""

    def told() -> dict[str, tuple]:
        found = {}
        for position, officer in officers.items():
            client.force_login(officer)
            waits = [one.pk for one, is_mine in client.get(reverse("desk:corrections")).context["rows"] if is_mine]
            found[position] = (client.get(reverse("desk:work")).context["corrections"], len(waits))
        return {position: counted for position, counted in found.items() if counted != (0, 0)}

    assert told() == {"leader": (1, 1)}
    corrections.sign(drafted, by=officers["leader"], at=NOW)
    assert told() == {"registry_clerk": (1, 1)}
    assert officers["registry_clerk"].notifications.get(kind="desk.correction_signed").url == reverse(
        "desk:correction", args=[drafted.dossier_id]
    )
    corrections.issue(
        corrections.number(drafted, by=officers["registry_clerk"], at=NOW), by=officers["registry_clerk"], at=NOW
    )
    assert told() == {}


def test_who_drafted_a_correction_reads_why_it_was_declined(drafted, officers):
    corrections.decline(drafted, by=officers["leader"], at=NOW, reason="Đúng như tờ khai")
    assert officers["specialist"].notifications.get(kind="desk.correction_declined").body == "Đúng như tờ khai"


def test_the_screens_of_a_correction(client, drafted, officers):
    page = reverse("desk:correction", args=[drafted.dossier_id])
    client.force_login(officers["leader"])
    shown = client.get(page)
    assert "Thiếu dấu sắc" in shown.text
    said = {"seen": shown.context["seen"]}
    assert client.post(reverse("desk:correction_move", args=[drafted.dossier_id, "ky"]), said).status_code == 302
    client.force_login(officers["registry_clerk"])
    moves = [
        client.post(reverse("desk:correction_move", args=[drafted.dossier_id, s])) for s in ("cap-so", "phat-hanh")
    ]
    dossier_page = reverse("desk:dossier", args=[drafted.dossier_id])
    assert [answer.url for answer in moves] == [page, dossier_page]
    assert client.get(page).url == dossier_page  # the new paper is still being signed
    outbox.run_all(at=NOW)
    client.force_login(officers["specialist"])
    again = client.get(page)
    assert again.context["document"].number == 2
    changed = {"cho-ho_ten": "Nguyễn Thị Ánh Nguyệt", "reason": "Thiếu tên"}
    assert client.post(page, changed).status_code == 302
