"""Whoever else has a part in a request: a contractor with a link, the ward with what is the ward's to solve."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from ...roles import Position
from .requests import WHAT_LENGTH, BuildingRequest

ANSWERING_POSITIONS = (Position.CLERK, Position.SPECIALIST, Position.LEADER)  # of a ward, to what is handed over to it


class ContractorLink(models.Model):
    """A contractor works on one request without an account: an address that shows only it, and expires.

    Only the digest of its secret is kept; a new link is a new row.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(BuildingRequest, models.CASCADE, related_name="contractor_links")
    name = models.CharField(_("nhà thầu, người làm"), max_length=120)
    phone = PhoneNumberField(_("điện thoại"), blank=True)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True, help_text="first opened")
    finished_at = models.DateTimeField(null=True, help_text="when they last said that the work is done")

    class Meta:
        ordering: ClassVar = ["made_at"]

    def __str__(self) -> str:
        return self.name


class WardReferralQuerySet(models.QuerySet):
    def at_desk_of(self, user):
        """Of the wards at whose one-stop desk the user works; the police have no part in it."""
        if not user.is_authenticated:
            return self.none()
        held = user.memberships.current().filter(position__in=ANSWERING_POSITIONS, building=None)
        return self.filter(ward__in=held.values("ward"))

    def open(self):
        return self.filter(answered_at=None)


class WardReferral(models.Model):
    """What is the ward's to solve, handed over to its one-stop desk, and the ward's answer. Both sides are linked.

    The ward reads the request's own words and pictures, nothing else of the building.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    request = models.ForeignKey(BuildingRequest, models.CASCADE, related_name="referrals")
    ward = models.ForeignKey("buildings.Ward", models.PROTECT, related_name="referrals")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    question = models.TextField(_("đề nghị phường"), max_length=WHAT_LENGTH)
    due_at = models.DateTimeField()
    taken_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)
    answer = models.TextField(_("trả lời của phường"), max_length=WHAT_LENGTH, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = WardReferralQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at"]
        indexes: ClassVar = [
            models.Index(fields=["ward", "due_at"], condition=Q(answered_at=None), name="referral_to_be_answered")
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request"], condition=Q(answered_at=None), name="referral_open_once"),
            models.CheckConstraint(condition=Q(answered_at=None) | ~Q(answer=""), name="referral_answered_in_words"),
        ]

    def __str__(self) -> str:
        return f"{self.request} → {self.ward}"
