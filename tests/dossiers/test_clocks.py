"""Due times as functions of facts. Expected times are reckoned by hand; Hanoi is seven hours ahead of UTC."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import VIETNAM, WorkingCalendar
from services.catalogue.definition import Limit
from services.dossiers import clocks
from services.dossiers.rules import rule_set

OPEN = WorkingCalendar()  # Monday to Friday, 8:00–12:00 and 13:00–17:00, no holiday
RULES = rule_set("2026")


def hanoi(day, hour, minute=0, *, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


# The bounds are naive because hypothesis wants them so.
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
minutes = st.integers(0, 5 * 480)
limits = st.one_of(
    st.builds(Limit, st.just("working_days"), st.integers(1, 30)),
    st.builds(Limit, st.just("working_minutes"), st.integers(30, 2400)),
    st.just(Limit("same_day")),
)
stretches = st.tuples(moments, st.timedeltas(timedelta(0), timedelta(days=20))).map(lambda s: (s[0], s[0] + s[1]))


# --- By hand -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("accepted", "due"),
    [
        (hanoi(23, 9), hanoi(23, 17)),  # Monday morning: handed on the same day
        (hanoi(23, 14, 59), hanoi(23, 17)),
        (hanoi(23, 15), hanoi(23, 17)),  # "after 15:00" begins at 15:01
        (hanoi(23, 15, 1), hanoi(24, 9)),  # early on Tuesday: one working hour from 8:00
        (hanoi(27, 16, 30), hanoi(30, 9)),  # Friday afternoon: Monday
        (hanoi(28, 10), hanoi(30, 9)),  # accepted on a Saturday
    ],
)
def test_an_accepted_dossier_is_handed_on_the_same_day_or_early_on_the_next(accepted, due):
    assert clocks.transfer_due(OPEN, RULES, accepted, hanoi(30, 17, month=12)) == due


def test_it_is_handed_on_before_the_result_is_due():
    assert clocks.transfer_due(OPEN, RULES, hanoi(23, 9), hanoi(23, 11)) == hanoi(23, 11)


def test_a_procedure_may_have_its_own_cut_off():
    assert clocks.transfer_due(OPEN, RULES, hanoi(23, 14, 30), hanoi(30, 17), "14:00") == hanoi(24, 9)


def test_intake_is_alerted_after_two_working_hours_and_due_after_eight():
    received = hanoi(27, 16)  # Friday: one hour left that day

    assert clocks.intake_alert(OPEN, RULES, received) == hanoi(30, 9)
    assert clocks.intake_due(OPEN, RULES, received) == hanoi(30, 16)


def test_a_fee_moves_the_due_time_by_the_working_time_it_took():
    # Three working days from Monday 23: Thursday 26, 17:00. Waited Tuesday 10:00 to Wednesday 10:00: eight hours.
    due = clocks.result_due(OPEN, Limit("working_days", 3), hanoi(23, 9), [(hanoi(24, 10), hanoi(25, 10))])

    assert due == hanoi(27, 17)


def test_a_supplement_starts_the_limit_from_zero():
    since = clocks.counted_from(hanoi(23, 9), [(hanoi(24, 10), hanoi(26, 11))])

    assert clocks.result_due(OPEN, Limit("working_days", 3), since) == hanoi(1, 17, month=12)


def test_a_step_after_a_pause_has_what_was_left_of_its_time():
    # Due Monday 16:00, paused at 14:00: two hours left, from Wednesday 9:00 on.
    assert clocks.resumed_due(OPEN, hanoi(23, 16), hanoi(23, 14), hanoi(25, 9), hanoi(30, 17)) == hanoi(25, 11)


def test_steps_are_planned_one_after_the_other_up_to_the_result():
    planned = list(clocks.plan(OPEN, hanoi(23, 9), [120, 180, 480], hanoi(24, 10)))

    assert planned == [
        (hanoi(23, 9), hanoi(23, 11)),
        (hanoi(23, 11), hanoi(23, 15)),
        (hanoi(23, 15), hanoi(24, 10)),  # eight hours would be Tuesday 15:00: the result is due before
    ]


def test_the_forecast_is_when_only_the_following_steps_still_fit():
    # Due Tuesday 17:00; three hours of other people's work come after this step: it must be done by 13:00 + 1 h.
    assert clocks.at_risk_from(OPEN, hanoi(23, 9), 120, 180, hanoi(24, 17)) == hanoi(24, 14)


def test_the_forecast_is_at_once_where_the_work_never_fitted():
    assert clocks.at_risk_from(OPEN, hanoi(24, 15), 120, 180, hanoi(24, 17)) == hanoi(24, 15)


def test_a_silent_supplement_is_warned_about_on_day_ten_and_fourteen_and_closed_after_fifteen():
    # Asked on Monday 23/11; working days are counted from Tuesday: the tenth is Monday 7/12.
    found = [(r.kind, r.day, r.at) for r in clocks.reminders_of_supplement(OPEN, RULES, hanoi(23, 9))]

    assert found == [
        ("silence", 10, hanoi(7, 17, month=12)),
        ("silence", 14, hanoi(11, 17, month=12)),
        ("closing", 15, hanoi(14, 17, month=12)),
    ]


def test_who_was_invited_and_does_not_come_is_warned_then_called_then_it_is_closed():
    # Invited on Monday 23/11: the fifth working day after it is Monday 30/11.
    found = [(r.kind, r.day, r.at) for r in clocks.reminders_of_visit(OPEN, RULES, hanoi(23, 9))]

    assert found == [
        ("not_come", 5, hanoi(30, 17)),
        ("not_come", 10, hanoi(7, 17, month=12)),
        ("desk_calls", 10, hanoi(7, 17, month=12)),
        ("not_come", 14, hanoi(11, 17, month=12)),
        ("closing", 15, hanoi(14, 17, month=12)),
    ]


def test_the_older_rule_sets_close_nothing_by_themselves():
    assert clocks.reminders_of_supplement(OPEN, rule_set("2018"), hanoi(23, 9)) == []
    assert clocks.reminders_of_visit(OPEN, rule_set("2018"), hanoi(23, 9)) == []


@pytest.mark.parametrize(
    ("reached", "said"),
    [
        (hanoi(23, 15, 59), "early"),
        (hanoi(23, 16), "early"),
        (hanoi(23, 16, 1), "on_time"),
        (hanoi(23, 17), "on_time"),
        (hanoi(23, 17) + timedelta(seconds=1), "late"),
    ],
)
def test_the_control_slip_says_early_on_time_or_late(reached, said):
    assert clocks.outcome(OPEN, RULES, hanoi(23, 17), reached) == said


# --- Whatever the times --------------------------------------------------------------------------------


@given(limits, moments, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_who_is_accepted_later_is_never_due_earlier(limit, accepted, later):
    assert clocks.result_due(OPEN, limit, accepted) <= clocks.result_due(OPEN, limit, accepted + later)


@given(limits, moments, st.lists(stretches, max_size=4), stretches)
def test_a_pause_never_shortens(limit, accepted, pauses, one_more):
    due = clocks.result_due(OPEN, limit, accepted, pauses)

    assert clocks.result_due(OPEN, limit, accepted, [*pauses, one_more]) >= due


@given(limits, moments, stretches, st.floats(0, 1))
def test_splitting_a_pause_changes_nothing(limit, accepted, pause, where):
    began, ended = pause
    between = began + (ended - began) * where

    whole = clocks.result_due(OPEN, limit, accepted, [pause])
    assert clocks.result_due(OPEN, limit, accepted, [(began, between), (between, ended)]) == whole


@given(limits, moments, st.lists(stretches, max_size=3), st.integers(-12, 14))
def test_the_zone_in_which_the_server_says_it_changes_nothing(limit, accepted, pauses, hours):
    zone = timezone(timedelta(hours=hours))
    elsewhere = [(began.astimezone(zone), ended.astimezone(zone)) for began, ended in pauses]

    assert clocks.result_due(OPEN, limit, accepted.astimezone(zone), elsewhere) == clocks.result_due(
        OPEN, limit, accepted, pauses
    )


@given(moments, st.lists(minutes, min_size=1, max_size=6))
def test_a_plan_without_a_limit_is_as_long_as_its_steps(start, steps):
    *_earlier, (_start, end) = clocks.plan(OPEN, start, steps, None)

    assert end == OPEN.add_minutes(start, sum(steps))


@given(moments, st.integers(1, 480), st.integers(0, 960), st.timedeltas(timedelta(hours=1), timedelta(days=9)))
def test_at_risk_means_that_what_remains_no_longer_fits(start, own, following, until):
    due = start + until
    at_risk = clocks.at_risk_from(OPEN, start, own, following, due)

    if at_risk > start:
        assert OPEN.minutes_between(at_risk, due) >= following
        assert OPEN.minutes_between(at_risk + timedelta(minutes=1), due) <= following
