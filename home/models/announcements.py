"""A ward's announcements."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.core.validators import URLValidator
from django.db import models, transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index

from buildings.models import Building, Ward
from home import consistency, pictures
from home.blocks import AnnouncementBody
from home.editing import panels
from home.editing.forms import AnnouncementForm
from home.kinds import Kind
from home.readership.panels import ReadershipPanel
from home.reading import related, sharing
from home.reading.feeds import FEEDS
from portal.core import page_cache
from portal.core.text import fold
from services.catalogue.models import Procedure

from .audience import Audience, AudiencePart
from .base import PortalPage
from .media import Picture

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

ANNOUNCEMENTS_SLUG = "thong-bao"
ARCHIVE_SLUG = "luu-tru"
# Addresses below the list that are no announcement's.
PARTS_OF_THE_LIST = frozenset({*FEEDS, ARCHIVE_SLUG})


def announcements_url(ward: Ward) -> str:
    return f"{ward.get_absolute_url()}{ANNOUNCEMENTS_SLUG}/"


AUDIENCE = models.Prefetch("audience_parts", AudiencePart.objects.select_related("building"))


class AnnouncementQuerySet(PageQuerySet):
    def of(self, ward: Ward):
        return self.filter(ward=ward)

    def newest_first(self):
        return self.order_by("-first_published_at", "-pk")

    def urgent(self, at: datetime):
        """Those whose banner stands on every page of their ward now."""
        return self.live().filter(Q(urgent_from=None) | Q(urgent_from__lte=at), urgent_until__gt=at)

    def with_banner(self, at: datetime):
        """Those that stand, or will stand, on top of other pages of their ward."""
        return self.live().filter(Q(urgent_until__gt=at) | Q(kind=Kind.DOWNTIME, downtime_until__gt=at))

    def for_building(self, building: Building):
        """What concerns this building: said to the whole ward, or to it or a part of it."""
        parts = AudiencePart.objects.filter(building=building)
        return self.filter(Q(audience=Audience.WARD, ward=building.ward_id) | Q(pk__in=parts.values("page")))

    def aimed_at(self, user):
        """What was said to a resident's own building, block or floor, and not to the whole ward."""
        return self.filter(audience=Audience.BUILDINGS, pk__in=_parts_of(user).values("page"))

    def with_audience(self):
        """With the places it is for, so that a list says them without asking for each."""
        return self.prefetch_related(AUDIENCE)

    def events(self):
        """Those with a date: what a calendar shows."""
        return self.exclude(event_starts_at=None)


def _parts_of(user) -> models.QuerySet[AudiencePart]:
    """The parts of buildings in which this person is confirmed to live."""
    found = Q(pk__in=())
    for building, floor, block in user.residencies.confirmed().values_list(
        "apartment__building", "apartment__floor", "apartment__block__name"
    ):
        floors = Q(from_floor=None) | Q(from_floor__lte=floor, to_floor__gte=floor)
        found |= Q(building=building, block__in=("", block or "")) & floors
    return AudiencePart.objects.filter(found)


AnnouncementManager = PageManager.from_queryset(AnnouncementQuerySet)


class Repeats(models.TextChoices):
    ONCE = "", _("Một lần")
    WEEKLY = "weekly", _("Hằng tuần")
    MONTHLY = "monthly", _("Hằng tháng")


class AnnouncementPage(PortalPage):
    """One announcement of a ward. When it was first published is a fact Wagtail keeps.

    What its kind asks of it is data (`home.kinds`); whether it may come down, `home.publicity` says.
    """

    base_form_class = AnnouncementForm
    template = "home/announcement_page.html"
    parent_page_types: ClassVar = ["home.AnnouncementIndexPage"]
    subpage_types: ClassVar = []
    english_of: ClassVar = ("title", "summary", "picture_alt", "body")
    comes_down: ClassVar = True

    # The tree says it too; the column keeps lists and searches of one ward cheap.
    ward = models.ForeignKey(Ward, models.PROTECT, related_name="announcements", editable=False)
    kind = models.CharField(_("loại thông báo"), max_length=30, choices=Kind)
    summary = models.TextField(
        _("tóm tắt"), max_length=300, help_text=_("Một hai câu: việc gì, ở đâu, khi nào, người dân cần làm gì.")
    )
    body = StreamField(AnnouncementBody, verbose_name=_("nội dung"), blank=True)
    picture = models.ForeignKey(
        Picture, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("ảnh đầu trang")
    )
    picture_alt = models.CharField(
        _("mô tả ảnh"), max_length=200, blank=True, help_text=_("Cho người không nhìn thấy ảnh: ảnh cho biết điều gì.")
    )

    audience = models.CharField(_("dành cho"), max_length=10, choices=Audience, default=Audience.WARD)
    if TYPE_CHECKING:
        audience_parts: RelatedManager[AudiencePart]

    decision_date = models.DateField(
        _("ngày quyết định"), null=True, blank=True, help_text=_("Ngày ký văn bản được công khai.")
    )
    decision_number = models.CharField(_("số văn bản"), max_length=60, blank=True, help_text=_("Ví dụ: 125/QĐ-UBND"))
    legal_item = models.CharField(
        _("căn cứ công khai"),
        max_length=120,
        blank=True,
        help_text=_("Khoản của Điều 11 Luật Thực hiện dân chủ ở cơ sở. Để trống: theo loại thông báo."),
    )

    urgent_from = models.DateTimeField(_("khẩn từ"), null=True, blank=True, help_text=_("Để trống: ngay khi đăng."))
    urgent_until = models.DateTimeField(_("khẩn đến"), null=True, blank=True, help_text=_("Để trống: không khẩn."))

    event_starts_at = models.DateTimeField(_("bắt đầu"), null=True, blank=True)
    event_ends_at = models.DateTimeField(_("kết thúc"), null=True, blank=True)
    event_place = models.CharField(_("nơi diễn ra"), max_length=200, blank=True)
    event_link = models.URLField(_("tham gia trên mạng"), blank=True, validators=[URLValidator(["https"])])
    event_repeats = models.CharField(_("lặp lại"), max_length=10, choices=Repeats, blank=True, default=Repeats.ONCE)
    event_repeats_until = models.DateField(_("lặp lại đến hết ngày"), null=True, blank=True)

    downtime_from = models.DateTimeField(_("ngừng từ"), null=True, blank=True)
    downtime_until = models.DateTimeField(_("ngừng đến"), null=True, blank=True)
    downtime_recovery_at = models.DateTimeField(
        _("hoạt động lại bình thường"),
        null=True,
        blank=True,
        help_text=_("Chậm nhất khi nào mọi việc trở lại như thường. Để trống: ngay khi hết ngừng."),
    )
    downtime_services = ParentalManyToManyField(
        Procedure,
        blank=True,
        related_name="+",
        verbose_name=_("thủ tục bị ảnh hưởng"),
        help_text=_("Không chọn thủ tục nào nghĩa là mọi dịch vụ trên mạng."),
    )
    downtime_unforeseen = models.CharField(
        _("lý do không báo trước được"),
        max_length=250,
        blank=True,
        help_text=_("Chỉ ghi khi có sự cố không lường trước; người dân đọc được lý do này."),
    )

    # Part of every version: readers are told once for each number (home.subscriptions).
    notice_number = models.PositiveSmallIntegerField(default=1, editable=False)

    summary_en = models.TextField("summary", max_length=300, blank=True)
    picture_alt_en = models.CharField("picture description", max_length=200, blank=True)
    body_en = StreamField(AnnouncementBody, verbose_name="content", blank=True)

    objects = AnnouncementManager()

    edit_handler = panels.with_english(
        panels.ANNOUNCEMENT,
        panels.ANNOUNCEMENT_ENGLISH,
        ObjectList([FieldPanel("slug")], heading=_("Địa chỉ trang")),
        ObjectList([ReadershipPanel()], heading=_("Người đọc")),
    )
    search_fields: ClassVar = [
        *Page.search_fields,
        index.SearchField("folded"),
        index.AutocompleteField("folded"),
        index.FilterField("ward_id"),
        index.FilterField("kind"),
    ]

    class Meta:
        verbose_name = _("thông báo")
        verbose_name_plural = _("thông báo")
        indexes: ClassVar = [
            models.Index(fields=["ward", "urgent_until"], condition=~Q(urgent_until=None), name="announcement_urgent"),
            models.Index(
                fields=["ward", "event_starts_at"], condition=~Q(event_starts_at=None), name="announcement_event"
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(urgent_from=None) | Q(urgent_until__gt=F("urgent_from")), name="urgent_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(event_ends_at=None) | Q(event_ends_at__gte=F("event_starts_at")),
                name="event_ends_after_it_begins",
            ),
            models.CheckConstraint(
                condition=Q(downtime_until=None) | Q(downtime_until__gt=F("downtime_from")),
                name="downtime_ends_after_it_begins",
            ),
        ]

    def save(self, *args, **kwargs):
        """Raises Ward.DoesNotExist when the page does not stand below a ward's page."""
        self.ward = Ward.objects.get(page__path=self.path[: -2 * self.steplen])
        saved = super().save(*args, **kwargs)
        if self.live:
            # Outside the transaction: a large photo takes seconds, and the database would wait for it.
            transaction.on_commit(self._make_pictures_ready, robust=True)
        return saved

    def _make_pictures_ready(self) -> None:
        pictures.make_ready(self.pictures)
        if self.picture:
            pictures.make_ready([self.picture], pictures.SHARED)

    def faults(self) -> dict[str, str]:
        return super().faults() | consistency.faults(self)

    def can_move_to(self, parent: Page) -> bool:
        """An announcement stays in its ward: what it refers to belongs there."""
        return super().can_move_to(parent) and parent.is_descendant_of(self.get_parent().get_parent())

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else self.kind

    @property
    def legal_basis(self) -> str:
        """Why the ward publishes it, as the law says it of its kind."""
        return Kind(self.kind).basis if self.kind in Kind.values else ""

    def is_urgent(self, at: datetime) -> bool:
        """Whether its banner stands now."""
        return (
            self.urgent_until is not None
            and self.urgent_until > at
            and (self.urgent_from is None or self.urgent_from <= at)
        )

    @property
    def audience_places(self) -> list[str]:
        """Where the people live whom it is for, in words; nothing when it is for the whole ward."""
        if self.audience == Audience.WARD:
            return []
        return [str(part) for part in self.audience_parts.all()]

    @property
    def summary_shown(self) -> str:
        return self.in_reader_language("summary")

    @property
    def picture_alt_shown(self) -> str:
        return self.in_reader_language("picture_alt")

    @property
    def body_shown(self) -> StreamValue:
        return self.in_reader_language("body")

    @property
    def pictures(self) -> list[Picture]:
        """Every picture of the page, of both languages, each once."""
        found = [self.picture] if self.picture else []
        for body in (self.body, self.body_en):
            found += pictures.in_blocks(body)
        return list({picture.pk: picture for picture in found}.values())

    @property
    def address(self) -> str:
        """Where it is read. Known without a query, unlike Wagtail's `url`."""
        return f"{announcements_url(self.ward)}{self.slug}/"

    @property
    def folded(self) -> str:
        """Everything a search may find, in both languages, without diacritics."""
        words = [self.title, self.summary, self.kind_label, *_words_of(self.body)]
        english = [self.title_en, self.summary_en, *_words_of(self.body_en)]
        return fold(" ".join([*words, *english]))

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        at = timezone.now()
        for turn in (self.urgent_from, self.urgent_until):
            if turn and turn > at:
                page_cache.until(request, turn)
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "content": SimpleLazyObject(self._content),
            "urgent_now": self.is_urgent(at),
            "updated": self.last_published_at
            and timezone.localdate(self.last_published_at) > timezone.localdate(self.first_published_at),
            "announcements_url": announcements_url(self.ward),
            # Asked for only by the pieces of the page that are not kept already.
            "services": SimpleLazyObject(self._services),
            "related": SimpleLazyObject(lambda: related.of_the_same_kind(self)),
            "shared": SimpleLazyObject(self._shared),
            "interrupted": SimpleLazyObject(lambda: list(self.downtime_services.all()) if self.downtime_from else []),
        }

    @cached_property
    def _offered(self) -> list[Procedure]:
        return list(Procedure.objects.offered_in(self.ward).only("slug", "name", "level"))

    def _services(self) -> dict[str, Any]:
        """Those the text has buttons to, by slug (what is not offered any more has none), and others it speaks of."""
        named = consistency.procedures_in(self.body_shown)
        others = [service for service in self._offered if service.slug not in named]
        return {
            "buttons": {service.slug: service for service in self._offered if service.slug in named},
            "spoken_of": related.spoken_of(f"{self.title} . {self.summary}", others),
        }

    def _shared(self) -> sharing.Shared:
        pictures.with_renditions(self.pictures)
        return sharing.of(self)

    def _content(self) -> dict[str, Any]:
        """What is shown, with the sizes of all its pictures read at once. Asked for when it is not kept already."""
        pictures.with_renditions(self.pictures)
        if self.audience != Audience.WARD and self.pk:
            models.prefetch_related_objects([self], AUDIENCE)
        return {
            "picture": self.picture,
            "body": self.body_shown,
            "places": self.audience_places,
        }


def _words_of(body: StreamValue) -> list[str]:
    return [strip_tags(text.replace("<", " <")) for text in body.stream_block.get_searchable_content(body)]
