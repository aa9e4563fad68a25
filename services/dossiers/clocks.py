"""Due times as functions of recorded facts: when it was accepted, when the clock stood still.

Nothing here reads the clock or writes a row; `steps.py` stores what these return, for indexes.
A stretch in which the next word is the resident's is a pause: a fee moves the due time by the working
time it took; a supplement starts the limit anew from the moment it was complete (NĐ 297/2025).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time

from portal.core.calendar import WorkingCalendar
from services.catalogue.definition import Limit

from .rules import RuleSet

Stretch = tuple[datetime, datetime | None]  # began, ended; None while it lasts

LATE, FORECAST, DAY_BEFORE, INTAKE_ALERT = "late", "forecast", "day_before", "intake_alert"
SILENCE, CLOSING, AGREED = "silence", "closing", "agreed"
NOT_COME, DESK_CALLS = "not_come", "desk_calls"


def result_due(
    calendar: WorkingCalendar,
    limit: Limit,
    counted_from: datetime,
    stood_still: Iterable[Stretch] = (),
    longer: Limit | None = None,
) -> datetime:
    """When the result is owed. The day of acceptance is not counted in days.

    `stood_still` are the pauses since, other than for a supplement: the time they took is added.
    `longer` is the limit that holds from the same moment once another agency was asked to verify
    something (Luật Hộ tịch art. 18; NĐ 123/2015 art. 22): asking never brings the due time forward.
    """
    due = max(limit_ends(calendar, each, counted_from) for each in (limit, longer) if each)
    return calendar.add_minutes(due, paused_minutes(calendar, stood_still))


def limit_ends(calendar: WorkingCalendar, limit: Limit, counted_from: datetime) -> datetime:
    """When a limit that nothing interrupts is over."""
    match limit.kind:
        case "same_day":
            return calendar.same_day_due(counted_from, limit.cutoff_time)
        case "working_days":
            return calendar.end_of_nth_working_day(counted_from, limit.amount)
        case "days":
            return calendar.end_of_nth_day(counted_from, limit.amount)
        case _:
            return calendar.add_minutes(counted_from, limit.amount)


def promised_anew(
    calendar: WorkingCalendar, new_due_at: datetime, result_due_at: datetime, stood_still: Iterable[Stretch] = ()
) -> datetime:
    """When the result is owed after an apology promised `new_due_at`.

    `stood_still` are the pauses since the apology, other than for a supplement: the word was given for
    the ward's own work, so they move it like any due time. A limit counted anew since then
    (`result_due_at`) is never cut short by the older promise.
    """
    return max(calendar.add_minutes(new_due_at, paused_minutes(calendar, stood_still)), result_due_at)


def paused_minutes(calendar: WorkingCalendar, stood_still: Iterable[Stretch]) -> int:
    """Working minutes of the pauses that have ended. Counted through each instant once."""
    return sum(calendar.minutes_between(began, ended) for began, ended in _joined(stood_still))


def counted_from(accepted_at: datetime, supplements: Iterable[Stretch]) -> datetime:
    """The instant the limit is counted from: after full receipt it is counted anew from the start
    (NĐ 297/2025), so the end of the last supplement, or the acceptance itself."""
    return max([accepted_at, *(ended for _began, ended in supplements if ended)])


def intake_alert(calendar: WorkingCalendar, rules: RuleSet, received_at: datetime) -> datetime:
    return calendar.add_minutes(received_at, rules.intake_alert_minutes)


def intake_due(calendar: WorkingCalendar, rules: RuleSet, received_at: datetime) -> datetime:
    """The desk accepts, asks or refuses within eight working hours (NĐ 297/2025)."""
    return calendar.add_minutes(received_at, rules.intake_minutes)


def transfer_due(
    calendar: WorkingCalendar, rules: RuleSet, accepted_at: datetime, result_due_at: datetime, cutoff: str = ""
) -> datetime:
    """When an accepted dossier has been handed on: the same working day; what was accepted after the
    cut-off, early on the next one. Never after the result itself is due."""
    closing = calendar.same_day_due(accepted_at, time.fromisoformat(cutoff or rules.transfer_cutoff))
    if closing.date() != accepted_at.astimezone(closing.tzinfo).date():
        opening = calendar.next_opening(closing.replace(hour=0, minute=0))
        closing = calendar.add_minutes(opening, rules.transfer_minutes)
    return min(closing, result_due_at)


def step_due(calendar: WorkingCalendar, started_at: datetime, minutes: int, result_due_at: datetime | None) -> datetime:
    """When a step is owed: its working minutes from its start, never beyond the result's due time
    unless it began later than that."""
    planned = calendar.add_minutes(started_at, minutes)
    if result_due_at is None or started_at >= result_due_at:
        return planned
    return min(planned, result_due_at)


def verifying_due(calendar: WorkingCalendar, due_at: datetime, following: int, result_due_at: datetime) -> datetime:
    """When the step is owed in which another agency is asked: it has all the time of the longer limit but
    the `following` minutes the steps after it need. Never earlier than it was due without."""
    return max(due_at, calendar.subtract_minutes(result_due_at, following))


def resumed_due(
    calendar: WorkingCalendar,
    due_at: datetime,
    paused_at: datetime,
    resumed_at: datetime,
    result_due_at: datetime | None,
) -> datetime:
    """A step's due time after a pause: what was left of its time then, from now on. A begun minute is whole."""
    left = max(0, calendar.minutes_between(paused_at, due_at))
    if calendar.add_minutes(paused_at, left) < due_at:
        left += 1
    return step_due(calendar, resumed_at, left, result_due_at)


def plan(
    calendar: WorkingCalendar, start: datetime, minutes: Iterable[int], result_due_at: datetime | None
) -> Iterator[tuple[datetime, datetime]]:
    """Planned start and due time of steps that follow one another."""
    for amount in minutes:
        due = step_due(calendar, start, amount, result_due_at)
        yield start, due
        start = due


def at_risk_from(
    calendar: WorkingCalendar, started_at: datetime, minutes: int, following: int, result_due_at: datetime
) -> datetime:
    """From when on the work that remains no longer fits into the time that remains.

    `minutes` are the current step's, `following` those of all steps after it. At once when it never
    fitted; else when only the following steps still fit before the result is due.
    """
    if minutes + following > calendar.minutes_between(started_at, result_due_at):
        return started_at
    return calendar.subtract_minutes(result_due_at, following)


@dataclass(frozen=True)
class Reminder:
    """Something the watch has to do at an instant. `kind` is one of the constants above."""

    at: datetime
    kind: str
    day: int = 0  # of the silence: on a supplement, after an invitation


def reminders_of_step(
    calendar: WorkingCalendar,
    rules: RuleSet,
    *,
    started_at: datetime,
    due_at: datetime,
    received: bool,
    at_risk_at: datetime | None = None,
    result_due_at: datetime | None = None,
) -> list[Reminder]:
    """What has to be said of the current step while the clock runs, in order.

    `received` is False as long as the desk has not accepted the dossier.
    """
    found = [Reminder(due_at, LATE)]
    if not received:
        found.append(Reminder(intake_alert(calendar, rules, started_at), INTAKE_ALERT))
    if at_risk_at and at_risk_at < due_at:
        found.append(Reminder(at_risk_at, FORECAST))
    if result_due_at:
        ahead = calendar.subtract_minutes(result_due_at, rules.forecast_minutes)
        if ahead > started_at:
            found.append(Reminder(ahead, DAY_BEFORE))
    return sorted(found, key=lambda reminder: reminder.at)


def reminders_of_supplement(calendar: WorkingCalendar, rules: RuleSet, sent_at: datetime) -> list[Reminder]:
    """Warnings on the tenth and fourteenth silent working day, closing after the fifteenth."""
    if not rules.supplement_silence_days:
        return []
    days = [(day, SILENCE) for day in rules.supplement_warning_days] + [(rules.supplement_silence_days, CLOSING)]
    return [Reminder(calendar.end_of_nth_working_day(sent_at, day), kind, day) for day, kind in days]


def reminders_of_visit(calendar: WorkingCalendar, rules: RuleSet, silent_since: datetime) -> list[Reminder]:
    """An invited person who does not come is warned, then the desk is asked to call them, then it is closed.

    `silent_since`: the invitation, or the time they last said they would come.
    """
    if not rules.visit_silence_days:
        return []
    days = [(day, NOT_COME) for day in rules.visit_warning_days]
    days += [(day, DESK_CALLS) for day in rules.visit_desk_days]
    days.append((rules.visit_silence_days, CLOSING))
    return [
        Reminder(calendar.end_of_nth_working_day(silent_since, day), kind, day)
        for day, kind in sorted(days, key=lambda each: each[0])
    ]


def reminders_of_confirmation(calendar: WorkingCalendar, rules: RuleSet, asked_at: datetime) -> list[Reminder]:
    """Silence is agreement after one working day."""
    return [Reminder(calendar.end_of_nth_working_day(asked_at, rules.confirmation_days), AGREED)]


def outcome(calendar: WorkingCalendar, rules: RuleSet, due_at: datetime, reached_at: datetime) -> str:
    """Early, on time or late, as the control slip says it."""
    if reached_at > due_at:
        return "late"
    return "early" if calendar.minutes_between(reached_at, due_at) >= rules.early_minutes else "on_time"


def _joined(stretches: Iterable[Stretch]) -> Iterator[tuple[datetime, datetime]]:
    """Ended stretches, those that touch or overlap as one: splitting a pause changes nothing."""
    last: tuple[datetime, datetime] | None = None
    for began, ended in sorted((began, ended) for began, ended in stretches if ended):
        if last and began <= last[1]:
            last = (last[0], max(last[1], ended))
            continue
        if last:
            yield last
        last = (began, ended)
    if last:
        yield last
