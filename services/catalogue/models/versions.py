"""The frozen versions dossiers are filed under, and the decisions that changed a committed limit."""

from datetime import date
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AgencyKey
from services.catalogue.definition import Definition, Limit


class ProcedureVersionQuerySet(models.QuerySet):
    def in_force(self, on: date):
        """Of each procedure the version residents file under on this day: none, or one.

        It is the last one begun, unless that has ended: what it took the place of never comes back.
        """
        begun = Q(effective_from=None) | Q(effective_from__lte=on)
        later = ProcedureVersion.objects.filter(begun, procedure=OuterRef("procedure"), number__gt=OuterRef("number"))
        return self.filter(begun, Q(effective_to=None) | Q(effective_to__gte=on)).filter(~Exists(later))

    def update(self, **kwargs: object) -> int:
        raise TypeError("A published version never changes.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("A published version is never deleted.")


class ProcedureVersion(models.Model):
    """A procedure as it was published: immutable, public, kept as long as a dossier names it."""

    procedure = models.ForeignKey("catalogue.Procedure", models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField(_("phiên bản"))
    definition = models.JSONField(help_text="Definition.to_json(); read through `spec`.")
    agency = models.CharField(
        max_length=12,
        choices=AgencyKey,
        default=AgencyKey.COMMITTEE,
        help_text="of the definition: decides who sees it",
    )
    published_at = models.DateTimeField(_("công bố lúc"))
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        help_text="empty: loaded from a data file",
    )
    effective_from = models.DateField(_("có hiệu lực từ ngày"), null=True, help_text="empty: since it was published")
    effective_to = models.DateField(_("có hiệu lực đến hết ngày"), null=True, help_text="empty: until the next one")

    objects = ProcedureVersionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["procedure", "number"]
        verbose_name = _("phiên bản thủ tục")
        verbose_name_plural = _("phiên bản thủ tục")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "number"], name="version_number_once_a_procedure")
        ]

    def __str__(self) -> str:
        return _("%(name)s (phiên bản %(number)s)") % {"name": self.spec.name, "number": self.number}

    def save(self, **kwargs) -> None:
        if not self._state.adding:
            raise TypeError("A published version never changes.")
        self.agency = self.spec.agency
        super().save(**{**kwargs, "force_insert": True})

    def delete(self, *args, **kwargs):
        raise TypeError("A published version is never deleted.")

    @cached_property
    def spec(self) -> Definition:
        return Definition.from_json(self.definition)

    @property
    def period(self) -> tuple[date | None, date | None]:
        return self.effective_from, self.effective_to

    def is_in_force(self, on: date) -> bool:
        return ProcedureVersion.objects.in_force(on).filter(pk=self.pk).exists()


class LimitReview(models.Model):
    """A committed limit changed by decision: what it was, what it is, by which decision (domain row 36).

    Public, written when the version that carries the new limit is published; never changed.
    """

    procedure = models.ForeignKey("catalogue.Procedure", models.PROTECT, related_name="limit_reviews")
    version = models.OneToOneField(ProcedureVersion, models.PROTECT, related_name="limit_review")
    old_limit = models.JSONField(help_text="a Limit; read through `old`.")
    new_limit = models.JSONField(help_text="a Limit; read through `new`.")
    decision_number = models.CharField(_("số quyết định"), max_length=60)
    decision_date = models.DateField(_("ngày quyết định"))
    reason = models.CharField(_("lý do"), max_length=300, blank=True)
    minutes_saved = models.IntegerField(help_text="working minutes; negative where the limit became longer")

    class Meta:
        ordering: ClassVar = ["procedure", "-version__number"]
        verbose_name = _("lần rà soát thời hạn")
        verbose_name_plural = _("các lần rà soát thời hạn")
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["procedure", "decision_number"], name="limit_review_once_a_decision")
        ]

    def __str__(self) -> str:
        return f"{self.procedure}: {self.decision_number}"

    @property
    def old(self) -> Limit:
        return Limit(**self.old_limit)

    @property
    def new(self) -> Limit:
        return Limit(**self.new_limit)
