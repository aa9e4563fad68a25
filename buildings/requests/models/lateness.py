"""A request that was late, answered for."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from portal.core.files.storage import private_storage
from portal.core.lateness import OPEN_STATES as LATENESS_OPEN
from portal.core.lateness import LatenessCase, case_constraints

from ...models import Building
from .requests import BuildingRequest


class RequestLatenessQuerySet(models.QuerySet):
    def managed_by(self, user):
        return self.filter(request__building__in=Building.objects.managed_by(user))


class RequestLateness(LatenessCase):
    """A request that was late, and how its managers answered for it. The resident reads the apology."""

    request = models.ForeignKey(BuildingRequest, models.CASCADE, related_name="latenesses")
    letter = models.FileField(storage=private_storage, upload_to="apologies/", blank=True)

    objects = RequestLatenessQuerySet.as_manager()

    class Meta(LatenessCase.Meta):
        abstract = False
        verbose_name = _("trường hợp chậm của tòa nhà")
        indexes: ClassVar = [models.Index(fields=["state", "opened_at"], name="request_lateness_by_state")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["request"], condition=Q(state__in=LATENESS_OPEN), name="request_lateness_open_once"
            ),
            *case_constraints("request_lateness"),
        ]
