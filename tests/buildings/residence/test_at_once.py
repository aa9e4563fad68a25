"""Two people decide about one flat in the same moment, each on a connection of their own: one of them has done it."""

from datetime import date

import pytest

from buildings.models import Residency
from buildings.residence import actions, letters, rules
from portal.core import audit
from tests.buildings.residence.conftest import NOW, told
from tests.core.at_once import at_once, needs_row_locks
from tests.factories.buildings import ApartmentFactory, ResidencyFactory
from tests.factories.people import UserFactory

pytestmark = [
    needs_row_locks,
    pytest.mark.postgres,
    pytest.mark.django_db(transaction=True),
    pytest.mark.parametrize("time", range(2)),
]


def outcomes(*results) -> list[str]:
    return sorted(type(result).__name__ for result in results)


def decisions(residency: Residency) -> list[str]:
    return [event.action for event in audit.history_of(residency) if event.action in ("confirm", "refuse")]


def test_one_confirms_and_one_refuses_the_same_claim_and_one_of_the_two_has(flat, manager, colleague, lan, time):
    claim = ResidencyFactory(user=lan, apartment=flat, role="tenant", until=date(2027, 10, 31), asked=True)

    confirmed, refused = at_once(
        lambda: actions.confirm(claim, by=manager, at=NOW),
        lambda: actions.refuse(claim, by=colleague, at=NOW, reason="Hợp đồng chưa có chữ ký."),
    )

    assert outcomes(confirmed, refused) == ["IllegalMove", "Residency"]
    claim.refresh_from_db()
    won = "confirm" if isinstance(confirmed, Residency) else "refuse"
    assert decisions(claim) == [won]
    assert (claim.state, claim.confirmed_by, claim.ended_by, claim.reason) == {
        "confirm": ("confirmed", manager, None, ""),
        "refuse": ("refused", None, colleague, "Hợp đồng chưa có chữ ký."),
    }[won]
    assert told(lan) == {"confirm": ["confirmed", "register"], "refuse": ["refused"]}[won]
    assert audit.verify(audit.history_of(claim)) is None


def test_two_owners_of_one_flat_confirmed_at_once_are_one_and_a_question(flat, manager, colleague, time):
    claims = [ResidencyFactory(apartment=flat, evidence="proof", asked=True) for _claim in range(2)]

    results = at_once(
        *[
            lambda claim=claim, by=by: actions.confirm(claim, by=by, at=NOW)
            for claim, by in zip(claims, (manager, colleague), strict=True)
        ]
    )

    assert outcomes(*results) == ["AnotherOwner", "Residency"]
    (won,) = [result for result in results if isinstance(result, Residency)]
    (asks,) = [result for result in results if isinstance(result, actions.AnotherOwner)]
    owner = flat.residencies.confirmed().get()
    assert (owner, asks.owners, owner.is_head) == (won, [won], True)
    assert flat.residencies.asked().count() == 1


def test_both_confirmed_as_owning_it_together_have_one_head(flat, manager, colleague, time):
    claims = [ResidencyFactory(apartment=flat, evidence="proof", asked=True) for _claim in range(2)]

    results = at_once(
        *[
            lambda claim=claim, by=by: actions.confirm(claim, by=by, at=NOW, co_owner=True)
            for claim, by in zip(claims, (manager, colleague), strict=True)
        ]
    )

    assert outcomes(*results) == ["Residency", "Residency"]
    assert sorted(flat.residencies.confirmed().values_list("is_head", flat=True)) == [False, True]


def test_one_letter_typed_in_by_two_at_once_confirms_one(flat, manager, time):
    code = letters.issue(flat.building, [flat], by=manager, at=NOW)[0].code
    people = [UserFactory() for _person in range(2)]

    results = at_once(
        *[lambda by=by: actions.claim(flat, by=by, at=NOW, role=Residency.Role.OWNER, code=code) for by in people]
    )

    assert outcomes(*results) == ["Residency", "WrongCode"]
    assert flat.residencies.confirmed().get().evidence == "letter"
    assert flat.residencies.count() == 1


def test_who_asks_for_two_flats_at_once_waits_for_no_more_than_one_may(building, lan, time):
    for _flat in range(rules.ASKED_AT_ONCE - 1):
        ResidencyFactory(user=lan, apartment=ApartmentFactory(building=building), role="member", asked=True)
    two = [ApartmentFactory(building=building) for _flat in range(2)]

    results = at_once(*[lambda flat=flat: actions.claim(flat, by=lan, at=NOW, role="member") for flat in two])

    assert outcomes(*results) == ["Residency", "TooManyAsked"]
    assert lan.residencies.asked().count() == rules.ASKED_AT_ONCE
