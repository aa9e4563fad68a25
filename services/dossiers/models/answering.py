"""Answering for it: what was late or wrong, and who must not handle it."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.lateness import OPEN_STATES, LatenessCase, case_constraints

from .dossier import Dossier
from .steps import Step


class LatenessQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Whoever works at the desk of the ward. The resident reads the apology, not the explanation."""
        return self.filter(dossier__in=Dossier.objects.at_desk_of(user))

    def open(self):
        return self.filter(state__in=OPEN_STATES)

    def escalated(self):
        """The inspection list: second lateness and later."""
        return self.filter(escalated=True)


class Lateness(LatenessCase):
    """A dossier that was late at a step, or in which something went wrong. Kept with its dossier."""

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="latenesses")
    step = models.ForeignKey(Step, models.PROTECT, null=True, related_name="latenesses")

    objects = LatenessQuerySet.as_manager()

    class Meta(LatenessCase.Meta):
        abstract = False
        verbose_name = _("trường hợp chậm hoặc sai sót")
        indexes: ClassVar = [
            models.Index(fields=["state", "opened_at"]),
            models.Index(fields=["responsible", "opened_at"]),
            models.Index(
                fields=["-opened_at"], condition=Q(escalated=True) | Q(state="overridden"), name="lateness_inspected"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(state__in=OPEN_STATES), name="lateness_open_once_a_dossier"
            ),
            *case_constraints("lateness"),
        ]

    @property
    def ward_id(self) -> int:
        return self.dossier.ward_id


class Interest(models.Model):
    """An officer declared that a dossier is a relative's. They do not handle it unless a leader approves.

    Seen by the ward's desk; kept with the dossier.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="interests")
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    relation = models.CharField(_("quan hệ"), max_length=120)
    declared_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["dossier", "officer"], name="interest_once_a_dossier"),
            models.CheckConstraint(
                condition=Q(approved_at=None, approved_by=None)
                | (Q(approved_at__isnull=False) & Q(approved_by__isnull=False) & ~Q(approved_by=models.F("officer"))),
                name="interest_approved_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.officer}: {self.relation}"
