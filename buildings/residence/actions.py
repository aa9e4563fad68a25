"""Asking for a place in a flat, deciding about it, leaving it: one function an action, one transaction each.

The flat's row is locked before the residency's, so that two people who decide about two claims on one flat see
each other. All take `by` (who; None for the portal itself) and `at` (when).
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.base import ContentFile, File
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import override

from portal.core import audit, workflow
from portal.core.calendar import VIETNAM
from portal.core.files.uploads import inspect_upload
from portal.core.models import User

from ..models import Apartment, Residency
from . import letters, notifications, rules
from . import transitions as moves
from .models import Invitation
from .permissions import operates

Role, Evidence, ConfirmedAs = Residency.Role, Residency.Evidence, Residency.ConfirmedAs


class TooManyAsked(Exception):
    """The person waits for an answer about as many flats as one may."""


class AnotherOwner(Exception):
    """The flat has a confirmed owner: a second one is let in only by an operator who says that both own it."""

    def __init__(self, owners: list[Residency]) -> None:
        super().__init__(f"{len(owners)} confirmed")
        self.owners = owners


def check_dates(role: str, since: date | None, until: date | None, *, at: datetime) -> None:
    """Raises ValidationError, by field, for dates that cannot be those of somebody who lives there now."""
    today = at.astimezone(VIETNAM).date()
    wrong = {}
    if role == Role.TENANT and until is None:
        wrong["until"] = _("Nhập ngày hết hạn thuê.")
    elif until and until < today:
        wrong["until"] = _("Ngày này đã qua. Nhập ngày hết hạn của hợp đồng đang còn hiệu lực.")
    elif until and until > today + rules.LONGEST_LEASE:
        wrong["until"] = _("Ngày này quá xa. Hợp đồng thuê nhà ở không dài hơn 50 năm.")
    elif until and since and until < since:
        wrong["until"] = _("Ngày hết hạn phải sau ngày bắt đầu ở.")
    if wrong:
        raise ValidationError(wrong)


def claim(
    apartment: Apartment,
    *,
    by: User,
    at: datetime,
    role: str,
    since: date | None = None,
    until: date | None = None,
    phone_shown: bool = False,
    code: str = "",
    proof: File | None = None,
) -> Residency:
    """Ask for a place in a flat, with the code of its last letter or with a proof. Asked twice is asked once.

    A code shows that somebody can open the letter box, which is less than owning the flat: a tenant, a guest or a
    neighbour with a screwdriver can, too. It confirms at once only where nobody can object, because no owner is
    confirmed and nobody else says they own it; the letter is then used up and the operator sees what happened.
    Everywhere else it speaks for the claim, and the owner or the operator decides.

    Raises ValidationError (dates, upload), letters.WrongCode, TooManyAsked.
    """
    until = until if role != Role.OWNER else None
    check_dates(role, since, until, at=at)
    inspected = inspect_upload(proof) if proof else None
    with transaction.atomic():
        flat = workflow.lock(apartment)
        already = flat.residencies.open().filter(user=by).first()
        if already:
            return already
        # One's claims on several flats hold several flats' rows: what all of them count is counted behind one's own.
        list(User.objects.select_for_update(no_key=True).filter(pk=by.pk).values_list("pk"))
        if by.residencies.asked().count() >= rules.ASKED_AT_ONCE:
            raise TooManyAsked
        if code:
            letters.redeem(flat, code, by=by, at=at)
        claimed = Residency(
            user=by,
            apartment=flat,
            role=role,
            since=since,
            until=until,
            claimed_at=at,
            evidence=Evidence.LETTER if code else Evidence.PROOF,
            phone_shown=phone_shown,
        )
        if inspected:
            claimed.proof_name, claimed.proof_mime = inspected.name, inspected.mime
            claimed.proof.save(inspected.name, ContentFile(inspected.content), save=False)
        claimed.save()
        audit.record(claimed, "ask", by=by, at=at, public=True, role=role, evidence=claimed.evidence, until=until)
        if code and not _anybody_who_could_object(claimed):
            _confirm(claimed, by=None, confirmed_as=ConfirmedAs.LETTER, at=at)
        else:
            notifications.asked(claimed, at=at)
    return claimed


def _anybody_who_could_object(claimed: Residency) -> bool:
    others = claimed.apartment.residencies.owners().exclude(pk=claimed.pk)
    return others.confirmed().exists() or (claimed.role == Role.OWNER and others.asked().exists())


# --- Decisions ------------------------------------------------------------------------------------


def confirm(
    residency: Residency,
    *,
    by: User,
    at: datetime,
    co_owner: bool = False,
    family_of: Residency | None = None,
    family: Iterable[Residency] = (),
) -> Residency:
    """Raises what workflow.apply raises, and AnotherOwner unless the operator says that both own the flat.

    `family_of`: whose family a member is, an owner's or a tenant's; unless said, the tenant's who lives there.
    `family`: members confirmed before, who are this tenant's.
    """
    with _locked(residency) as (flat, locked):
        workflow.check(locked, moves.CONFIRM, by=by, at=at)
        owners = list(flat.residencies.confirmed().owners().select_related("user"))
        if locked.role == Role.OWNER and owners and not co_owner:
            raise AnotherOwner(owners)
        as_whom = ConfirmedAs.MANAGER if operates(by, flat.building_id) else ConfirmedAs.OWNER
        co_owner = bool(owners) and locked.role == Role.OWNER
        _confirm(locked, by=by, confirmed_as=as_whom, at=at, family_of=family_of, co_owner=co_owner)
        if locked.role == Role.TENANT:
            _without_tenant(flat).filter(pk__in=[member.pk for member in family]).update(tenant=locked)
    return locked


def refuse(residency: Residency, *, by: User, at: datetime, reason: str) -> Residency:
    with _locked(residency) as (_flat, locked):
        changes = {"ended_at": at, "ended_by": by, "reason": reason}
        workflow.apply(locked, moves.REFUSE, by=by, at=at, set=changes, reason=reason)
        notifications.refused(locked, at=at)
    return locked


def extend(residency: Residency, *, by: User, at: datetime, until: date) -> Residency:
    """Raises ValidationError for a day that is no later."""
    with _locked(residency) as (_flat, locked):
        workflow.check(locked, moves.EXTEND, by=by, at=at)
        check_dates(locked.role, locked.since, until, at=at)
        before = locked.until
        if before == until:
            return locked  # sent twice
        if before and until < before:
            raise ValidationError({"until": _("Ngày mới phải sau ngày hết hạn hiện nay. Chuyển đi sớm thì kết thúc.")})
        workflow.apply(locked, moves.EXTEND, by=by, at=at, set={"until": until}, before=before, until=until)
        notifications.extended(locked, at=at)
    return locked


def lead(residency: Residency, *, by: User, at: datetime) -> Residency:
    """Whom the managers turn to about the flat: one of those who live there, or none."""
    with _locked(residency) as (flat, locked):
        workflow.check(locked, moves.LEAD, by=by, at=at)
        flat.residencies.filter(is_head=True).update(is_head=False)
        workflow.apply(locked, moves.LEAD, by=by, at=at, set={"is_head": True})
    return locked


def end(residency: Residency, *, by: User, at: datetime, reason: str) -> Residency:
    """By an operator, or an owner of the flat."""
    return _end(residency, moves.END, by=by, at=at, reason=reason)


def end_of_lease(residency: Residency, *, today: date, at: datetime, reason: str) -> Residency:
    """By the portal, unless the lease was put off in the meantime."""
    with _locked(residency) as (_flat, locked):
        if locked.until is None or locked.until >= today:
            return locked
        return _end(locked, moves.END, by=None, at=at, reason=reason)


def leave(residency: Residency, *, by: User, at: datetime) -> Residency:
    """The person themself: takes back what is only asked, moves out of what is confirmed."""
    if residency.is_confirmed:
        return _end(residency, moves.MOVE_OUT, by=by, at=at, reason="")
    with _locked(residency) as (_flat, locked):
        workflow.apply(locked, moves.WITHDRAW, by=by, at=at, set={"ended_at": at, "ended_by": by})
    return locked


def show_phone(residency: Residency, shown: bool, *, by: User, at: datetime) -> Residency:
    """Let the building's managers see one's phone number, or no longer. Raises PermissionDenied."""
    with _locked(residency) as (_flat, locked):
        if by.pk != locked.user_id or not locked.is_open:
            raise PermissionDenied
        if locked.phone_shown != shown:
            locked.phone_shown = shown
            locked.save(update_fields=["phone_shown"])
            audit.record(locked, "phone_shown" if shown else "phone_hidden", by=by, at=at, public=True)
    return locked


def admit(invitation: Invitation, *, by: User, at: datetime, phone_shown: bool = False) -> Residency:
    """Whoever an owner invited is a member of the household, and so is confirmed who asked to be one before.

    What is more than a member, a lease with its days or a part of the flat, the invitation does not speak of: who asked
    for that goes on waiting for somebody who has seen it. The invitation is locked by the caller.
    """
    flat = workflow.lock(invitation.apartment)
    residency = flat.residencies.open().filter(user=by).first()
    if residency is None:
        residency = Residency.objects.create(
            user=by,
            apartment=flat,
            role=Role.MEMBER,
            claimed_at=at,
            since=at.astimezone(VIETNAM).date(),
            evidence=Evidence.INVITED,
            phone_shown=phone_shown,
        )
        audit.record(residency, "ask", by=by, at=at, public=True, role=Role.MEMBER, evidence=Evidence.INVITED)
    residency = workflow.lock(residency)
    if not residency.is_confirmed and residency.role == Role.MEMBER:
        _confirm(residency, by=invitation.invited_by, confirmed_as=ConfirmedAs.OWNER, at=at)
    return residency


# --- What they share ------------------------------------------------------------------------------


@contextmanager
def _locked(residency: Residency) -> Iterator[tuple[Apartment, Residency]]:
    with transaction.atomic():
        flat = workflow.lock(residency.apartment)
        locked = workflow.lock(residency)
        locked.apartment = flat
        yield flat, locked


def _confirm(
    locked: Residency,
    *,
    by: User | None,
    confirmed_as: str,
    at: datetime,
    family_of: Residency | None = None,
    **data,
) -> None:
    flat = locked.apartment
    if locked.role == Role.MEMBER:
        with_whom = family_of or flat.residencies.confirmed().tenants().order_by("-is_head", "-confirmed_at").first()
        locked.tenant = with_whom if with_whom and with_whom.role == Role.TENANT else None
        locked.save(update_fields=["tenant"])
    elif locked.role == Role.TENANT and not flat.residencies.confirmed().exclude(role=Role.MEMBER).exists():
        _without_tenant(flat).update(tenant=locked)  # nobody else's family they could be
    leads = locked.role != Role.MEMBER and not locked.apartment.residencies.confirmed().filter(is_head=True).exists()
    changes = {"confirmed_at": at, "confirmed_by": by, "confirmed_as": confirmed_as, "is_head": leads}
    workflow.apply(locked, moves.CONFIRM, by=by, at=at, set=changes, confirmed_as=confirmed_as, **data)
    with notifications.gathered():
        notifications.confirmed(locked, at=at)


def _without_tenant(flat: Apartment):
    return flat.residencies.confirmed().filter(role=Role.MEMBER, tenant=None)


def _end(residency: Residency, move: workflow.Transition, *, by: User | None, at: datetime, reason: str) -> Residency:
    with _locked(residency) as (flat, locked):
        changes = {"ended_at": at, "ended_by": by, "reason": reason, "is_head": False}
        workflow.apply(locked, move, by=by, at=at, set=changes, reason=reason)
        # Who leaves may still have the last letter, or invitations under way.
        letters.revoke([flat], at=at)
        Invitation.objects.open(at).filter(apartment=flat, invited_by=locked.user_id).update(withdrawn_at=at)
        with notifications.gathered():
            notifications.ended(locked, move=move.name, at=at)
            with override("vi"):
                why = _("Người thuê mà bạn ở cùng đã rời căn hộ.")
            for member in locked.family.confirmed():
                _end(member, moves.END, by=None, at=at, reason=why)
    return locked
