"""Wards are closed, split and merged: who followed them follows what they became."""

import pytest

from buildings.models import Building
from home.subscriptions import actions
from home.subscriptions.models import Rhythm, Subscription

from .conftest import AT, subscribe

pytestmark = pytest.mark.django_db


def followed() -> dict[str, list[tuple]]:
    rows = Subscription.objects.order_by("subscriber__email", "ward__name").select_related("subscriber", "ward")
    found: dict[str, list[tuple]] = {}
    for row in rows:
        found.setdefault(row.subscriber.email, []).append((row.ward.slug, row.places[1:], row.rhythm))
    return found


def test_a_building_takes_its_subscribers_to_its_new_ward(ward, neighbour, building):
    lotus, plum = building(ward, "Sen Hồng"), building(ward, "Mai Vàng")
    subscribe("mot@x.example", ward, buildings=(lotus.pk,), rhythm=Rhythm.DAILY)
    subscribe("hai@x.example", ward, buildings=(lotus.pk, plum.pk))
    subscribe("khac@x.example", ward, buildings=(plum.pk,))
    assert actions.follow_building(lotus, neighbour, at=AT) == 2
    assert actions.follow_building(lotus, neighbour, at=AT) == 0
    assert followed() == {
        "hai@x.example": [("giang-bien", ["Sen Hồng"], "at_once"), ("viet-hung", ["Mai Vàng"], "at_once")],
        "khac@x.example": [("viet-hung", ["Mai Vàng"], "at_once")],
        "mot@x.example": [("giang-bien", ["Sen Hồng"], "daily"), ("viet-hung", [], "daily")],
    }


def test_nobody_loses_anything_when_a_ward_is_closed(ward, neighbour, viet_hung, building):
    from tests.home.conftest import ward_page  # noqa: PLC0415

    third = ward_page("thuong-thanh").ward
    lotus = building(ward, "Sen Hồng")
    subscribe("toa@x.example", ward, buildings=(lotus.pk,))
    subscribe("phuong@x.example", ward, rhythm=Rhythm.DAILY)
    subscribe("moi-toa@x.example", ward, every_building=True)
    subscribe("da-co@x.example", ward)
    subscribe("da-co@x.example", neighbour, rhythm=Rhythm.DAILY)
    Building.objects.filter(pk=lotus.pk).update(ward=neighbour)
    actions.follow_building(lotus, neighbour, at=AT)
    assert actions.follow_ward(ward, [neighbour, third], at=AT) == 4
    assert actions.follow_ward(ward, [neighbour, third], at=AT) == 0
    assert followed() == {
        "da-co@x.example": [("giang-bien", [], "daily"), ("thuong-thanh", [], "at_once")],
        "moi-toa@x.example": [
            ("giang-bien", ["Mọi tòa nhà"], "at_once"), ("thuong-thanh", ["Mọi tòa nhà"], "at_once"),
        ],
        "phuong@x.example": [("giang-bien", [], "daily"), ("thuong-thanh", [], "daily")],
        "toa@x.example": [("giang-bien", ["Sen Hồng"], "at_once")],
    }  # fmt: skip
