"""What leads to living in a flat: a code in its letter box, an invitation of its owner."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ..models import Apartment, Residency


class LetterCodeQuerySet(models.QuerySet):
    def usable(self, at):
        return self.filter(used_at=None, revoked_at=None, expires_at__gt=at)


class LetterCode(models.Model):
    """A letter in a flat's box carries a code; only its digest is kept. Used once, the newest alone is good."""

    apartment = models.ForeignKey(Apartment, models.CASCADE, related_name="letters")
    digest = models.CharField(max_length=64, unique=True)
    printed_at = models.DateTimeField()
    printed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    used_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)

    objects = LetterCodeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-printed_at", "-pk"]
        verbose_name = _("thư có mã")
        verbose_name_plural = _("thư có mã")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["apartment"], condition=Q(used_at=None, revoked_at=None), name="letter_one_open_a_flat"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apartment}, {self.printed_at:%d/%m/%Y}"


class InvitationQuerySet(models.QuerySet):
    def open(self, at):
        return self.filter(answered_at=None, withdrawn_at=None, expires_at__gt=at)

    def for_person(self, user):
        """Those sent to an e-mail address or a phone number this person has proved to be theirs."""
        if not user.is_authenticated:
            return self.none()
        emails = [
            address.lower() for address in user.emailaddress_set.filter(verified=True).values_list("email", flat=True)
        ]
        to = Q(email__in=emails)
        if user.phone and user.phone_verified:
            to |= Q(phone=user.phone)
        return self.filter(to)


class Invitation(models.Model):
    """The owner of a flat asks somebody of their household in, by e-mail address or phone number."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    apartment = models.ForeignKey(Apartment, models.CASCADE, related_name="invitations")
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    email = models.EmailField(blank=True)
    phone = PhoneNumberField(blank=True)
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    residency = models.ForeignKey(Residency, models.SET_NULL, null=True, related_name="+", help_text="when accepted")
    withdrawn_at = models.DateTimeField(null=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-invited_at"]
        verbose_name = _("lời mời vào hộ")
        verbose_name_plural = _("lời mời vào hộ")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(email="") & ~Q(phone="") | ~Q(email="") & Q(phone=""),
                name="invitation_by_one_way",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.apartment}: {self.email or self.phone}"
