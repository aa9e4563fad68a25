"""Carrying a reorganisation out, piece by piece: each piece a transaction, each safe to repeat.

The order keeps every step owned and every door shut that must be: the closing wards take nothing new,
the people begin in their new wards, dossiers and documents follow them, then buildings, and only then
positions end and wards close. Killed at any line, the next turn goes on with what is left, because what
is left is read off the rows themselves. The outbox gives the turns; `manage.py carry_out` too.
"""

import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from buildings import absences
from buildings.models import Building, Membership, MembershipTransfer, Reorganisation, Ward, WardSuccession
from buildings.requests import referrals
from portal.core import audit, outbox, page_cache
from portal.core.models import User
from services.appointments import succession as appointments
from services.documents import custody
from services.documents.models import IssuedDocument
from services.dossiers import actions
from services.dossiers.assignment import NobodyToOwn
from services.dossiers.models import OPEN_STATES, Dossier

from ..editing.editors import settle
from ..subscriptions import actions as subscriptions
from . import closing, notifications, planning, reporting
from .planning import Plan
from .preview import obstacles, preview

JOB = "tenancy.carry_out"
SECONDS_A_TURN = 30.0  # well within the outbox's lease
AT_ONCE = 200  # keys read at a time


class NotReady(Exception):
    """The plan cannot be confirmed; `obstacles` says why, in words."""

    def __init__(self, obstacles: list[str]) -> None:
        super().__init__("; ".join(obstacles))
        self.obstacles = obstacles


def confirm(plan: Reorganisation, *, by: User, at: datetime) -> Reorganisation:
    """Let it happen, on the day it takes effect (now, if that has come). Confirmed twice is confirmed once.

    Raises NotReady.
    """
    with transaction.atomic():
        locked = Reorganisation.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if locked.confirmed_at:
            return locked
        if found := obstacles(Plan(locked), at=at):
            raise NotReady(found)
        locked.confirmed_by, locked.confirmed_at = by, at
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record(locked, "reorganisation.confirmed", by=by, at=at, effective_on=locked.effective_on)
        promise(locked, at=max(at, planning.begins_at(locked)), turn=f"{at.timestamp()}")
        return locked


def call_back(plan: Reorganisation, *, by: User, at: datetime) -> bool:
    """Take the confirmation back, while nothing has been done. False when it is too late."""
    with transaction.atomic():
        locked = Reorganisation.objects.select_for_update(of=("self",)).get(pk=plan.pk)
        if locked.begun_at or not locked.confirmed_at:
            return False
        locked.confirmed_by = locked.confirmed_at = None
        locked.save(update_fields=["confirmed_by", "confirmed_at"])
        audit.record(locked, "reorganisation.called_back", by=by, at=at)
        return True


def promise(plan: Reorganisation, *, at: datetime, turn: str) -> None:
    outbox.enqueue(JOB, f"{plan.pk}:{turn}", at=at, payload={"plan_id": plan.pk, "turn": turn})


def take_turn(plan_id: int, turn: str, *, clock: Callable[[], datetime]) -> None:
    """Do as much as fits into a turn, and promise the next while something is left."""
    if not carry_out(plan_id, clock=clock, seconds=SECONDS_A_TURN):
        plan = Reorganisation.objects.get(pk=plan_id)
        promise(plan, at=clock(), turn=f"{turn.partition('+')[0]}+{clock().timestamp()}")


def carry_out(plan_id: int, *, clock: Callable[[], datetime], seconds: float | None = None) -> bool:
    """Go on with a confirmed plan; True when nothing is left to do.

    Raises NobodyToOwn when a dossier has nobody to go to; the plan says so, and goes on where it stood
    once there is somebody.
    """
    plan = Reorganisation.objects.get(pk=plan_id)
    if plan.done_at or not plan.confirmed_at or clock() < planning.begins_at(plan):
        return True
    until = time.monotonic() + seconds if seconds else None
    try:
        for piece in _pieces(plan, clock):
            if piece() and until and time.monotonic() > until:
                return False  # only after something was done: every turn gets on
    except NobodyToOwn as error:
        words = _("Có hồ sơ chưa có người nhận (%(where)s). Thêm người cho vị trí đó rồi chạy tiếp.") % {"where": error}
        Reorganisation.objects.filter(pk=plan_id).update(stuck=words[:300])
        raise
    return True


def _pieces(plan: Reorganisation, clock: Callable[[], datetime]) -> Iterator[Callable[[], bool]]:
    """What is left to do, in order. Each piece is a transaction of its own and says whether it did something."""
    read = Plan(plan)
    yield lambda: _begin(read, at=clock())
    for one in read.transfers:
        if one.moved_at is None:
            yield lambda one=one: _begin_position(read, one.pk, at=clock())
    for old in read.defaults:
        yield lambda old=old: _follow_absences(read, old, at=clock())
    for old, new in read.defaults.items():
        for pk in _dossiers_to_move(read, old, new):
            yield lambda pk=pk, old=old: _move_dossier(read, pk, old, at=clock())
        for pk in _drafts_to_move(read, old, new):
            yield lambda pk=pk, old=old: _move_draft(read, pk, old, at=clock())
        if old != new:
            yield lambda old=old: _pass_documents_on(read, old)
    for line in read.lines:
        if line.building_id and line.moved_at is None:
            yield lambda line=line: _move_building(line.pk, at=clock())
        while subscriptions.has_left_behind(line.building, line.new):
            yield lambda line=line: subscriptions.follow_building(line.building, line.new, at=clock()) > 0
    for old in read.defaults:
        yield lambda old=old: _end_positions(read, old, at=clock())
    for old in read.closing:
        successors = read.successors_of(old)
        while old.subscriptions.exists():
            yield lambda old=old, to=successors: subscriptions.follow_ward(old, to, at=clock()) > 0
    for old in read.closing:
        yield lambda old=old: _close(read, old, at=clock())
    yield lambda: _finish(read, at=clock())


# --- Pieces ------------------------------------------------------------------------------------------------


@transaction.atomic
def _begin(read: Plan, *, at: datetime) -> bool:
    """Count what there is, and let the closing wards take nothing new."""
    locked = Reorganisation.objects.select_for_update(of=("self",)).get(pk=read.reorganisation.pk)
    if locked.begun_at:
        return False
    locked.before = reporting.counted(preview(locked, at=at))
    locked.begun_at = at
    locked.save(update_fields=["before", "begun_at"])
    Ward.objects.filter(pk__in=[ward.pk for ward in read.closing]).update(is_open=False)
    page_cache.purge(*(page_cache.ward(ward.pk) for ward in read.closing))
    audit.record(locked, "reorganisation.begun", by=None, at=at)
    return True


@transaction.atomic
def _begin_position(read: Plan, transfer_id: int, *, at: datetime) -> bool:
    """The person begins in the new ward. The old position ends when everything has moved."""
    transfer = (
        MembershipTransfer.objects.select_for_update(of=("self",))
        .select_related("membership", "new")
        .get(pk=transfer_id)
    )
    if transfer.moved_at:
        return False
    before = transfer.membership
    same = {"user_id": before.user_id, "position": before.position, "ward": transfer.new, "building": None}
    if before.ended_at is None and not Membership.objects.current().filter(**same).exists():
        made = Membership.objects.create(**same, title=before.title, began_at=at)
        settle(made.user)
        notifications.position_begun(made, because=read.reorganisation.decision, at=at)
        audit.record(
            transfer.new,
            "position.begun",
            by=None,
            at=at,
            ward_id=transfer.new_id,
            person=before.user_id,
            position=before.position,
        )
    transfer.moved_at = at
    transfer.save(update_fields=["moved_at"])
    return True


def _follow_absences(read: Plan, old: Ward, *, at: datetime) -> bool:
    """Who is away stays away, where the person who stands in has come along."""
    going = {(one.membership.user_id, one.new) for one in read.transfers if one.membership.ward_id == old.pk}
    return sum(absences.follow(user_id, old, new, at=at) for user_id, new in going) > 0


def _dossiers_to_move(read: Plan, old: Ward, new: Ward) -> Iterator:
    """Keys of sent dossiers that are still the old ward's and have to go."""
    sent = Dossier.objects.sent().filter(ward=old)
    if old != new:
        yield from _keys(sent)
        return
    for owners in _batches(read.people_elsewhere(old)):
        yield from _keys(sent.filter(owner__in=owners, state__in=OPEN_STATES))


def _drafts_to_move(read: Plan, old: Ward, new: Ward) -> Iterator:
    drafts = Dossier.objects.drafts().filter(ward=old)
    if old != new:
        yield from _keys(drafts)
        return
    for owners in _batches(read.people_elsewhere(old)):
        yield from _keys(drafts.filter(owner__in=owners))


def _keys(rows) -> Iterator:
    """Every key once, in order, however many there are; rows that go meanwhile are not missed."""
    last = None
    while True:
        page = rows.filter(pk__gt=last) if last else rows
        keys = list(page.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
        if not keys:
            return
        yield from keys
        last = keys[-1]


def _batches(people: dict[int, int]) -> Iterator[list[int]]:
    every = sorted(people)
    for start in range(0, len(every), AT_ONCE):
        yield every[start : start + AT_ONCE]


@transaction.atomic
def _move_dossier(read: Plan, pk, old: Ward, *, at: datetime) -> bool:
    """The dossier with its steps, its visit and the keeping of its documents: all of it or nothing."""
    dossier = Dossier.objects.select_related("ward", "owner").get(pk=pk)
    if dossier.ward_id != old.pk:
        return False
    new = read.successor_of(dossier.owner_id, old)
    because = read.reorganisation.decision
    if actions.change_ward(dossier, new, at=at, because=because, reorganisation=read.reorganisation.pk):
        moved = Dossier.objects.with_people().get(pk=pk)
        custody.pass_on(IssuedDocument.objects.about(moved), new)
        if moved.is_open:
            appointments.follow(moved, at=at)
    return True


@transaction.atomic
def _move_draft(read: Plan, pk, old: Ward, *, at: datetime) -> bool:
    draft = Dossier.objects.filter(pk=pk).select_related("ward", "version", "owner").first()
    if draft is None or draft.ward_id != old.pk:  # thrown away or moved meanwhile
        return False
    new = read.successor_of(draft.owner_id, old)
    because = read.reorganisation.decision
    return actions.change_ward_of_draft(draft, new, at=at, because=because, reorganisation=read.reorganisation.pk)


def _pass_documents_on(read: Plan, old: Ward) -> bool:
    """Documents of a closing ward, and of those it took over from, that no dossier has taken along."""
    left = IssuedDocument.objects.filter(Q(ward=old, kept_by=None) | Q(kept_by=old))
    elsewhere, count = read.people_elsewhere(old), 0
    for owners in _batches(elsewhere):
        for new in {elsewhere[owner] for owner in owners}:
            theirs = [owner for owner in owners if elsewhere[owner] == new]
            count += custody.pass_on(left.filter(owner__in=theirs), read.ward(new))
    return count + custody.pass_on(left, read.defaults[old]) > 0


@transaction.atomic
def _move_building(line_id: int, *, at: datetime) -> bool:
    """The building, its flats and who lives there; its managers go with it. Its old address leads on."""
    line = WardSuccession.objects.select_for_update(of=("self",)).select_related("old", "new").get(pk=line_id)
    if line.moved_at:
        return False
    building = Building.objects.select_for_update(of=("self",)).get(pk=line.building_id)
    line.former_slug, line.moved_at = building.slug, at
    line.save(update_fields=["former_slug", "moved_at"])
    if line.new_id == line.old_id:
        return True
    building.slug = _free_slug(building, line)
    building.ward = line.new
    building.save(update_fields=["ward", "slug"])
    page_cache.purge(page_cache.ward(line.old_id))
    Membership.objects.current().filter(building=building).exclude(ward=None).update(ward=line.new)
    referrals.move_to(line.new, building, at=at)
    audit.record(
        building,
        "building.moved",
        by=None,
        at=at,
        ward_id=line.new_id,
        public=True,
        from_ward=str(line.old),
        to_ward=str(line.new),
    )
    return True


def _free_slug(building: Building, line: WardSuccession) -> str:
    taken = set(Building.objects.filter(ward=line.new).values_list("slug", flat=True))
    wanted = [building.slug, f"{building.slug}-{line.old.slug}"[:50], f"{building.slug[:40]}-{building.pk}"]
    return next(slug for slug in wanted if slug not in taken)


@transaction.atomic
def _end_positions(read: Plan, old: Ward, *, at: datetime) -> bool:
    """Everybody's in a closing ward; in one that goes on, of those who went elsewhere."""
    ending = Membership.objects.current().filter(ward=old, building=None)
    going = {one.membership_id for one in read.transfers}
    if read.defaults[old] == old:
        ending = ending.filter(pk__in=going)
    ending = list(ending.select_related("user", "ward"))
    for membership in ending:
        closing.end_position(membership, at=at)
        if membership.pk not in going:
            notifications.position_ended(membership, because=read.reorganisation.decision, at=at)
    return bool(ending)


@transaction.atomic
def _close(read: Plan, old: Ward, *, at: datetime) -> bool:
    page_cache.purge(*(page_cache.ward(ward.pk) for ward in read.successors))
    shut = closing.shut(old, at=at, because=read.reorganisation.decision)
    WardSuccession.objects.filter(reorganisation=read.reorganisation, old=old, building=None, moved_at=None).update(
        moved_at=at
    )
    return shut


@transaction.atomic
def _finish(read: Plan, *, at: datetime) -> bool:
    locked = Reorganisation.objects.select_for_update(of=("self",)).get(pk=read.reorganisation.pk)
    if locked.done_at:
        return False
    locked.lines.filter(moved_at=None).update(moved_at=at)
    locked.done_at, locked.stuck = at, ""
    locked.report = reporting.result(locked)
    locked.save(update_fields=["done_at", "stuck", "report"])
    audit.record(locked, "reorganisation.done", by=None, at=at, **locked.report.get("totals", {}))
    return True
