"""A tenant's family ends with the tenant; an owner's stays."""

import re
from datetime import timedelta

import pytest

from buildings.residence import actions, watching
from buildings.residence.upgrades import name_families
from portal.core import audit
from tests.buildings.residence.conftest import NOW, of, told
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, ResidencyFactory
from tests.factories.people import UserFactory


@pytest.fixture
def tenant(flat, owner):
    user = UserFactory(full_name="Trần Văn Thuê")
    return ResidencyFactory(user=user, apartment=flat, role="tenant", until=(NOW + timedelta(days=5)).date())


@pytest.fixture
def asking(flat, lan):
    return ResidencyFactory(user=lan, apartment=flat, role="member", asked=True)


def test_who_moves_into_a_let_flat_is_the_tenants_unless_the_owner_says_otherwise(flat, owner, tenant, asking):
    page = f"/can-ho/{flat.pk}/ho/{asking.pk}/xac-nhan/"
    asked = as_user(owner).get(page).content.decode()
    as_user(owner).post(page, {"family_of": tenant.pk})

    assert re.search(rf'value="{tenant.pk}"[^>]*checked', asked)
    assert "Nguyễn Văn Chủ (chủ sở hữu)" in asked
    assert of(asking.user).tenant == tenant


def test_an_owners_family_stays_when_the_tenant_leaves(flat, owner, tenant, asking):
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/{asking.pk}/xac-nhan/", {"family_of": of(owner).pk})
    actions.leave(tenant, by=tenant.user, at=NOW)

    assert (of(asking.user).tenant, of(asking.user).state) == (None, "confirmed")


def test_nobody_of_another_flat_is_whose_family_one_is(flat, owner, tenant, asking):
    elsewhere = ResidencyFactory(role="tenant")
    as_user(owner).post(f"/can-ho/{flat.pk}/ho/{asking.pk}/xac-nhan/", {"family_of": elsewhere.pk})

    assert of(asking.user).state == "asked"


@pytest.mark.parametrize("how", ["moves out", "is ended", "runs out"])
def test_a_tenants_family_ends_with_the_tenant(flat, owner, tenant, asking, how):
    actions.confirm(asking, by=owner, at=NOW)
    if how == "moves out":
        left = as_user(tenant.user).get(f"/can-ho/cua-toi/{tenant.pk}/roi-di/").content.decode()
        as_user(tenant.user).post(f"/can-ho/cua-toi/{tenant.pk}/roi-di/", {"state": "confirmed"})
        assert "Đỗ Thị Lan" in left
    elif how == "is ended":
        page = f"/can-ho/{flat.pk}/ho/{tenant.pk}/ket-thuc/"
        assert "Đỗ Thị Lan" in as_user(owner).get(page).content.decode()
        as_user(owner).post(page, {"reason": "Hết hợp đồng"})
    else:
        watching.end_leases((NOW + timedelta(days=6)).date(), at=NOW + timedelta(days=6))
    member = of(asking.user)

    assert (of(tenant.user).state, member.state) == ("ended", "ended")
    assert member.reason == "Người thuê mà bạn ở cùng đã rời căn hộ."
    assert audit.history_of(member).last().actor_id is None
    assert told(asking.user).count("ended") == 1
    assert of(owner).state == "confirmed"


def test_family_that_was_confirmed_first_is_named_when_the_tenant_is(flat, owner, lan):
    wife = ResidencyFactory(user=lan, apartment=flat, role="member")
    son = ResidencyFactory(apartment=flat, role="member")
    tenant = ResidencyFactory(apartment=flat, role="tenant", asked=True)
    page = f"/can-ho/{flat.pk}/ho/{tenant.pk}/xac-nhan/"
    assert "Đỗ Thị Lan" in as_user(owner).get(page).content.decode()
    as_user(owner).post(page, {"family": [wife.pk]})
    wife.refresh_from_db()
    son.refresh_from_db()

    assert (wife.tenant, son.tenant) == (tenant, None)


def test_where_no_owner_is_known_all_who_live_there_are_the_tenants(flat, manager, lan):
    wife = ResidencyFactory(user=lan, apartment=flat, role="member")
    tenant = ResidencyFactory(apartment=flat, role="tenant", asked=True)
    actions.confirm(tenant, by=manager, at=NOW)
    wife.refresh_from_db()

    assert wife.tenant == tenant


def test_of_two_tenants_each_takes_their_own(flat, owner, tenant, asking):
    other = ResidencyFactory(apartment=flat, role="tenant", is_head=True)
    actions.confirm(asking, by=owner, at=NOW, family_of=tenant)
    actions.leave(other, by=other.user, at=NOW)
    assert of(asking.user).state == "confirmed"

    actions.leave(tenant, by=tenant.user, at=NOW)
    assert of(asking.user).state == "ended"


def test_families_of_before_are_named_where_they_can_be_nobody_elses(flat, owner, tenant):
    rented, shared = ApartmentFactory(building=flat.building), ApartmentFactory(building=flat.building)
    theirs, *_two = [ResidencyFactory(apartment=where, role="tenant") for where in (rented, shared, shared)]
    lost = [ResidencyFactory(apartment=where, role="member") for where in (rented, flat, shared)]

    assert [name_families(NOW), name_families(NOW)] == [1, 0]
    assert [of(member.user).tenant for member in lost] == [theirs, None, None]
