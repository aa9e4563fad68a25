"""What holds for every clock of a dossier: pausing never shortens, and how a pause is cut up changes nothing."""

from datetime import UTC, date, datetime, timedelta, timezone

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


@given(calendars, limits, instants, stretches, st.integers(-12, 14))
def test_the_zone_in_which_the_server_says_it_changes_nothing(calendar, limit, accepted, pauses, hours):
    zone = timezone(timedelta(hours=hours))
    elsewhere = [(began.astimezone(zone), ended.astimezone(zone)) for began, ended in pauses]

    assert clocks.result_due(calendar, limit, accepted.astimezone(zone), elsewhere) == clocks.result_due(
        calendar, limit, accepted, pauses
    )


@given(calendars, instants, st.lists(st.integers(0, 5 * 480), min_size=1, max_size=6))
def test_a_plan_without_a_limit_is_as_long_as_its_steps(calendar, start, steps):
    *_earlier, (_start, end) = clocks.plan(calendar, start, steps, None)

    assert end == calendar.add_minutes(start, sum(steps))


@given(
    calendars,
    instants,
    st.integers(1, 480),
    st.integers(0, 960),
    st.timedeltas(timedelta(hours=1), timedelta(days=9)),
)
def test_at_risk_means_that_what_remains_no_longer_fits(calendar, start, own, following, until):
    due = start + until
    at_risk = clocks.at_risk_from(calendar, start, own, following, due)

    if at_risk > start:
        assert calendar.minutes_between(at_risk, due) >= following
        assert calendar.minutes_between(at_risk + timedelta(minutes=1), due) <= following
