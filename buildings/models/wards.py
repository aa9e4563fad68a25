"""Wards: the tenants, under the names they have and had."""

from copy import copy
from datetime import datetime
from typing import ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from portal.core import languages, page_cache
from portal.core.addresses import here
from portal.core.models import User

from ..roles import Position


class WardQuerySet(models.QuerySet):
    def open(self):
        return self.filter(is_open=True)

    def worked_in_by(self, user, *positions):
        """Wards where the user holds one of these positions today."""
        held = user.memberships.current().filter(position__in=positions)
        return self.filter(pk__in=held.values("ward_id"))


class Ward(models.Model):
    """A ward (phường): the tenant. Its row is public; its content belongs to its own people."""

    slug = models.SlugField(_("tên trong địa chỉ"), unique=True)
    name = models.CharField(_("tên phường"), max_length=60, unique=True, help_text="Việt Hưng")
    code = models.CharField(_("mã đơn vị hành chính"), max_length=5, unique=True, help_text="GSO code, 00127")
    agency_code = models.CharField(
        _("mã cơ quan trong mã hồ sơ"),
        max_length=20,
        unique=True,
        validators=[RegexValidator(r"^H\d\d\.\d{3}\.\d{3}$")],
        help_text="H26.004.127: province, district, unit (domain.md §1.5)",
    )
    parent_agency = models.CharField(_("cơ quan chủ quản"), max_length=120, default="ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI")
    address = models.CharField(_("địa chỉ trụ sở"), max_length=200)
    phone = PhoneNumberField(_("đường dây nóng"))
    email = models.EmailField(_("thư điện tử"))
    office_hours = models.CharField(_("giờ làm việc"), max_length=60, default="08:00-12:00,13:00-17:00")
    is_open = models.BooleanField(_("đang hoạt động"), default=True, help_text="takes new dossiers")
    closed_at = models.DateTimeField(_("đóng lúc"), null=True, editable=False)

    objects = WardQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]
        verbose_name = _("phường")
        verbose_name_plural = _("phường")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(closed_at=None) | Q(is_open=False), name="ward_closed_is_not_open")
        ]

    def __str__(self) -> str:
        """As papers and records name it, whatever language the page around speaks. For readers: `shown`, `marked`."""
        return f"Phường {self.name}"

    def save(self, *args, **kwargs) -> None:
        super().save(*args, **kwargs)
        page_cache.purge(page_cache.FRONT, page_cache.ward(self.pk))

    def get_absolute_url(self) -> str:
        return here(f"/{self.slug}/")

    @property
    def shown(self) -> str:
        """The ward in the reader's language: Phường Việt Hưng, Việt Hưng ward."""
        return gettext("Phường %(name)s") % {"name": self.name}

    @property
    def marked(self) -> SafeString:
        """`shown` for a page: the name in it is Vietnamese."""
        return languages.sentence(gettext("Phường %(name)s"), name=languages.marked(self.name))

    @property
    def agency(self) -> str:
        """The issuing agency as documents name it."""
        return f"ỦY BAN NHÂN DÂN PHƯỜNG {self.name.upper()}"

    @property
    def successors(self) -> models.QuerySet["Ward"]:
        """The wards that took over from this one, by name."""
        return (
            Ward.objects.filter(successions__old=self, successions__moved_at__isnull=False)
            .exclude(pk=self.pk)
            .distinct()
        )

    @property
    def predecessors(self) -> models.QuerySet["Ward"]:
        """The closed wards this one took over from, by name."""
        return (
            Ward.objects.filter(
                successions_from__new=self, successions_from__moved_at__isnull=False, closed_at__isnull=False
            )
            .exclude(pk=self.pk)
            .distinct()
        )

    @cached_property
    def leaders(self) -> list[User]:
        """Who leads it now, in a steady order; read once for this object."""
        held = self.memberships.current().filter(position=Position.LEADER, user__is_active=True)
        return [membership.user for membership in held.order_by("pk").select_related("user")]

    def as_of(self, when: datetime) -> "Ward":
        """The ward under the name it had then: an old paper names it as it was. Not to be saved."""
        former = self.former_names.filter(until__gt=when).order_by("until").first()
        if former is None:
            return self
        then = copy(self)
        then.name = former.name
        return then


class FormerName(models.Model):
    """A ward's name and address before it was renamed: old addresses lead on. Written by `home.tenancy.naming`."""

    ward = models.ForeignKey(Ward, models.PROTECT, related_name="former_names")
    name = models.CharField(max_length=60)
    slug = models.SlugField()
    until = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["until"]
        indexes: ClassVar = [models.Index(fields=["slug"])]

    def __str__(self) -> str:
        return f"{self.name} → {self.ward}"
