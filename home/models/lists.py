"""The list of a ward's announcements."""

from typing import ClassVar

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.url_routing import RouteResult

from buildings.models import Ward
from home import panels
from home.feeds import AnnouncementFeed
from home.kinds import Kind
from portal.core import page_cache

from .announcements import FEED_SLUG, AnnouncementPage, announcements_url
from .audience import Audience
from .base import PortalPage

ANNOUNCEMENTS_A_PAGE = 20


class AnnouncementIndexPage(PortalPage):
    """All announcements of a ward, by kind, newest first; also as RSS."""

    template = "home/announcement_index_page.html"
    is_creatable = False
    max_count_per_parent = 1
    parent_page_types: ClassVar = ["home.WardPage"]
    subpage_types: ClassVar = ["home.AnnouncementPage"]
    edit_handler = panels.with_english([panels.TITLE], [panels.ENGLISH_HELP, FieldPanel("title_en")])

    class Meta:
        verbose_name = _("danh sách thông báo")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components == [FEED_SLUG] and self.live:
            return RouteResult(self, kwargs={"feed": True})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args, feed: bool = False, **kwargs) -> HttpResponse:
        if feed:
            return page_cache.keep(AnnouncementFeed()(request, ward=self.ward), self.shown_in()[0])
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
        aimed = [each for each in listed.object_list if each.audience == Audience.BUILDINGS]
        prefetch_related_objects(aimed, "audience_parts__building")
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "kind": kind,
            "kinds": [each for each in Kind if each in used or each == kind],
            "announcements": listed,
            "announcements_url": announcements_url(self.ward),
        }
