"""Wards, and who works there."""

from datetime import UTC, datetime

import factory

from buildings.models import Membership, Ward
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


def officer(position: str, ward: Ward):
    """The officer who holds this position in the ward; hired if there is none."""
    held = Membership.objects.current().filter(position=position, ward=ward).select_related("user").first()
    if held:
        return held.user
    user = UserFactory(full_name=NAMES.get(position, "Cán bộ"), email=f"{position}@{ward.slug}.example")
    MembershipFactory(user=user, position=position, ward=ward, title=TITLES.get(position, ""))
    return user
