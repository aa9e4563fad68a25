"""What officers keep for themselves at the desk: their views of the list, the ward's prepared reasons."""

from typing import ClassVar

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from buildings.models import Ward
from buildings.roles import DESK_POSITIONS
from services.catalogue.models import Procedure
from services.dossiers.models import Dossier


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own, alone; a view says what its owner looks for."""
        return self.filter(officer=user) if user.is_authenticated else self.none()


class SavedView(models.Model):
    """A narrowed work list an officer named, to open again with one click. Private; deleted when they like."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ward = models.ForeignKey(Ward, models.CASCADE, related_name="+")
    name = models.CharField(_("tên"), max_length=60)
    query = models.CharField(max_length=400, help_text="the list's own parameters: xem=phuong&buoc=sign")
    made_at = models.DateTimeField()

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["officer", "ward", "name"], name="saved_view_name_once")
        ]

    def __str__(self) -> str:
        return self.name


class PreparedReasonQuerySet(models.QuerySet):
    def at_desk_of(self, user):
        """The reasons of the wards at whose desk the person works."""
        return self.filter(ward__in=Ward.objects.worked_in_by(user, *DESK_POSITIONS)).filter(removed_at=None)

    def offered(self, ward: Ward, kind: str, procedure_id: int | None):
        """What this ward wrote for a move, for every procedure or for this one."""
        found = self.filter(ward=ward, kind=kind, removed_at=None)
        return found.filter(Q(procedure=None) | Q(procedure=procedure_id))


class PreparedReason(models.Model):
    """A sentence the ward writes often, offered where a reason is asked. Never a code: people read it.

    It goes into official slips, hence Vietnamese alone. Taken away it is not offered any more; what
    was written with it stays as it was.
    """

    class Kind(models.TextChoices):
        REFUSAL = "refusal", _("Từ chối tiếp nhận")
        SUPPLEMENT = "supplement", _("Yêu cầu bổ sung: lý do")
        ITEM = "item", _("Yêu cầu bổ sung: công dân cần làm gì")
        RETURN = "return", _("Trả lại để thẩm định lại")
        STOP = "stop", _("Dừng giải quyết")

    ward = models.ForeignKey(Ward, models.CASCADE, related_name="+")
    kind = models.CharField(_("dùng khi"), max_length=12, choices=Kind)
    procedure = models.ForeignKey(Procedure, models.CASCADE, null=True, blank=True, related_name="+")
    text = models.CharField(_("câu soạn sẵn"), max_length=600)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    objects = PreparedReasonQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["kind", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(text=""), name="prepared_reason_is_said"),
            models.UniqueConstraint(
                fields=["ward", "kind", "procedure", "text"],
                condition=Q(removed_at=None),
                name="prepared_reason_once_a_procedure",
            ),
            models.UniqueConstraint(
                fields=["ward", "kind", "text"],
                condition=Q(removed_at=None, procedure=None),
                name="prepared_reason_once_for_all",
            ),
        ]

    def __str__(self) -> str:
        return self.text


class HeldMove(models.Model):
    """A move an officer has made and can still take back: nothing has happened yet, nobody was told.

    Made when its few seconds are over, by the outbox, exactly as if it were made then. Kept with its
    dossier; one waits at a time.
    """

    dossier = models.ForeignKey(Dossier, models.CASCADE, related_name="held_moves")
    move = models.CharField(max_length=40)
    step = models.CharField(max_length=40, help_text="the turn of the step the officer saw")
    arguments = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    held_at = models.DateTimeField()
    leaves_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.CharField(max_length=300, blank=True, help_text="why it could not be made, in words")

    class Meta:
        ordering: ClassVar = ["held_at", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["dossier"],
                condition=Q(made_at=None, undone_at=None, failed_at=None),
                name="held_move_one_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(made_at=None, undone_at=None)
                | Q(made_at=None, failed_at=None)
                | Q(undone_at=None, failed_at=None),
                name="held_move_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.move} {self.dossier_id}"

    @property
    def is_open(self) -> bool:
        return self.made_at is None and self.undone_at is None and self.failed_at is None
