"""Filing for somebody who came in: theirs throughout, filled in by a clerk who sees nothing else of them."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core.audit import history_of
from portal.core.models import AccessRecord, User
from services.desk import counter
from services.dossiers import actions, filing
from services.dossiers.models import Dossier
from tests.factories.people import UserFactory

from .conftest import NOW, make_officer, make_person

COUNTER, NEW = reverse("desk:counter"), reverse("desk:counter_person")


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


@pytest.fixture
def begun(version, ward, resident, clerk) -> Dossier:
    return filing.start_at_counter(version, ward, owner=resident, by=clerk, at=NOW)


def begin_url(person, clerk):
    return reverse("desk:counter_begin", args=[counter.ticket(person, clerk=clerk)])


def page(dossier, key="nguoi-yeu-cau"):
    return reverse("dossiers:page", args=[dossier.pk, key])


# --- Who it is ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("contact", ["0912345678", "+84 912 345 678", "001190000001", "0011 9000 0001"])
def test_a_person_is_found_by_their_whole_number(client, resident, clerk, contact):
    User.objects.filter(pk=resident.pk).update(personal_number="001190000001")

    response = client.post(COUNTER, {"contact": contact})

    assert [person for person, _ticket in response.context["people"]] == [resident]
    assert "tận cùng 678" in response.text
    assert "912 345 678" not in response.text.replace("Ví dụ: 0912 345 678", "").replace(contact, "")
    assert AccessRecord.objects.get().stream == f"user:{resident.pk}"


@pytest.mark.parametrize("contact", ["345678", "Nguyễn", "%", "0912", "00119000000", "1" * 30])
def test_nobody_is_found_by_a_part(client, resident, clerk, contact):
    assert client.post(COUNTER, {"contact": contact}).context["people"] == []


def test_a_number_typed_in_at_sign_up_and_never_proved_is_nobodys(client, clerk):
    """A stranger who signs up with a neighbour's number is not given the neighbour's dossier."""
    stranger = UserFactory(phone="+84987654321", full_name="Trần Thị Bưởi", proven=False)

    assert client.post(COUNTER, {"contact": "0987654321"}).context["people"] == []
    client.post(NEW, {"full_name": "Trần Thị Bưởi", "personal_number": "001165000002", "phone": "0987654321"})

    person = User.objects.get(phone="+84987654321")
    stranger.refresh_from_db()
    assert (person.personal_number, person.has_usable_password(), stranger.phone) == ("001165000002", False, None)


def test_somebody_new_gets_an_account_nobody_can_sign_in_to(client, clerk):
    given = {"full_name": "  Trần  Thị Bưởi ", "personal_number": "001165000002", "phone": "0987 654 321"}

    response = client.post(NEW, given)

    person = User.objects.get(personal_number="001165000002")
    assert (person.full_name, str(person.phone), person.phone_verified) == ("Trần Thị Bưởi", "+84987654321", False)
    assert not person.has_usable_password()
    assert history_of(person).get().actor_id == clerk.pk
    assert "Nộp giúp Trần Thị Bưởi" in client.get(response.url).text


@pytest.mark.parametrize(
    "given",
    [
        {"full_name": "", "personal_number": "001165000002"},
        {"full_name": "Bưởi", "personal_number": "12345"},
        {"full_name": "Bưởi", "personal_number": "001165000002", "phone": "0912345678"},  # another's
    ],
)
def test_no_account_is_opened_on_what_does_not_hold(client, resident, clerk, given):
    before = User.objects.count()

    assert client.post(NEW, given).status_code == 200
    assert User.objects.count() == before


def test_a_ticket_is_this_clerks_and_short_lived(client, resident, clerk, ward, clock):
    colleague = make_officer("clerk", ward, login="lan")
    url = begin_url(resident, clerk)
    assert client.get(url).status_code == 200

    client.force_login(colleague)
    assert client.get(url).status_code == 404
    assert client.get(reverse("desk:counter_begin", args=[str(resident.pk)])).status_code == 404
    clock.shift(60 * 31)
    client.force_login(clerk)
    assert client.get(url).status_code == 404


# --- Filling in ---------------------------------------------------------------------------------------


def test_the_clerk_files_from_beginning_to_end_and_it_is_the_citizens(client, resident, clerk, version):
    begin = client.post(begin_url(resident, clerk), {"procedure": version.procedure_id, "agreed": "on"})
    dossier = Dossier.objects.get()
    assert begin.status_code == 302
    told = resident.notifications.get()
    assert "clerk Việt Hưng đang điền một hồ sơ giúp bạn tại quầy." in told.body
    assert "Bạn đang điền giúp <strong>Nguyễn Thị Ánh</strong>" in client.get(page(dossier)).text

    client.post(page(dossier), {"ho_ten": "Nguyễn Thị Ánh", "muc_dich": "Kết hôn"})
    client.post(reverse("dossiers:delivery", args=[dossier.pk]), {"delivery": "counter"})
    sent = client.post(reverse("dossiers:check", args=[dossier.pk]), {"agreed": "on"})

    dossier.refresh_from_db()
    assert sent.url == reverse("desk:dossier", args=[dossier.pk])
    assert (dossier.state, dossier.owner, dossier.filed_by, dossier.channel) == (
        "submitted",
        resident,
        clerk,
        "counter",
    )
    assert [(event.action, event.actor_id) for event in history_of(dossier)] == [
        ("begin_at_counter", clerk.pk),
        ("submit", clerk.pk),
    ]
    assert resident.notifications.filter(title__contains=dossier.code).exists()
    client.force_login(resident)
    assert client.get(dossier.get_absolute_url()).status_code == 200


def test_the_form_is_filled_in_from_the_citizens_profile_not_the_clerks(client, begun):
    text = client.get(page(begun)).text

    assert 'value="Nguyễn Thị Ánh"' in text
    assert 'value="clerk Việt Hưng"' not in text


def test_without_consent_nothing_begins(client, resident, clerk, version):
    response = client.post(begin_url(resident, clerk), {"procedure": version.procedure_id})

    assert "Chỉ nộp giúp khi công dân có mặt và đồng ý." in response.text
    assert Dossier.objects.count() == 0


# --- Nothing else -------------------------------------------------------------------------------------


def test_the_clerk_reaches_no_other_draft_and_no_other_page_of_the_citizen(client, version, ward, resident, begun):
    own = filing.start(version, ward, by=resident, at=NOW)

    assert own != begun
    assert client.get(page(own)).status_code == 404
    for name in ("detail", "confirmation", "withdraw", "delete"):
        assert client.get(reverse(f"dossiers:{name}", args=[begun.pk])).status_code == 404
    assert not Dossier.objects.owned_by(begun.filed_by).exists()


def test_a_colleague_and_a_clerk_no_longer_at_the_counter_get_404(client, ward, officers, begun, clerk):
    for other in (make_officer("clerk", ward, login="lan"), officers["leader"]):
        client.force_login(other)
        assert client.get(page(begun)).status_code == 404
    clerk.memberships.update(ended_at=NOW)
    client.force_login(clerk)
    assert client.get(page(begun)).status_code == 404
    with pytest.raises(PermissionDenied):
        filing.save_answers(begun, [], {}, by=User.objects.get(pk=clerk.pk), at=NOW)


def test_what_was_filed_at_the_counter_is_received_by_whoever_filed_it(ward, begun, clerk, send):
    """However little a colleague has to do: the citizen stands before this one."""
    send()
    make_officer("clerk", ward, "Phạm Văn Lộc", "clerk-2.viet-hung")
    Dossier.objects.filter(pk=begun.pk).update(answers={"ho_ten": "Ánh", "muc_dich": "Kết hôn"})
    sent = actions.submit(Dossier.objects.get(pk=begun.pk), by=clerk, at=NOW)

    assert sent.current_step.assignee == clerk


def test_once_sent_it_is_filled_in_by_nobody(client, begun, clerk):
    Dossier.objects.filter(pk=begun.pk).update(answers={"ho_ten": "Ánh", "muc_dich": "Kết hôn"})
    actions.submit(Dossier.objects.get(pk=begun.pk), by=clerk, at=NOW)

    assert client.get(page(begun)).status_code == 404
    assert client.post(page(begun), {"ho_ten": "Khác"}).status_code == 404


def test_nobody_files_for_themselves_nor_elsewhere(version, ward, other_ward, officers, resident):
    clerk = officers["clerk"]
    for owner, place, by in ((clerk, ward, clerk), (resident, other_ward, clerk), (resident, ward, officers["leader"])):
        with pytest.raises(PermissionDenied):
            filing.start_at_counter(version, place, owner=owner, by=by, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Dossier.objects.create(
            ward=ward,
            version=version,
            owner=clerk,
            filed_by=clerk,
            channel="counter",
            created_at=NOW,
            changed_at=NOW,
        )


def test_begun_twice_it_is_one_draft_and_found_again(client, version, ward, resident, clerk, begun):
    again = filing.start_at_counter(version, ward, owner=resident, by=clerk, at=NOW)

    assert again == begun
    assert [draft for draft, _url in client.get(COUNTER).context["drafts"]] == [begun]


def test_a_closed_account_and_oneself_are_not_served(client, clerk):
    closed = make_person("closed", "Đã Đóng", phone="+84987654321", is_active=False)
    User.objects.filter(pk=clerk.pk).update(phone="+84911222333")

    assert client.post(COUNTER, {"contact": "0987654321"}).context["people"] == []
    assert client.post(COUNTER, {"contact": "0911222333"}).context["people"] == []
    assert client.get(begin_url(closed, clerk)).status_code == 404
