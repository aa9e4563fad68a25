"""Owners and their household: inviting, accepting, and who is told what."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from buildings.models import Residency
from buildings.residence import actions, household, rules, watching
from buildings.residence.models import Invitation
from portal.core.models import MailboxMessage
from portal.core.outbox import run_all
from tests.buildings.residence.conftest import NOW, of, told
from tests.clients import as_user
from tests.factories.buildings import ResidencyFactory
from tests.factories.people import UserFactory


@pytest.fixture
def sent(settings, mailoutbox):
    """What left the portal for outside addresses."""
    settings.NOTIFICATION_CHANNELS = []
    return mailoutbox


@pytest.fixture
def proved(lan):
    lan.emailaddress_set.create(email=lan.email, verified=True, primary=True)
    return lan


def test_an_invited_person_with_an_account_finds_it_there_and_is_in(flat, owner, proved, sent):
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/moi/", {"to": proved.email.upper()})
    run_all(at=NOW)
    invitation, home = Invitation.objects.get(), as_user(proved)
    assert (told(proved), sent) == (["invited"], [])
    assert "Bạn được mời vào một hộ" in home.get("/can-ho/").content.decode()
    response = home.post(f"/can-ho/loi-moi/{invitation.pk}/", {"answer": "yes", "phone_shown": "on"})
    made = of(proved)

    assert response.url == f"/can-ho/cua-toi/{made.pk}/da-gui/"
    assert (made.state, made.role, made.confirmed_by, made.confirmed_as, made.phone_shown) == (
        "confirmed",
        "member",
        owner,
        "owner",
        True,
    )
    assert home.post(f"/can-ho/loi-moi/{invitation.pk}/", {"answer": "yes"}).url == "/can-ho/"
    assert Residency.objects.filter(user=proved).count() == 1


def test_who_has_no_account_is_written_to_and_the_owner_cannot_tell_the_difference(flat, owner, proved, sent):
    answers = set()
    for address in (proved.email, "chua-co@portal.example"):
        response = as_user(owner).post(f"/can-ho/{flat.pk}/ho/moi/", {"to": address}, follow=True)
        answers.add(response.status_code)
        assert "Đã gửi lời mời." in response.content.decode()
    run_all(at=NOW)

    assert answers == {200}
    assert [letter.to for letter in sent] == [["chua-co@portal.example"]]
    assert "Nguyễn Văn Chủ" not in sent[0].body
    assert "0201" not in sent[0].body


def test_an_invitation_by_phone_is_sent_by_sms(flat, owner, sent):
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/moi/", {"to": "0987 654 321"})
    run_all(at=NOW)

    assert MailboxMessage.objects.get(channel="sms").to == "+84987654321"


def test_an_address_one_has_not_proved_opens_nothing(flat, owner, lan):
    invitation = household.invite(flat, by=owner, at=NOW, email=lan.email)
    lan.emailaddress_set.create(email=lan.email, verified=False, primary=True)

    assert as_user(lan).get(f"/can-ho/loi-moi/{invitation.pk}/").status_code == 404
    phone = household.invite(flat, by=owner, at=NOW, phone="+84912345678")
    assert as_user(lan).get(f"/can-ho/loi-moi/{phone.pk}/").status_code == 404


@pytest.mark.parametrize("why", ["late", "taken back", "no owner any more"])
def test_an_invitation_that_has_lapsed_lets_nobody_in(flat, owner, proved, why):
    invitation, at = household.invite(flat, by=owner, at=NOW, email=proved.email), NOW
    if why == "late":
        at += rules.INVITATION_OPEN_FOR
    elif why == "taken back":
        as_user(owner).post(f"/can-ho/{flat.pk}/ho/moi/{invitation.pk}/rut/")
    else:
        actions.leave(of(owner), by=owner, at=NOW)
    with pytest.raises(household.Lapsed):
        household.accept(invitation, by=proved, at=at)
    assert not Residency.objects.filter(user=proved).exists()


def test_an_invitation_to_somebody_else_lets_nobody_in(flat, owner, proved):
    invitation = household.invite(flat, by=owner, at=NOW, email="nguoi-khac@portal.example")

    for answer in (household.accept, household.decline):
        with pytest.raises(household.Lapsed):
            answer(invitation, by=proved, at=NOW)


def test_whoever_moves_out_leaves_no_open_invitation_behind(flat, owner, proved):
    """Nor does it open again once they own the flat again."""
    invitation = household.invite(flat, by=owner, at=NOW, email=proved.email)

    actions.leave(of(owner), by=owner, at=NOW)

    invitation.refresh_from_db()
    assert invitation.withdrawn_at == NOW


def test_the_word_of_whoever_owns_the_flat_no_more_is_worth_nothing(flat, owner, proved):
    invitation = household.invite(flat, by=owner, at=NOW, email=proved.email)
    Residency.objects.filter(user=owner).update(
        state="ended", ended_at=NOW
    )  # whatever ended it left the invitation open

    with pytest.raises(household.Lapsed):
        household.accept(invitation, by=proved, at=NOW)


def test_declining_is_the_end_of_it(flat, owner, proved):
    invitation = household.invite(flat, by=owner, at=NOW, email=proved.email)
    as_user(proved).post(f"/can-ho/loi-moi/{invitation.pk}/", {"answer": "no"})

    with pytest.raises(household.Lapsed):
        household.accept(invitation, by=proved, at=NOW)


@pytest.mark.parametrize(
    ("role", "until", "state"),
    [("member", None, "confirmed"), ("tenant", date(2027, 10, 31), "asked"), ("owner", None, "asked")],
)
def test_accepting_confirms_a_member_who_asked_before_and_makes_neither_tenant_nor_owner(
    flat, owner, proved, role, until, state
):
    """An owner who asks somebody into the household has said nothing of a lease and its days."""
    asked = ResidencyFactory(apartment=flat, user=proved, role=role, until=until, asked=True)
    invitation = household.invite(flat, by=owner, at=NOW, email=proved.email)
    response = as_user(proved).post(f"/can-ho/loi-moi/{invitation.pk}/", {"answer": "yes"}, follow=True)

    asked.refresh_from_db()
    assert (asked.role, asked.state) == (role, state)
    assert Residency.objects.filter(user=proved).count() == 1
    words = {"confirmed": "Bạn xem được tin", "asked": "xem và trả lời"}
    assert [word in response.content.decode() for word in words.values()] == [state == one for one in words]


@pytest.mark.parametrize("typed", ["", "không phải", "@", "123", "a@b"])
def test_what_is_no_address_is_said(flat, owner, typed):
    response = as_user(owner).post(f"/can-ho/{flat.pk}/ho/moi/", {"to": typed})

    assert response.status_code == 200
    assert "error-summary" in response.content.decode()
    assert not Invitation.objects.exists()


def test_inviting_twice_is_inviting_once_and_ten_are_enough(flat, owner):
    for _twice in range(2):
        household.invite(flat, by=owner, at=NOW, email="mot@portal.example")
    for number in range(rules.INVITATIONS_OF_A_FLAT - 1):
        household.invite(flat, by=owner, at=NOW, email=f"nguoi-khac-{number}@portal.example")
    with pytest.raises(household.TooMany):
        household.invite(flat, by=owner, at=NOW, email="nua@portal.example")


def test_tenants_and_members_invite_nobody(flat):
    for role in ("tenant", "member"):
        person = ResidencyFactory(apartment=flat, role=role).user
        with pytest.raises(PermissionDenied):
            household.invite(flat, by=person, at=NOW, email="a@portal.example")


def test_old_invitations_are_erased_after_a_year(flat, owner):
    household.invite(flat, by=owner, at=NOW, email="a@portal.example")
    watching.watch(at=NOW + timedelta(days=364))
    assert Invitation.objects.count() == 1
    watching.watch(at=NOW + timedelta(days=366))
    assert not Invitation.objects.exists()


def test_an_owner_reaches_into_no_other_flat(flat, owner):
    stranger = ResidencyFactory(role="member", asked=True, user=UserFactory())

    assert as_user(owner).get(f"/can-ho/{stranger.apartment_id}/ho/").status_code == 404
    assert as_user(owner).post(f"/can-ho/{flat.pk}/ho/{stranger.pk}/xac-nhan/").status_code == 404
    stranger.refresh_from_db()
    assert stranger.state == "asked"
