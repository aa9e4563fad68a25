"""Confirming, refusing, ending: who may, what follows, and two who decide at once."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.urls import reverse

from buildings.models import Building, Membership, Residency
from buildings.residence import actions, moves, rules, watching
from portal.core import audit, workflow
from portal.core.models import AccessRecord, ListRead, Notification
from tests.buildings.residence.conftest import NOW, of, told
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, manager_of
from tests.factories.people import UserFactory

TODAY = NOW.date()


def managed(building, *more) -> str:
    path = "".join(f"{part}/" for part in more)
    return f"/quan-ly-toa-nha/{building.ward.slug}/{building.slug}/cu-dan/{path}"


@pytest.fixture
def asking(flat, lan):
    """Lan rents the flat until the end of October, if somebody says so."""
    return ResidencyFactory(user=lan, apartment=flat, role="tenant", until=date(2027, 10, 31), asked=True)


# --- Who may --------------------------------------------------------------------------------------
def test_the_operator_or_an_owner_of_the_flat_confirms(asking, manager, owner, lan):
    confirmed = actions.confirm(asking, by=owner, at=NOW)

    assert (confirmed.state, confirmed.confirmed_by, confirmed.confirmed_as) == ("confirmed", owner, "owner")
    assert told(lan) == ["confirmed", "register"]
    assert told(owner) == ["register_owner"]
    assert audit.verify(audit.history_of(asking)) is None


def test_nobody_else_decides(asking, building, owner, flat):
    strangers = {
        "the person": asking.user,
        "a neighbour": ResidencyFactory(apartment=ApartmentFactory(building=building)).user,
        "the board": manager_of(building, "board_chair"),
        "next door": manager_of(BuildingFactory(slug="bang-lang", name="Bằng Lăng")),
        "a tenant": ResidencyFactory(apartment=flat, role="tenant").user,
        "a former owner": ResidencyFactory(apartment=flat, ended_at=NOW).user,
        "nobody's": UserFactory(),
    }
    for name, person in strangers.items():
        for act, more in ((actions.confirm, {}), (actions.refuse, {"reason": "x"})):
            with pytest.raises(PermissionDenied):
                act(asking, by=person, at=NOW, **more)
                pytest.fail(name)


def test_a_manager_who_lives_there_does_not_confirm_themself(flat, manager, colleague):
    own = ResidencyFactory(user=manager, apartment=flat, asked=True)

    assert as_user(manager).get(managed(flat.building, own.pk, "xac-nhan")).status_code == 404
    with pytest.raises(PermissionDenied):
        actions.confirm(own, by=manager, at=NOW)
    assert actions.confirm(own, by=colleague, at=NOW).confirmed_by == colleague


def test_owners_do_not_decide_about_owners(flat, owner):
    rival = ResidencyFactory(apartment=flat, asked=True)
    for act, more in ((actions.confirm, {}), (actions.refuse, {"reason": "x"})):
        with pytest.raises(PermissionDenied):
            act(rival, by=owner, at=NOW, **more)


# --- A second owner -------------------------------------------------------------------------------
def test_two_owners_of_a_flat_are_shown_and_the_second_takes_the_operators_word(flat, owner, manager, lan):
    rival = ResidencyFactory(user=lan, apartment=flat, evidence="proof", asked=True)
    desk = as_user(manager)
    shown = desk.get(managed(flat.building)).content.decode()
    assert "Căn hộ 0201 có 2 người nhận là chủ" in shown
    assert "Nguyễn Văn Chủ" in shown and "Đỗ Thị Lan" in shown
    with pytest.raises(actions.AnotherOwner):
        actions.confirm(rival, by=manager, at=NOW)
    page = managed(flat.building, rival.pk, "xac-nhan")
    assert "Căn hộ đã có chủ được xác nhận." in desk.post(page).content.decode()

    assert desk.post(page, {"co_owner": "on"}).status_code == 302
    assert of(lan).state == "confirmed"
    assert audit.history_of(rival).last().data["co_owner"] is True
    assert "có 2 người nhận là chủ" not in desk.get(managed(flat.building)).content.decode()


def test_an_owner_learns_that_there_is_another_but_not_who(flat, owner, lan):
    ResidencyFactory(user=lan, apartment=flat, evidence="proof", asked=True)
    page = as_user(owner).get(f"/can-ho/{flat.pk}/ho/").content.decode()

    assert "Có người khác nhận là chủ căn hộ này" in page
    assert "Đỗ Thị Lan" not in page


# --- Two at once ----------------------------------------------------------------------------------
def test_the_second_of_two_managers_is_told_who_was_quicker(asking, manager, colleague):
    page = managed(asking.building, asking.pk, "tu-choi")
    assert as_user(manager).get(page).status_code == 200
    actions.confirm(asking, by=colleague, at=NOW)
    response = as_user(manager).post(page, {"reason": "Thiếu hợp đồng."})

    assert response.status_code == 409
    assert "Cao Thị Vân" in response.content.decode()
    assert of(asking.user).state == "confirmed"


def test_two_owners_confirmed_from_two_screens_are_one_owner(flat, manager, colleague):
    first, second = (ResidencyFactory(apartment=flat, asked=True) for _claim in range(2))
    page = managed(flat.building, second.pk, "xac-nhan")
    assert "co_owner" not in as_user(colleague).get(page).content.decode()
    actions.confirm(first, by=manager, at=NOW)
    response = as_user(colleague).post(page)

    assert response.status_code == 200
    assert "co_owner" in response.content.decode()
    assert Residency.objects.confirmed().get() == first


@pytest.mark.parametrize(
    ("act", "more"),
    [
        (actions.confirm, {}),
        (actions.refuse, {"reason": "x"}),
        (actions.extend, {"until": date(2028, 1, 1)}),
        (actions.lead, {}),
        (actions.end, {"reason": "x"}),
    ],
)
def test_what_is_over_stays_over(flat, manager, act, more):
    over = ResidencyFactory(apartment=flat, role="tenant", ended_at=NOW)
    with pytest.raises(workflow.IllegalMove):
        act(over, by=manager, at=NOW, **more)


# --- Refusing, ending, leaving --------------------------------------------------------------------
def test_a_refusal_has_a_reason_the_person_reads_and_they_may_ask_again(asking, manager, lan, flat):
    page = managed(flat.building, asking.pk, "tu-choi")
    assert "Viết lý do." in as_user(manager).post(page, {"reason": "  "}).content.decode()
    as_user(manager).post(page, {"reason": "Hợp đồng chưa có chữ ký."})

    assert (of(lan).state, of(lan).ended_by) == ("refused", manager)
    assert "Hợp đồng chưa có chữ ký." in as_user(lan).get(f"/can-ho/cua-toi/{asking.pk}/").content.decode()
    assert "Hợp đồng" not in Notification.objects.get(recipient=lan).body
    assert as_user(lan).get(f"/can-ho/{flat.pk}/nhan/").status_code == 200


def test_who_leaves_sees_nothing_of_the_building_from_that_moment_but_their_own_past(flat, owner, building):
    neighbour = ResidencyFactory(apartment=flat, role="member", user=UserFactory(full_name="Người Ở Lại"))
    home, residency = as_user(owner), of(owner)
    assert "Người Ở Lại" in home.get(f"/can-ho/{flat.pk}/ho/").content.decode()
    assert list(Building.objects.lived_in_by(owner)) == [building]
    response = home.post(f"/can-ho/cua-toi/{residency.pk}/roi-di/", {"state": "confirmed"})

    assert response.status_code == 302
    assert list(Building.objects.lived_in_by(owner)) == []
    for path in ("ho/", "ho/moi/", f"ho/{neighbour.pk}/ket-thuc/"):
        assert home.get(f"/can-ho/{flat.pk}/{path}").status_code == 404
    for path in ("ho/moi/", f"ho/{neighbour.pk}/ket-thuc/"):
        assert home.post(f"/can-ho/{flat.pk}/{path}", {"reason": "x", "to": "a@b.example"}).status_code == 404
    past = home.get(f"/can-ho/cua-toi/{residency.pk}/").content.decode()
    assert "Đã kết thúc" in past and "Chuyển đi" in past and "Người Ở Lại" not in past
    assert "Đã kết thúc" in home.get("/can-ho/").content.decode()


def test_a_withdrawal_pressed_on_a_page_that_has_grown_old_moves_nobody_out(asking, manager, lan):
    actions.confirm(asking, by=manager, at=NOW)
    as_user(lan).post(f"/can-ho/cua-toi/{asking.pk}/roi-di/", {"state": "asked"})

    assert of(lan).state == "confirmed"


def test_an_owner_ends_a_member_with_a_reason(flat, owner):
    member = ResidencyFactory(apartment=flat, role="member")
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/{member.pk}/ket-thuc/", {"reason": "Đã chuyển ra ở riêng."})
    member.refresh_from_db()

    assert (member.state, member.ended_by, member.reason) == ("ended", owner, "Đã chuyển ra ở riêng.")
    assert told(member.user) == ["ended"]


def test_one_person_speaks_for_a_flat(flat, owner, manager):
    member = ResidencyFactory(apartment=flat, role="member")
    Residency.objects.filter(user=owner).update(is_head=True)
    actions.lead(member, by=manager, at=NOW)

    assert list(Residency.objects.filter(is_head=True)) == [member]
    assert of(owner).is_head is False


# --- Leases ---------------------------------------------------------------------------------------
def test_a_lease_warns_a_month_and_a_week_before_it_ends_and_then_ends_by_itself(flat, owner, lan, clock):
    lease = ResidencyFactory(user=lan, apartment=flat, role="tenant", until=TODAY + timedelta(days=40))
    seen = {}
    for days in range(43):
        now = NOW + timedelta(days=days)
        for _twice in range(2):
            watching.watch(at=now)
        seen[days] = (told(lan), of(lan).state)

    assert seen[9] == ([], "confirmed")
    assert seen[10] == (["runs_out"], "confirmed")
    assert seen[32] == (["runs_out"], "confirmed")
    assert seen[33] == (["runs_out"] * 2, "confirmed")
    assert seen[40] == (["runs_out"] * 2, "confirmed")
    assert seen[42] == (["runs_out", "runs_out", "ended"], "ended")
    assert told(owner) == ["runs_out", "runs_out", "ended_of_owner"]
    assert "Hết thời hạn ở" in of(lan).reason
    assert audit.history_of(lease).last().actor_id is None


def test_a_beat_that_was_dead_says_the_nearer_warning_alone(flat, lan):
    ResidencyFactory(user=lan, apartment=flat, role="tenant", until=TODAY + timedelta(days=3))
    watching.watch(at=NOW)

    assert told(lan) == ["runs_out"]


def test_a_lease_that_was_put_off_goes_on(flat, owner, lan):
    lease = ResidencyFactory(user=lan, apartment=flat, role="tenant", until=TODAY)
    days = {"until_day": "31", "until_month": "12", "until_year": "2027"}
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/{lease.pk}/gia-han/", days)
    watching.watch(at=NOW + timedelta(days=2))

    assert (of(lan).state, of(lan).until) == ("confirmed", date(2027, 12, 31))
    assert told(lan) == ["extended"]


def test_a_lease_is_not_put_off_to_an_earlier_day(flat, manager, lan):
    lease = ResidencyFactory(user=lan, apartment=flat, role="tenant", until=date(2027, 6, 1))
    days = {"until_day": "1", "until_month": "3", "until_year": "2027"}
    response = as_user(manager).post(managed(flat.building, lease.pk, "gia-han"), days)

    assert "Ngày mới phải sau ngày hết hạn hiện nay." in response.content.decode()


@pytest.mark.bucket
def test_a_proof_is_erased_ninety_days_after_the_decision(asking, manager):
    asking.proof_name = "hop-dong.pdf"
    asking.proof.save("hop-dong.pdf", ContentFile(b"%PDF-"))
    name, storage = asking.proof.name, asking.proof.storage
    actions.confirm(asking, by=manager, at=NOW)

    assert watching.erase_proofs(at=NOW + rules.PROOF_KEPT_FOR) == 0
    assert watching.erase_proofs(at=NOW + rules.PROOF_KEPT_FOR + timedelta(minutes=1)) == 1
    assert not storage.exists(name)
    assert Residency.objects.get(pk=asking.pk).proof_name == ""


# --- What managers see ----------------------------------------------------------------------------
def test_managers_see_name_flat_and_the_phone_as_the_person_allows(flat, manager, lan):
    lan.personal_number, lan.address = "000123456789", "Quê ở Nam Định"
    lan.save()
    residency = ResidencyFactory(user=lan, apartment=flat)
    home, desk = as_user(lan), as_user(manager)
    pages = (managed(flat.building), managed(flat.building, residency.pk))
    for page in pages:
        shown = desk.get(page).content.decode()
        assert "Đỗ Thị Lan" in shown and "0201" in shown
        assert not any(secret in shown for secret in ("912", "000123456789", "Nam Định", lan.email))
    home.post(f"/can-ho/cua-toi/{residency.pk}/dien-thoai/", {"shown": "1"})
    assert all("0912 345 678" in desk.get(page).content.decode() for page in pages)
    home.post(f"/can-ho/cua-toi/{residency.pk}/dien-thoai/", {"shown": "0"})
    assert not any("0912" in desk.get(page).content.decode() for page in pages)


def test_a_name_is_found_without_its_diacritics_and_a_flat_by_its_number(flat, manager, lan):
    ResidencyFactory(user=lan, apartment=flat)
    ResidencyFactory(user=UserFactory(full_name="Trần Văn Bình"), apartment=ApartmentFactory(building=flat.building))
    desk = as_user(manager)
    for typed in ("do thi lan", "LAN", "Đỗ", "0201"):
        page = desk.get(managed(flat.building), {"q": typed})
        assert [one.user for one in page.context["page"]] == [lan], typed
    for typed in ("%", "_", "\0", "'"):
        assert desk.get(managed(flat.building), {"q": typed}).status_code == 200


@pytest.mark.bucket
def test_reading_leaves_a_record(asking, manager):
    asking.proof_name, asking.proof_mime = "hop-dong.pdf", "application/pdf"
    asking.proof.save("hop-dong.pdf", ContentFile(b"%PDF-"))
    desk = as_user(manager)
    desk.get(managed(asking.building))
    desk.get(managed(asking.building, asking.pk))
    desk.get(managed(asking.building, asking.pk, "giay-to"))

    assert ListRead.objects.get().subjects == [f"residency:{asking.pk}"]
    assert sorted(AccessRecord.objects.values_list("kind", flat=True)) == ["page", "paper"]


def test_the_board_sees_how_many_and_not_who(flat, lan):
    ResidencyFactory(user=lan, apartment=flat)
    page = as_user(manager_of(flat.building, "board_chair")).get(managed(flat.building))

    assert page.context["numbers"].owners == 1
    assert "Đỗ Thị Lan" not in page.content.decode()
    assert not ListRead.objects.exists()


def test_a_manager_who_was_let_go_sees_nothing_any_more(flat, manager, owner):
    Membership.objects.filter(user=manager).update(ended_at=NOW)

    assert as_user(manager).get(managed(flat.building)).status_code == 404


def test_no_view_is_wrong(flat, owner, manager):
    desk = as_user(manager)
    for view in ("cho", "sap-het", "da-xong", "bua", ""):
        assert desk.get(managed(flat.building), {"xem": view, "trang": "x"}).status_code == 200
    assert desk.get(managed(flat.building, of(owner).pk, "ban-nha")).status_code == 404
    assert desk.get(managed(flat.building, 999999)).status_code == 404


# --- How much is asked of the database ------------------------------------------------------------
def test_lists_ask_no_more_for_thirty_than_for_one(building, flat, owner, manager, django_assert_max_num_queries):
    desk, home = as_user(manager), as_user(owner)
    household = reverse("residence:household", args=[flat.pk])
    counted = {}
    for count in (1, 30):
        while Residency.objects.filter(apartment=flat, role="member").count() < count:
            ResidencyFactory(apartment=flat, role="member")
            ResidencyFactory(apartment=ApartmentFactory(building=building), asked=True)
            ResidencyFactory(apartment=ApartmentFactory(building=building), user=owner, ended_at=NOW)
        for page in (managed(building), managed(building) + "?xem=cho", household, "/can-ho/"):
            client = desk if page.startswith("/quan-ly") else home
            client.get(page)
            with django_assert_max_num_queries(40) as queries:
                client.get(page)
            counted.setdefault(page, []).append(len(queries))

    assert all(one == thirty for one, thirty in counted.values()), counted


def test_an_owner_is_offered_what_the_server_would_do(flat, owner, manager, asking):
    """The household's page asks once who the owner is; each answer is the one of the table of moves."""
    people = [of(owner), asking, ResidencyFactory(apartment=flat), ResidencyFactory(apartment=flat, role="member")]
    Residency.objects.filter(user=owner).update(is_head=True)
    for one in Residency.objects.filter(pk__in=[person.pk for person in people]):
        assert moves.offered_to_owner(one, owner) == moves.offered(one, owner, at=NOW), one
