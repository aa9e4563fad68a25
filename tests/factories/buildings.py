"""Wards, and who works there."""

from datetime import UTC, datetime, timedelta

import factory

from buildings.models import Apartment, Building, Membership, Residency, ResidencyState, Ward
from buildings.roles import ONE_STOP_POSITIONS, Position

from .people import UserFactory

LONG_AGO = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)

NAMES = {
    Position.CLERK: "Trần Thu Hà",
    Position.SPECIALIST: "Lê Thị Ngọc Ánh",
    Position.REGISTRY_CLERK: "Vũ Thị Minh",
    Position.LEADER: "Phạm Quốc Dũng",
    Position.POLICE_OFFICER: "Đỗ Hải Long",
    Position.POLICE_HEAD: "Nguyễn Tiến Đạt",
    Position.BUILDING_HEAD: "Cao Thị Vân",
    Position.BOARD_CHAIR: "Hồ Sĩ Lâm",
}
TITLES = {Position.LEADER: "Chủ tịch", Position.POLICE_HEAD: "Trưởng Công an phường"}


class WardFactory(factory.django.DjangoModelFactory):
    """A ward. With `staffed=True` each position of the one-stop desk has its officer."""

    class Meta:
        model = Ward
        django_get_or_create = ("slug",)
        skip_postgeneration_save = True

    slug = "viet-hung"
    name = "Việt Hưng"
    code = "00127"
    agency_code = factory.LazyAttribute(lambda ward: f"H26.004.{ward.code[-3:]}")
    address = "Phố Vạn Hạnh, Hà Nội"
    phone = "+842438271234"
    email = factory.LazyAttribute(lambda ward: f"{ward.slug}@portal.example")

    class Params:
        neighbour = factory.Trait(slug="giang-bien", name="Giang Biên", code="00121")

    @factory.post_generation
    def staffed(ward, create, wanted, **kwargs):
        if wanted:
            for position in ONE_STOP_POSITIONS:
                officer(position, ward)


class MembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Membership

    began_at = LONG_AGO


class BuildingFactory(factory.django.DjangoModelFactory):
    """An apartment building of Việt Hưng, unless another ward is given."""

    class Meta:
        model = Building
        django_get_or_create = ("ward", "slug")

    ward = factory.SubFactory(WardFactory)
    slug = "sen-hong"
    name = "Chung cư Sen Hồng"
    address = "Số 12 phố Hoa Sữa"
    floors = 9


class ApartmentFactory(factory.django.DjangoModelFactory):
    """A flat on the second floor; each new one the next number."""

    class Meta:
        model = Apartment

    building = factory.SubFactory(BuildingFactory)
    floor = 2
    number = factory.Sequence(lambda number: f"02{number + 1:02d}")


class ResidencyFactory(factory.django.DjangoModelFactory):
    """A confirmed owner. `asked=True` for one who only asked, `ended_at` for one who has left; a tenant has a year."""

    class Meta:
        model = Residency

    user = factory.SubFactory(UserFactory)
    apartment = factory.SubFactory(ApartmentFactory)
    role = Residency.Role.OWNER
    claimed_at = LONG_AGO
    confirmed_at = LONG_AGO
    confirmed_by = factory.SubFactory(UserFactory)
    confirmed_as = factory.LazyAttribute(lambda made: Residency.ConfirmedAs.MANAGER if made.confirmed_at else "")
    ended_at = None
    until = factory.LazyAttribute(
        lambda made: LONG_AGO.date() + timedelta(days=365) if made.role == Residency.Role.TENANT else None
    )

    class Params:
        asked = factory.Trait(confirmed_at=None, confirmed_by=None)

    @factory.lazy_attribute
    def state(made):
        if made.confirmed_at:
            return ResidencyState.ENDED if made.ended_at else ResidencyState.CONFIRMED
        return ResidencyState.WITHDRAWN if made.ended_at else ResidencyState.ASKED


def manager_of(building: Building, position: str = Position.BUILDING_MANAGER):
    """Who holds this position in the building; hired if there is none."""
    held = Membership.objects.current().filter(position=position, building=building).select_related("user").first()
    if held:
        return held.user
    user = UserFactory(full_name=NAMES.get(position, "Lương Văn Bình"))
    MembershipFactory(user=user, position=position, ward=building.ward, building=building)
    return user


def officer(position: str, ward: Ward):
    """The officer who holds this position in the ward; hired if there is none."""
    held = Membership.objects.current().filter(position=position, ward=ward).select_related("user").first()
    if held:
        return held.user
    user = UserFactory(full_name=NAMES.get(position, "Cán bộ"), email=f"{position}@{ward.slug}.example")
    MembershipFactory(user=user, position=position, ward=ward, title=TITLES.get(position, ""))
    return user
