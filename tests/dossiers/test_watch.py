"""What time alone brings about, once each, however often and however late the watch runs."""

from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from buildings.absences import record_absence
from buildings.roles import Position
from portal.core import outbox
from portal.core.audit import history_of
from portal.core.models import CalendarDay, Job, Notification
from portal.core.notifications import notify
from services.documents.models import IssuedDocument
from services.dossiers import actions, steps, watch
from services.dossiers.models import Dossier, Lateness
from tests.factories.buildings import MembershipFactory, officer
from tests.factories.dossiers import AT, DossierFactory, advance
from tests.factories.people import UserFactory

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def told(kind, user=None) -> int:
    notices = Notification.objects.filter(kind=kind)
    return notices.filter(recipient=user).count() if user else notices.count()


def fresh(dossier):
    return Dossier.objects.with_people().get(pk=dossier.pk)


def instants(dossier):
    """When each reminder of the dossier is to be given."""
    locked = fresh(dossier)
    return {r.kind: r.at for r in steps.reminders_of(locked, locked.current_step, state=locked.state)}


def test_a_sent_dossier_alerts_after_two_working_hours_and_is_late_after_eight():
    sent = DossierFactory(submitted=True)
    clerk = sent.current_step.assignee
    at = instants(sent)
    assert at["intake_alert"] == sent.calendar.add_minutes(sent.submitted_at, 120)
    assert at["late"] == sent.calendar.add_minutes(sent.submitted_at, 480) + timedelta(seconds=1)

    watch.watch(at=at["intake_alert"] - timedelta(seconds=1))
    assert told("desk.intake", clerk) == 0
    watch.watch(at=at["intake_alert"])
    assert told("desk.intake", clerk) == 1
    watch.watch(at=at["late"])
    assert fresh(sent).lateness.what == sent.current_step.name


@pytest.mark.parametrize("runs", [1, 2, 3])
def test_beat_run_again_reminds_once(runs):
    DossierFactory(submitted=True)

    for _run in range(runs):
        watch.watch(at=AT + timedelta(hours=5))

    assert told("desk.intake") == 1


def test_beat_dead_for_days_makes_up_for_it_once():
    sent = DossierFactory(submitted=True)

    watch.watch(at=AT + timedelta(days=3))
    watch.watch(at=AT + timedelta(days=3, minutes=1))

    assert (told("desk.intake"), Lateness.objects.count()) == (1, 1)
    assert fresh(sent).next_watch_at is None


def test_a_clock_that_jumps_back_doubles_nothing():
    DossierFactory(submitted=True)

    for at in (AT + timedelta(hours=5), AT - timedelta(days=400), AT + timedelta(hours=5), AT + timedelta(hours=4)):
        watch.watch(at=at)

    assert told("desk.intake") == 1


def test_the_forecast_warns_officer_and_leader_before_it_is_late():
    """A limit of three days, five hours examined on the last of them: signing and numbering no longer fit."""
    dossier = DossierFactory(processing=True)
    at_risk = fresh(dossier).at_risk_at
    due = fresh(dossier).due_at
    following = 120 + 60  # signing, numbering; what is delivered is done already

    assert at_risk == dossier.calendar.subtract_minutes(due, following)
    assert not Dossier.objects.at_risk(at_risk - timedelta(seconds=1)).exists()
    assert Dossier.objects.at_risk(at_risk).get() == dossier


def test_the_alarm_comes_one_working_day_ahead():
    dossier = DossierFactory(accepted=True)
    ahead = dossier.calendar.subtract_minutes(dossier.due_at, 480)
    Dossier.objects.filter(pk=dossier.pk).update(next_watch_at=ahead)  # the step itself was late long before

    locked = fresh(dossier)
    assert instants(locked)["day_before"] == ahead


def test_a_silent_supplement_is_warned_about_twice_and_closed_with_its_notice():
    asked = DossierFactory(supplement=True)
    at = steps.reminders_of(fresh(asked), fresh(asked).current_step, state="supplement")

    for reminder in at[:2]:
        watch.watch(at=reminder.at)
    assert told("dossiers.silence", asked.owner) == 2
    assert fresh(asked).state == "supplement"
    watch.watch(at=at[2].at)

    closed = fresh(asked)
    assert (closed.state, closed.current_step, told("dossiers.closed", asked.owner)) == ("closed", None, 1)
    assert IssuedDocument.objects.about(asked).filter(kind="stop").count() == 1
    assert history_of(asked).last().data["days"] == 15


@pytest.mark.parametrize("where", ["visiting", "visiting_at_intake"])
def test_who_is_invited_and_never_comes_is_warned_the_desk_asked_and_the_dossier_closed(where):
    invited = DossierFactory(**{where: True})
    clerk, leader = invited.current_step.assignee, officer(Position.LEADER, invited.ward)
    reminders = steps.reminders_of(fresh(invited), fresh(invited).current_step, state="visiting")

    for reminder in reminders[:-1]:
        watch.watch(at=reminder.at)
    assert (told("dossiers.not_come", invited.owner), fresh(invited).state) == (3, "visiting")
    assert (told("desk.not_come", clerk), told("desk.not_come", leader)) == (1, 1)
    watch.watch(at=reminders[-1].at)

    closed = fresh(invited)
    assert (closed.state, closed.next_watch_at, told("dossiers.closed", invited.owner)) == ("closed", None, 1)
    slip = IssuedDocument.objects.about(invited).get(kind="stop")
    assert (
        slip.context["cause"] == "Quá 15 ngày làm việc kể từ ngày được mời hoặc ngày đã hẹn, Ông/Bà chưa đến làm việc."
    )
    assert invited.pauses.filter(ended_at=None).count() == 0


def test_an_appointment_ahead_is_a_word_and_silence_counts_from_when_it_has_passed():
    invited = DossierFactory(visiting=True)
    appointment = AT + timedelta(days=30)

    expected = actions.expect_visit(invited, expected_at=appointment, at=AT + timedelta(hours=1))
    watch.watch(at=appointment)

    assert (fresh(invited).state, told("dossiers.not_come")) == ("visiting", 0)
    assert expected.next_watch_at == expected.calendar.end_of_nth_working_day(appointment, 5)


def test_an_appointment_made_before_the_invitation_counts_as_well():
    dossier = DossierFactory(to_be_visited=True)
    actions.expect_visit(dossier, expected_at=AT + timedelta(days=30), at=AT + timedelta(hours=1))

    invited = advance(dossier, "ask_visit", at=AT + timedelta(hours=1))

    assert invited.next_watch_at == invited.calendar.end_of_nth_working_day(AT + timedelta(days=30), 5)


def test_a_visit_called_off_starts_the_silence_anew():
    invited = DossierFactory(visiting=True)
    off = AT + timedelta(days=7)

    called_off = actions.expect_visit(invited, expected_at=off, at=off)

    assert called_off.next_watch_at == called_off.calendar.end_of_nth_working_day(off, 5)


def test_who_comes_in_time_is_warned_no_more():
    came = advance(DossierFactory(visiting=True), "record_visit", at=AT + timedelta(days=9))

    watch.watch(at=AT + timedelta(days=10))

    assert (fresh(came).state, told("dossiers.not_come")) == ("processing", 0)


def test_a_supplement_answered_in_time_is_not_closed():
    asked = DossierFactory(supplement=True)
    asked.supplement_requests.get().items.update(answered_at=AT)
    answered = advance(asked, "answer_supplement", at=AT + timedelta(hours=1))

    watch.watch(at=AT + timedelta(days=40))

    assert fresh(answered).state == "submitted"


def test_silence_agrees_to_the_filled_form_after_one_working_day():
    confirming = DossierFactory(confirming=True)
    until = confirming.calendar.end_of_nth_working_day(confirming.changed_at, 1)

    watch.watch(at=until - timedelta(seconds=1))
    assert fresh(confirming).state == "confirming"
    watch.watch(at=until)

    agreed = fresh(confirming)
    assert (agreed.state, agreed.confirmed_at) == ("processing", until)
    assert history_of(confirming).filter(action="confirm").get().data["silent"] is True


# --- Many at once ----------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch):
    """Make the watch fail on a dossier: before it has done anything, or after it has opened the case and told of it."""

    def break_(dossier, *, at):
        holder, name = (watch.steps, "reminders_of") if at == "reading" else (watch.notifications, "lateness_owned_up")
        real = getattr(holder, name)
        monkeypatch.setattr(
            holder, name, lambda row, *args, **more: 1 / 0 if row.pk == dossier.pk else real(row, *args, **more)
        )

    return break_


@pytest.mark.parametrize("stage", ["reading", "telling"])
def test_one_dossier_that_cannot_be_attended_to_does_not_stop_the_others(broken, stage):
    ill, well = DossierFactory(submitted=True), DossierFactory(submitted=True)
    broken(ill, at=stage)

    assert watch.watch(at=AT + timedelta(days=3)) == 1

    assert (fresh(ill).lateness, fresh(well).lateness.state) == (None, "explaining")
    assert fresh(ill).next_watch_at <= AT + timedelta(days=3)  # the next watch tries again
    assert set(Notification.objects.filter(kind="desk.late").values_list("recipient", flat=True)) == {
        officer(Position.CLERK, well.ward).pk,
        officer(Position.LEADER, well.ward).pk,
    }


def test_what_cannot_be_written_together_is_written_one_by_one(monkeypatch):
    """A notice the database refuses takes the dossier it is about with it, and no other."""
    ill, well = DossierFactory(submitted=True), DossierFactory(submitted=True)
    real = watch.notifications.late

    def late(dossier, case, *, at):
        real(dossier, case, at=at)
        if dossier.pk == ill.pk:
            notify(case.responsible, kind="k" * 61, key="k", title=None, body="", url="/", at=at)

    monkeypatch.setattr(watch.notifications, "late", late)

    watch.watch(at=AT + timedelta(days=3))

    assert (fresh(ill).lateness, fresh(well).lateness.state) == (None, "explaining")
    assert told("desk.late") == 2


def test_thirty_late_dossiers_are_read_and_told_of_with_few_queries(django_assert_max_num_queries):
    """For each: a savepoint and its release, the case, the move, and its record with the one before it."""
    EACH, IN_PARTS = 6, 2  # SQLite writes so many notices and promises in two parts
    at = AT + timedelta(days=3)
    DossierFactory(submitted=True)
    with CaptureQueriesContext(connection) as alone:
        watch.watch(at=at)
    DossierFactory.create_batch(30, submitted=True, ward=Dossier.objects.get().ward)

    with django_assert_max_num_queries(len(alone) + 29 * EACH + IN_PARTS):
        assert watch.watch(at=at) == 30

    assert Lateness.objects.count() == told("desk.late") / 2 == told("dossiers.late") == 31


def test_a_watch_has_its_turn_and_promises_the_rest():
    """A turn that is over after the first bundle: what is left is a promise, and another watch adds none."""
    dossiers = DossierFactory.create_batch(3, submitted=True)
    at = AT + timedelta(days=3)

    with mock.patch.object(watch, "TOGETHER", 1):
        assert watch.watch(at=at, turn=timedelta(0)) == 1
        assert watch.watch(at=at, turn=timedelta(0)) == 1

    promised = Job.objects.get(kind=watch.REST)
    assert Lateness.objects.count() == 2
    with time_machine.travel(at + timedelta(seconds=1), tick=False):
        assert outbox.run(promised.pk, at=at + timedelta(seconds=1))
    assert set(Lateness.objects.values_list("dossier", flat=True)) == {dossier.pk for dossier in dossiers}


def test_a_turn_goes_on_behind_what_the_one_before_failed_at(broken):
    """Dossiers that fail stay due: were each turn to begin with them, those behind would wait for ever."""
    ill, well = sorted(DossierFactory.create_batch(2, submitted=True), key=lambda dossier: dossier.pk)
    broken(ill, at="reading")
    at = AT + timedelta(days=3)

    with mock.patch.object(watch, "TOGETHER", 1):
        assert watch.watch(at=at, turn=timedelta(0)) == 0
        with time_machine.travel(at, tick=False):
            outbox.run(Job.objects.get(kind=watch.REST).pk, at=at)

    assert (fresh(ill).lateness, fresh(well).lateness.state) == (None, "explaining")


# --- Who is away -----------------------------------------------------------------------------------------


@pytest.fixture
def away():
    """The specialist of a ward goes away tomorrow; a colleague stands in. A dossier waits for the specialist."""
    dossier = DossierFactory(processing=True)
    colleague = UserFactory(full_name="Vũ Thị Thay")
    MembershipFactory(user=colleague, position=Position.SPECIALIST, ward=dossier.ward)
    leader = officer(Position.LEADER, dossier.ward)
    record_absence(
        dossier.current_step.assignee,
        dossier.ward,
        from_date=date(2026, 11, 24),
        to_date=date(2026, 11, 27),
        substitute=colleague,
        by=leader,
        at=AT,
    )
    return dossier, colleague


def test_the_steps_of_who_is_away_go_to_the_substitute_on_the_day(away):
    dossier, colleague = away

    assert watch.cover_absences(at=AT) == 0  # still today
    assert watch.cover_absences(at=AT + timedelta(days=1)) == 1
    assert watch.cover_absences(at=AT + timedelta(days=1, hours=1)) == 0

    step = fresh(dossier).current_step
    assert (step.assignee, step.stands_in_for, step.due_at) == (
        colleague,
        dossier.current_step.assignee,
        dossier.current_step.due_at,
    )
    line = dossier.hand_overs.last()
    assert (line.giver, line.receiver, line.note) == (
        dossier.current_step.assignee,
        colleague,
        "người được giao vắng mặt",
    )


def test_new_work_goes_to_the_substitute_while_its_person_is_away():
    accepted = DossierFactory(accepted=True)
    specialist, leader = officer(Position.SPECIALIST, accepted.ward), officer(Position.LEADER, accepted.ward)
    record_absence(
        specialist,
        accepted.ward,
        from_date=date(2026, 11, 23),
        to_date=date(2026, 11, 23),
        substitute=leader,
        by=leader,
        at=AT,
    )

    step = advance(accepted, "hand_on", at=AT + timedelta(hours=1)).current_step

    assert (step.assignee, step.stands_in_for) == (leader, specialist)


def test_a_step_nobody_can_own_goes_to_the_leader_who_is_told():
    accepted = DossierFactory(accepted=True)
    specialist, leader = officer(Position.SPECIALIST, accepted.ward), officer(Position.LEADER, accepted.ward)
    specialist.memberships.update(ended_at=AT)

    step = advance(accepted, "hand_on", at=AT + timedelta(hours=1)).current_step

    assert step.assignee == leader
    assert told("desk.instead", leader) == 1


# --- The calendar changes ----------------------------------------------------------------------------------


def test_a_storm_moves_what_has_not_started_and_leaves_what_was_promised():
    dossier = DossierFactory(accepted=True)
    promised, running = dossier.due_at, dossier.current_step.due_at
    planned = list(dossier.steps.filter(started_at=None).values_list("planned_due_at", flat=True))
    CalendarDay.objects.create(
        date=date(2026, 11, 24), kind="closed", ward_code=dossier.ward.code, note="Bão", source="Công điện"
    )

    assert watch.replan(dossier.ward, at=AT + timedelta(minutes=20)) == 1

    after = fresh(dossier)
    assert (after.due_at, after.current_step.due_at) == (promised, running)
    assert list(after.steps.filter(started_at=None).values_list("planned_due_at", flat=True)) != planned


def test_a_changed_calendar_is_the_workers_business():
    """An editor of holidays does not wait for ten thousand dossiers to be planned anew."""
    dossier = DossierFactory(accepted=True)

    watch.calendar_changed(None, at=AT)

    assert list(Job.objects.filter(kind="dossiers.replan").values_list("payload", flat=True)) == [
        {"ward_id": dossier.ward_id}
    ]
