"""The lists of lateness: by whose turn it is, counts that agree, as many queries for one row as for thirty."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from buildings.models import Membership
from portal.core.lateness import LatenessState
from services.dossiers import lateness
from services.dossiers.models import Dossier, Lateness
from tests.factories.lateness import ROAD, late_case

from .conftest import NOW, SENT_AT, make_officer

L = LatenessState
CASES, AT_RISK, INSPECTION = (reverse(f"desk:{name}") for name in ("lateness", "at_risk", "inspection"))
LATE_AT = NOW + timedelta(days=1)


@pytest.fixture
def late(send, walk, clock):
    """A dossier with its specialist late, its case in this state."""

    def make(state: str = L.EXPLAINING, **more) -> Lateness:
        clock.move_to(NOW)
        dossier = walk(send(at=SENT_AT), "approve")
        clock.move_to(LATE_AT)
        return late_case(dossier, state, at=LATE_AT - timedelta(minutes=30), **more)

    return make


@pytest.fixture
def deputy(ward):
    user = make_officer("leader", ward, full_name="Lê Thị Phó", login="deputy")
    Membership.objects.filter(user=user).update(title="Phó Chủ tịch")
    return user


def listed(client, user, where: str = CASES, **query) -> list[str]:
    client.force_login(user)
    return sorted(row[0].state for row in client.get(where, query).context["rows"])


def test_my_list_holds_what_is_my_turn(client, late, officers, deputy):
    for state in ROAD:
        late(state)
    escalated = late(L.EXPLAINED)
    Lateness.objects.filter(pk=escalated.pk).update(escalated=True)

    assert listed(client, officers["specialist"]) == [L.APOLOGISING, L.EXPLAINING]
    assert listed(client, deputy) == [L.DRAFTED, L.EXPLAINED]
    assert listed(client, officers["leader"]) == [L.DRAFTED, L.EXPLAINED, L.EXPLAINED]
    assert listed(client, officers["clerk"]) == [L.SENT]
    assert listed(client, officers["registry_clerk"]) == []
    assert listed(client, officers["clerk"], xem="da-xong") == [L.TOLD]
    assert len(listed(client, officers["clerk"], xem="tat-ca")) == 7


def test_what_somebody_left_behind_is_the_heads_turn(client, late, officers):
    late(L.EXPLAINING)
    Membership.objects.filter(user=officers["specialist"]).update(ended_at=NOW)

    assert listed(client, officers["leader"]) == [L.EXPLAINING]


def test_counts_agree_with_the_lists_and_the_menu(client, late, officers):
    for state in (L.EXPLAINING, L.EXPLAINING, L.DRAFTED, L.SENT, L.TOLD):
        late(state)
    for position in ("specialist", "leader", "clerk"):
        client.force_login(officers[position])
        response = client.get(CASES)
        counts = {scope.value: count for scope, count in response.context["scopes"]}
        assert counts["cho-toi"] == len(response.context["rows"])
        assert counts["tat-ca"] == len(client.get(CASES, {"xem": "tat-ca"}).context["rows"]) == 4
        assert counts["da-xong"] is None
        assert f"({counts['cho-toi']}<" in response.text
    client.force_login(officers["registry_clerk"])
    assert "desk-nav__count" not in client.get(CASES).text


def test_another_wards_cases_are_in_no_list(client, late, officers, strangers):
    case = late(L.DRAFTED)

    client.force_login(strangers["leader"])
    for where, query in (
        (CASES, {}),
        (CASES, {"xem": "tat-ca"}),
        (CASES, {"phuong": "viet-hung", "xem": "tat-ca"}),
        (AT_RISK, {}),
        (INSPECTION, {}),
    ):
        response = client.get(where, query)
        assert response.context["page"].paginator.count == 0
        assert case.dossier.code not in response.text


def test_the_inspection_list_is_the_leaders(client, late, officers):
    late(L.EXPLAINING)
    second, overridden = late(L.EXPLAINING), late(L.EXPLAINING)
    Lateness.objects.filter(pk=second.pk).update(escalated=True)
    lateness.process.override(overridden, by=officers["leader"], at=timezone.now(), reason="Gấp")

    assert listed(client, officers["leader"], INSPECTION) == [L.EXPLAINING, L.OVERRIDDEN]
    client.force_login(officers["clerk"])
    assert client.get(INSPECTION).status_code == 403
    assert INSPECTION not in client.get(CASES).text


def test_at_risk_is_what_no_longer_fits_and_is_not_late_yet(client, send, walk, late, officers, clock):
    late(L.EXPLAINING)
    clock.move_to(NOW)
    waiting, easy = walk(send(), "approve"), walk(send(), "approve")
    assert easy.at_risk_at > NOW
    Dossier.objects.filter(pk=waiting.pk).update(at_risk_at=NOW)
    client.force_login(officers["leader"])

    response = client.get(AT_RISK)

    assert [row[0].pk for row in response.context["rows"]] == [waiting.pk]
    assert response.context["risk_count"] == 1
    # Five hours to examine, two to sign, one to number.
    assert "Cần 1 ngày" in response.text


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("where", [CASES, f"{CASES}?xem=tat-ca", f"{CASES}?xem=da-xong", INSPECTION, AT_RISK])
def test_a_list_takes_as_many_queries_whatever_its_length(
    client, send, walk, officers, clock, where, rows, django_assert_max_num_queries
):
    made = [walk(send(at=SENT_AT), "approve") for _number in range(rows)]
    if where == AT_RISK:
        Dossier.objects.update(at_risk_at=NOW)
    else:
        clock.move_to(LATE_AT)
        for dossier in made:
            case = lateness.find_late(dossier, at=LATE_AT)
            if where.endswith("da-xong"):
                lateness.process.override(case, by=officers["leader"], at=LATE_AT, reason="Gấp")
        Lateness.objects.update(escalated=True)
    client.force_login(officers["leader"] if where == INSPECTION else officers["specialist"])

    with django_assert_max_num_queries(19):
        response = client.get(where)

    assert response.context["page"].paginator.count == rows
