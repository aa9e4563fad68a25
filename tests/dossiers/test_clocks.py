"""Due times as functions of facts. Expected times are reckoned by hand (what holds
whatever the times: `test_clock_laws.py`); Hanoi is seven hours ahead of UTC."""

from datetime import datetime, timedelta

import pytest

from portal.core.calendar import VIETNAM, WorkingCalendar
from services.catalogue.definition import Limit
from services.dossiers import clocks
from services.dossiers.rules import rule_set

OPEN = WorkingCalendar()  # Monday to Friday, 8:00–12:00 and 13:00–17:00, no holiday
RULES = rule_set("2026")


def hanoi(day, hour, minute=0, *, month=11):
    return datetime(2026, month, day, hour, minute, tzinfo=VIETNAM)


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


def test_a_supplement_starts_the_limit_from_zero():
    since = clocks.counted_from(hanoi(23, 9), [(hanoi(24, 10), hanoi(26, 11))])

    assert clocks.result_due(OPEN, Limit("working_days", 3), since) == hanoi(1, 17, month=12)


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


# --- Standing still: a step of three hours begun on Wednesday 18/11/2026 at 09:00, due at noon -----------------


def at(text: str) -> datetime:
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("paused", "resumed", "due"),
    [
        # Two hours were left and nothing stood still.
        ("18/11/2026 10:00", "18/11/2026 10:00", "18/11/2026 12:00"),
        # Over lunch no working time stands still.
        ("18/11/2026 12:00", "18/11/2026 13:00", "18/11/2026 13:00"),
        # Two hours were left: one until closing, one on Thursday.
        ("18/11/2026 10:00", "18/11/2026 16:00", "19/11/2026 09:00"),
        # Two hours were left: half an hour of Friday, one and a half of Monday.
        ("18/11/2026 10:00", "20/11/2026 16:30", "23/11/2026 09:30"),
        # From Monday 13:00 on two hours, but the result is promised for Monday 14:00.
        ("18/11/2026 10:00", "23/11/2026 13:00", "23/11/2026 14:00"),
        # It was due before it stood still: nothing is left of it.
        ("18/11/2026 14:00", "19/11/2026 10:00", "19/11/2026 10:00"),
    ],
)
def test_what_was_left_of_a_step_runs_on_after_a_pause(paused, resumed, due):
    promised = at("23/11/2026 14:00")
    resumed_due = clocks.resumed_due(OPEN, at("18/11/2026 12:00"), at(paused), at(resumed), promised)
    assert resumed_due == at(due)


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        # Monday is not counted; Tue 17, Wed 18, Thu 19.
        ([], "19/11/2026 17:00"),
        # Eight working hours of waiting for the fee: Tuesday 10:00 to Wednesday 10:00, hence one day more.
        ([("17/11/2026 10:00", "18/11/2026 10:00")], "20/11/2026 17:00"),
        # Four hours: from closing on Thursday to noon on Friday.
        ([("17/11/2026 08:00", "17/11/2026 12:00")], "20/11/2026 12:00"),
        # Lunch and the night hold no working time.
        ([("17/11/2026 12:00", "17/11/2026 13:00"), ("17/11/2026 17:00", "18/11/2026 08:00")], "19/11/2026 17:00"),
        # Two pauses that share an hour: Tuesday 08:00 to 12:00 once, not five hours.
        ([("17/11/2026 08:00", "17/11/2026 11:00"), ("17/11/2026 10:00", "17/11/2026 12:00")], "20/11/2026 12:00"),
    ],
)
def test_three_working_days_from_monday_16_11_with_pauses(pauses, due):
    stood_still = [(at(began), at(ended)) for began, ended in pauses]
    limit = Limit("working_days", 3)
    assert clocks.result_due(OPEN, limit, at("16/11/2026 09:00"), stood_still) == at(due)
