"""What can be rated, rating it once, and that nobody at the ward learns whose rating it was."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse

from portal.core import outbox
from portal.core.audit import history_of
from portal.core.calendar import VIETNAM
from portal.core.models import AuditEvent, Notification
from services.dossiers.models import Dossier
from services.ratings import actions, queries
from services.ratings.criteria import CRITERIA, OVERALL, asked_at
from services.ratings.invitations import invite
from services.ratings.models import Event, Mark, Rating
from services.ratings.occasions import occasions
from tests.clients import as_user
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import DossierFactory, advance
from tests.factories.people import UserFactory

from .conftest import NEXT_MONTH, NOW

pytestmark = pytest.mark.django_db


def text_of(response) -> str:
    """What a reader sees, without marks and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def page(dossier, slug="tiep-nhan", name="rate") -> str:
    return reverse(f"ratings:{name}", args=[dossier.pk, slug])


# --- What can be rated -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    action: str
    at: datetime = NOW
    actor_id: int | None = 7


@pytest.mark.parametrize(
    ("record", "events"),
    [
        ([], []),
        (["submit"], []),
        (["submit", "accept", "hand_on"], ["receipt"]),
        (["submit", "refuse"], ["refusal"]),
        (["submit", "request_supplement", "completed", "answer_supplement", "accept"], ["supplement", "receipt"]),
        (["submit", "accept", "hand_on", "approve", "sign", "number", "issue", "deliver"], ["receipt", "delivery"]),
        (["submit", "accept", "hand_on", "propose_supplement", "approve_supplement"], ["receipt", "supplement"]),
        (["submit", "withdraw"], []),
    ],
)
def test_what_can_be_rated_follows_from_what_happened(record, events):
    assert list(occasions(Fact(action) for action in record)) == events


def test_of_an_event_that_happened_twice_the_last_time_counts():
    later = NOW + timedelta(days=3)

    [occasion] = occasions([Fact("request_supplement"), Fact("request_supplement", later, 8)]).values()

    assert (occasion.at, occasion.officer_id) == (later, 8)


def test_the_twelve_criteria_are_data_with_their_source_in_both_languages():
    assert len(CRITERIA) == 12
    assert [number for row in CRITERIA.values() for number in re.findall(r"^HUE (\d+)", row.source)] == [
        str(number) for number in range(1, 13)
    ]
    assert CRITERIA[OVERALL].events == set(Event)
    assert all(asked_at(event) for event in Event)
    assert all(words.vi and words.en for row in CRITERIA.values() for words in (row.label, row.short))


# --- Rating ------------------------------------------------------------------------------------------


def test_an_event_is_rated_once_and_the_first_rating_stays(dossier, resident, officers):
    first = actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=2, marks={"attitude": 1}, comment=" Chậm. ")
    second = actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=5, marks={"ease": 5})

    assert first == second == Rating.objects.get()
    assert (first.score, first.comment, first.officer) == (2, "Chậm.", officers["clerk"])
    assert list(Mark.objects.values_list("criterion", "score")) == [("attitude", 1)]


def test_the_database_keeps_one_rating_an_event(dossier, resident):
    actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=2)

    with pytest.raises(IntegrityError), transaction.atomic():
        Rating.objects.create(dossier=dossier, event=Event.RECEIPT, score=5, rated_at=NOW)


def test_only_the_owner_rates(dossier, officers):
    for person in (UserFactory(), officers["clerk"], officers["leader"]):
        with pytest.raises(PermissionDenied):
            actions.rate(dossier, Event.RECEIPT, by=person, at=NOW, score=5)


def test_what_has_not_happened_is_not_rated(dossier, resident):
    with pytest.raises(actions.NotRateable):
        actions.rate(dossier, Event.DELIVERY, by=resident, at=NOW, score=5)


@pytest.mark.parametrize(
    ("score", "marks"), [(0, {}), (6, {}), (5, {"attitude": 6}), (5, {"promised_time": 3}), (5, {OVERALL: 3})]
)
def test_scores_run_from_one_to_five_and_only_what_is_asked_is_answered(dossier, resident, score, marks):
    with pytest.raises(ValueError, match="scores|not asked"):
        actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=score, marks=marks)
    assert Rating.objects.count() == 0


# --- Anonymous to the rated --------------------------------------------------------------------------


def test_rating_leaves_no_trace_where_the_desk_reads(dossier, resident, officers):
    outbox.run_all(at=NOW)
    row, record = Dossier.objects.values().get(pk=dossier.pk), list(history_of(dossier).values())
    events, notices = AuditEvent.objects.count(), Notification.objects.count()
    address = reverse("desk:dossier", args=[dossier.pk])
    before = {position: text_of(as_user(user).get(address)) for position, user in officers.items()}

    actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=1, comment="Rất chậm.")
    assert outbox.run_all(at=NOW) == 0

    assert {position: text_of(as_user(user).get(address)) for position, user in officers.items()} == before
    assert (Dossier.objects.values().get(pk=dossier.pk), list(history_of(dossier).values())) == (row, record)
    assert (AuditEvent.objects.count(), Notification.objects.count()) == (events, notices)


def test_no_officer_sees_a_rating_row(rated, officers):
    [rating] = rated([1])

    assert [rating in Rating.objects.visible_to(user) for user in officers.values()] == [False] * len(officers)
    assert rating in Rating.objects.visible_to(rating.dossier.owner)


def test_four_ratings_of_a_month_are_not_shown_and_five_are(rated, ward):
    rated([5, 5, 4, 1])
    assert [(month.first, month.count, month.mean) for month in queries.monthly(ward, at=NEXT_MONTH)] == [
        (date(2026, 11, 1), None, None)
    ]

    rated([5])
    [month] = queries.monthly(ward, at=NEXT_MONTH)
    assert (month.count, month.mean, month.satisfied) == (5, 4.0, 80)


def test_the_month_under_way_is_not_shown_so_that_nobody_subtracts(rated, ward):
    rated([5, 5, 4, 4, 1])

    assert queries.monthly(ward, at=NEXT_MONTH - timedelta(seconds=1)) == []
    assert len(queries.monthly(ward, at=NEXT_MONTH)) == 1


def test_five_ratings_of_two_people_are_not_shown(rated, ward):
    rated([5, 5, 4, 4, 1], people=2)
    assert queries.monthly(ward, at=NEXT_MONTH)[0].count is None


def test_a_criterion_four_people_answered_is_not_shown(rated, ward):
    rated([5, 4, 3, 2], marks={"attitude": 1, "ease": 5})
    rated([5], marks={"ease": 5})

    [month] = queries.monthly(ward, at=NEXT_MONTH)

    assert [(mean.criterion.key, mean.count, mean.mean) for mean in month.criteria] == [("ease", 5, 5.0)]


def test_a_criterion_two_people_answered_five_times_is_not_shown(rated, ward):
    rated([5] * 5, marks={"attitude": 1, "ease": 5}, people=2)
    rated([5], marks={"ease": 5})

    [month] = queries.monthly(ward, at=NEXT_MONTH)

    assert [(mean.criterion.key, mean.count) for mean in month.criteria] == [("ease", 6)]


def test_a_month_begins_at_midnight_in_vietnam(rated, ward):
    rated([5] * 5, at=datetime(2026, 10, 31, 23, 59, tzinfo=VIETNAM))
    rated([3] * 5, at=datetime(2026, 11, 1, 0, 0, tzinfo=VIETNAM))

    assert [(month.first.month, month.mean) for month in queries.monthly(ward, at=NEXT_MONTH)] == [(11, 3.0), (10, 5.0)]


def test_a_ward_sees_its_own_ratings_alone(rated, ward):
    neighbour = WardFactory(neighbour=True, staffed=True)
    rated([5, 5, 5])
    rated([1, 1, 1], ward=neighbour)

    assert queries.monthly(ward, at=NEXT_MONTH)[0].count is None
    assert queries.monthly(neighbour, at=NEXT_MONTH)[0].count is None


def test_the_leaders_page_names_no_person_no_dossier_no_comment(rated, ward, officers, clock):
    ratings = rated([5, 5, 4, 4, 1], comment="Ý kiến riêng của tôi", marks={"attitude": 2})
    clock.move_to(NEXT_MONTH)

    answer = as_user(officers["leader"]).get(reverse("desk:ratings"))

    html = answer.content.decode()
    assert "11/2026" in html
    assert "3,8" in html
    for rating in ratings:
        for hidden in (rating.comment, str(rating.pk), str(rating.dossier_id), rating.dossier.code):
            assert hidden not in html
    assert officers["clerk"].full_name not in text_of(answer)


@pytest.mark.parametrize("position", ["clerk", "specialist", "registry_clerk"])
def test_the_sums_are_the_leaders(officers, position):
    assert as_user(officers[position]).get(reverse("desk:ratings")).status_code == 403


def test_the_leaders_page_takes_as_many_queries_with_thirty_ratings(
    rated, officers, clock, django_assert_max_num_queries
):
    rated([4], marks={"attitude": 3})
    clock.move_to(NEXT_MONTH)
    client, counted = as_user(officers["leader"]), []
    client.get(reverse("desk:ratings"))  # the first visit fills what a process keeps
    for _more in range(2):
        with django_assert_max_num_queries(12) as queries:
            assert client.get(reverse("desk:ratings")).status_code == 200
        counted.append(len(queries))
        rated([4] * 29, marks={"attitude": 3})

    assert counted[0] == counted[1]


# --- The resident's pages ----------------------------------------------------------------------------


def test_the_dossiers_page_invites_until_it_is_rated(dossier, resident):
    client = as_user(resident)
    for address in (dossier.get_absolute_url(), reverse("dossiers:confirmation", args=[dossier.pk])):
        assert page(dossier) in client.get(address).content.decode()

    actions.rate(dossier, Event.RECEIPT, by=resident, at=NOW, score=5)

    assert page(dossier) not in client.get(dossier.get_absolute_url()).content.decode()


def test_a_resident_rates_with_a_word_and_is_thanked(dossier, resident):
    client = as_user(resident)
    assert "Rất hài lòng" in text_of(client.get(page(dossier)))

    answer = client.post(page(dossier), {"score": "4", "attitude": "5", "comment": "Nhanh."}, follow=True)

    assert "Cảm ơn bạn đã đánh giá" in text_of(answer)
    assert Rating.objects.get().marks.get().criterion == "attitude"
    assert client.post(page(dossier), {"score": "1"}).url == page(dossier, name="thanks")
    assert client.get(page(dossier)).url == page(dossier, name="thanks")
    assert Rating.objects.get().score == 4


def test_the_overall_score_is_needed_and_nothing_else(dossier, resident):
    client = as_user(resident)

    answer = client.post(page(dossier), {"comment": "Nhanh."})
    assert (answer.status_code, Rating.objects.count()) == (400, 0)
    assert "Chọn một mức độ hài lòng." in text_of(answer)
    assert client.post(page(dossier), {"score": "3"}).status_code == 302


@pytest.mark.parametrize("data", [{"score": "6"}, {"score": "x"}, {"score": "3", "attitude": "9"}])
def test_a_crafted_score_is_refused(dossier, resident, data):
    assert as_user(resident).post(page(dossier), data).status_code == 400


def test_every_event_has_its_page_and_no_other(ward, resident):
    walked = DossierFactory(ward=ward, owner=resident, delivered=True)
    client = as_user(resident)

    seen = {
        slug: client.get(page(walked, slug)).status_code
        for slug in ("tiep-nhan", "bo-sung", "tu-choi", "tra-ket-qua", "receipt", "khac")
    }

    assert seen == {
        "tiep-nhan": 200,
        "bo-sung": 404,
        "tu-choi": 404,
        "tra-ket-qua": 200,
        "receipt": 404,
        "khac": 404,
    }


def test_thanks_lead_on_to_what_is_not_rated_yet(ward, resident):
    walked = DossierFactory(ward=ward, owner=resident, delivered=True)

    answer = as_user(resident).post(page(walked, "tra-ket-qua"), {"score": "5"}, follow=True)

    assert page(walked) in answer.content.decode()


def test_thanks_without_a_rating_lead_to_the_page_that_asks(dossier, resident):
    assert as_user(resident).get(page(dossier, name="thanks")).url == page(dossier)


def test_the_criteria_are_asked_in_the_readers_language(dossier, resident):
    assert "attitude" in text_of(as_user(resident).get(f"/en{page(dossier)}"))


# --- Inviting ----------------------------------------------------------------------------------------


def test_an_invitation_is_sent_once_and_never_after_the_rating(dossier, resident):
    def invitations() -> list[str]:
        return list(Notification.objects.filter(kind="ratings.invited").values_list("url", flat=True))

    for _time in range(2):
        invite(dossier, Event.RECEIPT, at=NOW)
    assert invitations() == [page(dossier)]

    refused = DossierFactory(ward=dossier.ward, owner=resident, refused=True)
    actions.rate(refused, Event.REFUSAL, by=resident, at=NOW, score=1)
    invite(refused, Event.REFUSAL, at=NOW)
    assert len(invitations()) == 1


def test_a_lower_room_promises_the_invitation_by_its_name(dossier, resident):
    outbox.enqueue("ratings.invite", "x", at=NOW, payload={"dossier_id": str(dossier.pk), "event": Event.RECEIPT.value})
    outbox.run_all(at=NOW)

    assert Notification.objects.filter(kind="ratings.invited", recipient=resident).count() == 1


def test_a_dossier_that_goes_on_is_rated_at_each_of_its_events(dossier, resident):
    assert [occasion.event for occasion in queries.to_rate(dossier)] == [Event.RECEIPT]
    for move in ("hand_on", "approve", "sign", "number", "issue", "deliver"):
        dossier = advance(dossier, move, at=NOW)

    assert [occasion.event for occasion in queries.to_rate(dossier)] == [Event.DELIVERY, Event.RECEIPT]
