"""Where somebody lives, as the ward's forms begin with: the confirmed flat, not where one merely owns."""

from datetime import timedelta

from buildings.models import Residency, home_of
from services.catalogue.blocks import profile
from tests.buildings.residence.conftest import NOW
from tests.factories.buildings import ApartmentFactory, ResidencyFactory


def known(user) -> dict[str, str]:
    """As a request would find it: read afresh."""
    return profile.split_address(profile.known(type(user).objects.get(pk=user.pk), "address") or "")


def test_a_confirmed_flat_fills_the_address_under_the_wards_name_of_today(flat, lan):
    lan.address = "Số 5 phố Cũ, phường Gia Thụy, Hà Nội"
    lan.save()
    residency = ResidencyFactory(user=lan, apartment=flat, asked=True)
    assert known(lan)["phuong"] == "Gia Thụy"
    Residency.objects.filter(pk=residency.pk).delete()
    ResidencyFactory(user=lan, apartment=flat)

    assert known(lan) == {
        "chi_tiet": "Căn hộ 0201, Chung cư Sen Hồng, Số 12 phố Hoa Sữa",
        "phuong": "Việt Hưng",
        "tinh": "Hà Nội",
    }


def test_an_address_stays_with_nobody_who_has_left(flat, lan):
    ResidencyFactory(user=lan, apartment=flat, ended_at=NOW)

    assert home_of(lan) is None
    assert known(lan)["chi_tiet"] == ""


def test_an_owner_does_not_live_where_a_confirmed_tenant_does(flat, owner):
    assert home_of(owner) == flat
    lease = ResidencyFactory(apartment=flat, role="tenant")
    assert home_of(owner) is None
    assert home_of(lease.user) == flat


def test_of_several_the_last_confirmed_is_home(building, flat, owner):
    later = ApartmentFactory(building=building)
    ResidencyFactory(user=owner, apartment=later, role="member", confirmed_at=NOW - timedelta(days=1))

    assert home_of(owner) == later
