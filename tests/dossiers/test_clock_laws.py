"""What holds for every clock of a dossier: pausing never shortens, and how a pause is cut up changes nothing."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.calendar import CLOSED, VIETNAM, WorkingCalendar
from services.catalogue.definition import Limit
from services.dossiers import clocks

days = st.integers(0, 60).map(lambda n: date(2026, 2, 1) + timedelta(days=n))
calendars = st.builds(
    lambda closed, short: WorkingCalendar(
        special={**dict.fromkeys(closed, CLOSED), **dict.fromkeys(short, ((480, 690),))}
    ),
    st.sets(days, max_size=15),
    st.sets(days, max_size=5),
)
limits = st.one_of(
    st.just(Limit("same_day", 0)),
    st.builds(Limit, st.just("working_days"), st.integers(1, 15)),
    st.builds(Limit, st.just("days"), st.integers(1, 30)),
    st.builds(Limit, st.just("working_minutes"), st.integers(1, 480 * 15)),
)
instants = st.datetimes(
    datetime(2026, 2, 2),  # noqa: DTZ001 - the strategy adds the zones
    datetime(2026, 3, 20),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, VIETNAM]),
)
lengths = st.timedeltas(timedelta(), timedelta(days=10))
stretches = st.lists(st.builds(lambda began, length: (began, began + length), instants, lengths), max_size=4)


@given(calendars, limits, instants, stretches)
def test_pausing_never_shortens(calendar, limit, start, pauses):
    assert clocks.result_due(calendar, limit, start, pauses) >= clocks.result_due(calendar, limit, start)


@given(
    calendars, limits, instants, stretches, st.builds(lambda began, length: (began, began + length), instants, lengths)
)
def test_one_more_pause_never_shortens(calendar, limit, start, pauses, another):
    with_it = clocks.result_due(calendar, limit, start, [*pauses, another])
    assert with_it >= clocks.result_due(calendar, limit, start, pauses)


@given(calendars, limits, limits, instants, stretches)
def test_a_verification_never_brings_the_result_forward_and_is_paused_like_anything(
    calendar, limit, longer, start, pauses
):
    without = clocks.result_due(calendar, limit, start, pauses)
    asked = clocks.result_due(calendar, limit, start, pauses, longer)
    assert asked >= without
    assert asked in (without, clocks.result_due(calendar, longer, start, pauses))
    assert asked >= clocks.result_due(calendar, limit, start, (), longer)


@given(calendars, limits, limits, instants, instants, stretches)
def test_a_verification_of_what_was_accepted_later_never_ends_earlier(calendar, limit, longer, one, other, pauses):
    one, other = sorted((one, other), key=datetime.timestamp)
    first, second = (clocks.result_due(calendar, limit, start, pauses, longer) for start in (one, other))
    assert first <= second


@given(calendars, instants, st.integers(0, 480 * 20), st.integers(0, 480 * 5), st.integers(0, 480 * 10))
def test_the_step_that_asks_is_due_no_earlier_and_leaves_room_for_the_others(calendar, started, allowed, own, after):
    promised, due = calendar.add_minutes(started, allowed), calendar.add_minutes(started, own)
    stretched = clocks.verifying_due(calendar, due, after, promised)
    assert stretched >= due
    assert stretched == due or calendar.minutes_between(stretched, promised) >= after


@given(calendars, instants, instants, stretches)
def test_a_new_promise_is_moved_by_pauses_and_never_cuts_the_limit_short(calendar, new_due_at, result_due_at, pauses):
    promised = clocks.promised_anew(calendar, new_due_at, result_due_at, pauses)
    assert promised >= max(new_due_at, result_due_at)
    assert promised == max(calendar.add_minutes(new_due_at, clocks.paused_minutes(calendar, pauses)), result_due_at)
    assert promised >= clocks.promised_anew(calendar, new_due_at, result_due_at, pauses[:1])


@given(calendars, limits, instants, instants, lengths, lengths)
def test_a_longer_pause_never_ends_earlier(calendar, limit, start, began, one, other):
    short, long = sorted((one, other))
    ended = [clocks.result_due(calendar, limit, start, [(began, began + length)]) for length in (short, long)]
    assert ended == sorted(ended)


@given(calendars, limits, instants, instants, lengths, st.floats(0, 1), st.randoms())
def test_splitting_a_pause_changes_nothing(calendar, limit, start, began, length, where, random):
    ended, cut = began + length, began + length * where
    pieces = [(began, cut), (cut, ended)]
    random.shuffle(pieces)
    whole = clocks.result_due(calendar, limit, start, [(began, ended)])
    assert clocks.result_due(calendar, limit, start, pieces) == whole
    assert clocks.result_due(calendar, limit, start, [*pieces, (began, ended)]) == whole  # counted through once


@given(calendars, limits, instants, instants)
def test_a_pause_that_lasts_is_not_counted_before_it_ends(calendar, limit, start, began):
    assert clocks.result_due(calendar, limit, start, [(began, None)]) == clocks.result_due(calendar, limit, start)


@given(calendars, limits, instants, instants, stretches)
def test_whoever_is_accepted_later_is_never_owed_earlier(calendar, limit, one, other, pauses):
    one, other = sorted((one, other), key=datetime.timestamp)
    assert clocks.result_due(calendar, limit, one, pauses) <= clocks.result_due(calendar, limit, other, pauses)


@given(instants, st.lists(st.builds(lambda began, length: (began, began + length), instants, lengths), max_size=3))
def test_a_supplement_restarts_the_limit_and_never_takes_it_back(accepted, supplements):
    restarted = clocks.counted_from(accepted, supplements)
    assert restarted >= accepted
    assert restarted in [accepted, *(ended for _began, ended in supplements)]


@given(calendars, instants, st.integers(1, 480 * 5), instants, lengths)
def test_a_step_that_was_paused_is_due_no_earlier(calendar, started, minutes, paused, length):
    result_due_at = datetime(2026, 6, 1, tzinfo=UTC)  # far away: the promise does not cut it short
    due = calendar.add_minutes(started, minutes)
    started, paused, due = (moment.replace(second=0, microsecond=0) for moment in (started, paused, due))
    if not started <= paused <= due:
        paused = started
    resumed = clocks.resumed_due(calendar, due, paused, paused + length, result_due_at)
    assert resumed >= due or calendar.minutes_between(resumed, due) == 0


# --- Reckoned by hand: a step of three hours begun on Wednesday 18/11/2026 at 09:00, due at noon --------


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
    resumed_due = clocks.resumed_due(WorkingCalendar(), at("18/11/2026 12:00"), at(paused), at(resumed), promised)
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
    assert clocks.result_due(WorkingCalendar(), limit, at("16/11/2026 09:00"), stood_still) == at(due)
