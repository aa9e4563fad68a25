"""Owners and the people of their flat: inviting them in by e-mail address or phone number.

Whether there is an account behind an address is told to nobody: the invitation is found by whoever proves the
address or the number to be theirs.
"""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import override

from portal.core import audit, outbox, workflow
from portal.core.addresses import lasting
from portal.core.models import User

from ..models import Apartment, Residency
from . import actions, notifications, rules
from .models import Invitation
from .permissions import owns


class TooMany(Exception):
    """As many invitations of the flat are open as may be."""


class Lapsed(Exception):
    """The invitation was answered, taken back, is too old, or whoever wrote it does not own the flat any more."""


def invite(apartment: Apartment, *, by: User, at: datetime, email: str = "", phone: str = "") -> Invitation:
    """Ask somebody in. The same address again while it is open is one invitation. Raises PermissionDenied, TooMany."""
    with transaction.atomic():
        flat = workflow.lock(apartment)
        if not owns(by, flat):
            raise PermissionDenied
        standing = Invitation.objects.open(at).filter(apartment=flat)
        to = {"email": email.lower(), "phone": phone}
        already = standing.filter(invited_by=by, **to).first()
        if already:
            return already
        if standing.count() >= rules.INVITATIONS_OF_A_FLAT:
            raise TooMany
        made = Invitation.objects.create(
            apartment=flat, invited_by=by, invited_at=at, expires_at=at + rules.INVITATION_OPEN_FOR, **to
        )
        audit.record(made, "invite", by=by, at=at, ward_id=flat.building.ward_id)
        outbox.enqueue("residence.invite", str(made.pk), at=at, payload={"invitation_id": str(made.pk)})
    return made


def deliver(invitation_id: str, *, at: datetime) -> None:
    """Tell the invited: in the portal who has an account, by mail or SMS who has none. Run again, it may tell again."""
    invitation = Invitation.objects.open(at).filter(pk=invitation_id).select_related("apartment__building").first()
    if invitation is None:
        return
    account = _account_of(invitation)
    if account:
        notifications.invited(account, str(invitation.pk), invitation.apartment, at=at)
        return
    link = lasting(reverse("residence:invitation", args=[invitation.pk]))
    with override("vi"):
        title, text = notifications.invitation_words(invitation.apartment)
        if invitation.phone:
            import_string(settings.SMS_CHANNEL)(str(invitation.phone), f"{text} {link}")
            return
        body = render_to_string("residence/email/invitation.txt", {"text": text, "link": link})
    EmailMessage(subject=title, body=body, to=[invitation.email]).send()


def _account_of(invitation: Invitation) -> User | None:
    if invitation.phone:
        return User.objects.filter(phone=invitation.phone, phone_verified=True, is_active=True).first()
    proved = EmailAddress.objects.filter(email__iexact=invitation.email, verified=True, user__is_active=True)
    found = proved.select_related("user").first()
    return found.user if found else None


def accept(invitation: Invitation, *, by: User, at: datetime, phone_shown: bool = False) -> Residency:
    """The invited is a member of the household, confirmed by the owner who invited them. Raises Lapsed."""
    with transaction.atomic():
        locked = _open(invitation, by=by, at=at)
        residency = actions.admit(locked, by=by, at=at, phone_shown=phone_shown)
        locked.answered_at, locked.residency = at, residency
        locked.save(update_fields=["answered_at", "residency"])
    return residency


def decline(invitation: Invitation, *, by: User, at: datetime) -> None:
    """Raises Lapsed."""
    with transaction.atomic():
        locked = _open(invitation, by=by, at=at)
        locked.answered_at = at
        locked.save(update_fields=["answered_at"])
        audit.record(locked, "decline", by=by, at=at, ward_id=locked.apartment.building.ward_id)


def take_back(invitation: Invitation, *, by: User, at: datetime) -> None:
    """By an owner of the flat. What was answered or taken back stays. Raises PermissionDenied."""
    with transaction.atomic():
        locked = workflow.lock(invitation)
        if not owns(by, locked.apartment_id):
            raise PermissionDenied
        if locked.answered_at is None and locked.withdrawn_at is None:
            locked.withdrawn_at = at
            locked.save(update_fields=["withdrawn_at"])
            audit.record(locked, "take_back", by=by, at=at, ward_id=locked.apartment.building.ward_id)


def is_good(invitation: Invitation, *, at: datetime) -> bool:
    still_open = invitation.answered_at is None and invitation.withdrawn_at is None and invitation.expires_at > at
    return still_open and owns(invitation.invited_by, invitation.apartment_id)


def _open(invitation: Invitation, *, by: User, at: datetime) -> Invitation:
    """The invitation's row, locked, if it is this person's and still good. The flat is locked before it."""
    workflow.lock(invitation.apartment)
    locked = Invitation.objects.for_person(by).select_for_update(of=("self",)).filter(pk=invitation.pk).first()
    if locked is None or not is_good(locked, at=at):
        raise Lapsed
    return locked
