"""A ward's announcements: one each, and their list."""

from datetime import datetime
from functools import partial
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page, PageManager, PageQuerySet
from wagtail.search import index
from wagtail.url_routing import RouteResult

from buildings.models import Ward
from home import pictures
from home.blocks import AnnouncementBody
from home.feeds import AnnouncementFeed
from home.kinds import Kind
from portal.core.text import fold

from .base import PortalPage
from .media import Picture

ANNOUNCEMENTS_SLUG = "thong-bao"
FEED_SLUG = "rss"
ANNOUNCEMENTS_A_PAGE = 20


def announcements_url(ward: Ward) -> str:
    return f"{ward.get_absolute_url()}{ANNOUNCEMENTS_SLUG}/"


class AnnouncementQuerySet(PageQuerySet):
    def of(self, ward: Ward):
        return self.filter(ward=ward)

    def newest_first(self):
        return self.order_by("-first_published_at", "-pk")

    def urgent_first(self, at: datetime):
        """Urgent ones, then the others; the newest first in both."""
        urgent = models.Case(models.When(urgent_until__gt=at, then=0), default=1)
        return self.order_by(urgent, "-first_published_at", "-pk")


AnnouncementManager = PageManager.from_queryset(AnnouncementQuerySet)


class AnnouncementIndexPage(PortalPage):
    """All announcements of a ward, by kind, newest first; also as RSS."""

    template = "home/announcement_index_page.html"
    is_creatable = False
    max_count_per_parent = 1
    parent_page_types: ClassVar = ["home.WardPage"]
    subpage_types: ClassVar = ["home.AnnouncementPage"]
    promote_panels: ClassVar = []

    class Meta:
        verbose_name = _("danh sách thông báo")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components == [FEED_SLUG] and self.live:
            return RouteResult(self, kwargs={"feed": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args, feed: bool = False, **kwargs) -> HttpResponse:
        if feed:
            return AnnouncementFeed()(request, ward=self.ward)
        return super().serve(request, *args, **kwargs)

    @cached_property
    def ward(self) -> Ward:
        return Ward.objects.get(page__path=self.path[: -self.steplen])

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        announcements = AnnouncementPage.objects.of(self.ward).live()
        used = set(announcements.order_by().values_list("kind", flat=True).distinct())
        chosen = request.GET.get("loai", "")
        kind = Kind(chosen) if chosen in Kind.values else None
        shown = announcements.filter(kind=kind) if kind else announcements
        listed = Paginator(shown.newest_first(), ANNOUNCEMENTS_A_PAGE).get_page(request.GET.get("trang"))
        for announcement in listed.object_list:
            announcement.ward = self.ward
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "kind": kind,
            "kinds": [each for each in Kind if each in used or each == kind],
            "announcements": listed,
            "announcements_url": announcements_url(self.ward),
        }


class AnnouncementPage(PortalPage):
    """One announcement of a ward. When it was first published is a fact Wagtail keeps."""

    template = "home/announcement_page.html"
    parent_page_types: ClassVar = ["home.AnnouncementIndexPage"]
    subpage_types: ClassVar = []

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
    decision_date = models.DateField(
        _("ngày quyết định"), null=True, blank=True, help_text=_("Ngày ký văn bản được công khai.")
    )
    legal_item = models.CharField(
        _("căn cứ công khai"),
        max_length=120,
        blank=True,
        help_text=_("Khoản của Điều 11 Luật Thực hiện dân chủ ở cơ sở buộc công khai nội dung này."),
    )
    urgent_until = models.DateTimeField(
        _("khẩn đến"),
        null=True,
        blank=True,
        help_text=_("Đến lúc đó, thông báo đứng đầu trang phường. Để trống: không khẩn."),
    )

    objects = AnnouncementManager()

    content_panels: ClassVar = [
        *Page.content_panels,
        FieldPanel("kind"),
        FieldPanel("summary"),
        MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Ảnh đầu trang")),
        FieldPanel("body"),
        MultiFieldPanel(
            [
                HelpPanel(
                    content=_(
                        "Nội dung thuộc Điều 11 phải được công khai trong 5 ngày làm việc kể từ ngày quyết định "
                        "và giữ ít nhất 30 ngày liên tục."
                    )
                ),
                FieldRowPanel([FieldPanel("decision_date"), FieldPanel("legal_item")]),
            ],
            heading=_("Công khai theo luật"),
        ),
        FieldPanel("urgent_until"),
    ]
    promote_panels: ClassVar = [FieldPanel("slug")]
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

    def save(self, *args, **kwargs):
        """Raises Ward.DoesNotExist when the page does not stand below a ward's page."""
        self.ward = Ward.objects.get(page__path=self.path[: -2 * self.steplen])
        saved = super().save(*args, **kwargs)
        if self.live:
            # Outside the transaction: a large photo takes seconds, and the database would wait for it.
            transaction.on_commit(partial(pictures.make_ready, self.pictures), robust=True)
        return saved

    def clean(self) -> None:
        super().clean()
        if self.slug == FEED_SLUG:
            raise ValidationError({"slug": _("Địa chỉ này đã dành cho kênh RSS. Hãy chọn tên khác.")})
        if self.picture and not self.picture_alt.strip():
            raise ValidationError({"picture_alt": _("Hãy viết mô tả cho ảnh đầu trang.")})
        if self.kind in Kind.values and Kind(self.kind).obliged and not self.decision_date:
            raise ValidationError(
                {"decision_date": _("Loại thông báo này phải công khai theo luật: hãy ghi ngày quyết định.")}
            )

    def can_move_to(self, parent: Page) -> bool:
        """An announcement stays in its ward: what it refers to belongs there."""
        return super().can_move_to(parent) and parent.is_descendant_of(self.get_parent().get_parent())

    @property
    def kind_label(self) -> str:
        return str(Kind(self.kind).label) if self.kind in Kind.values else self.kind

    def is_urgent(self, at: datetime) -> bool:
        return self.urgent_until is not None and self.urgent_until > at

    @property
    def pictures(self) -> list[Picture]:
        in_body = [block.value for block in self.body if block.block_type == "picture" and block.value]
        return [self.picture, *in_body] if self.picture else in_body

    @property
    def address(self) -> str:
        """Where it is read. Known without a query, unlike Wagtail's `url`."""
        return f"{announcements_url(self.ward)}{self.slug}/"

    @property
    def folded(self) -> str:
        """Everything a search may find, without diacritics."""
        return fold(" ".join([self.title, self.summary, self.kind_label, *self._body_text()]))

    def _body_text(self) -> list[str]:
        return [
            strip_tags(text.replace("<", " <")) for text in self.body.stream_block.get_searchable_content(self.body)
        ]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        at = timezone.now()
        pictures.with_renditions(self.pictures)
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "urgent_now": self.is_urgent(at),
            "updated": self.last_published_at
            and timezone.localdate(self.last_published_at) > timezone.localdate(self.first_published_at),
            "announcements_url": announcements_url(self.ward),
        }
