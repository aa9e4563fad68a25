"""The list of a ward's announcements."""

from collections.abc import Iterable
from typing import ClassVar

from django.core.paginator import Paginator
from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.functional import SimpleLazyObject, cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.url_routing import RouteResult

from buildings.models import Ward
from home.editing import panels
from home.kinds import Kind
from home.reading.feeds import FEEDS
from home.reading.narrowing import Narrowed
from portal.core import page_cache

from .announcements import ARCHIVE_SLUG, AUDIENCE, AnnouncementPage, announcements_url
from .audience import Audience
from .base import PortalPage
from .publicity import PublicityRecord

ANNOUNCEMENTS_A_PAGE = 20


class AnnouncementIndexPage(PortalPage):
    """All announcements of a ward, narrowed by kind, building and month, newest first; also as feeds.

    Below it the archive: what is published by years and months, and the titles of what has run its time.
    """

    template = "home/announcement_index_page.html"
    archive_template = "home/archive.html"
    is_creatable = False
    max_count_per_parent = 1
    parent_page_types: ClassVar = ["home.WardPage"]
    subpage_types: ClassVar = ["home.AnnouncementPage"]
    edit_handler = panels.with_english([panels.TITLE_ALONE], [panels.ENGLISH_HELP, panels.TITLE_ENGLISH])

    class Meta:
        verbose_name = _("danh sách thông báo")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        match path_components:
            case [slug] if self.live and (slug in FEEDS or slug == ARCHIVE_SLUG):
                return RouteResult(self, kwargs={"part": slug})
        return super().route(request, path_components)

    def serve(self, request: HttpRequest, *args, part: str = "", **kwargs) -> HttpResponse:
        if part in FEEDS:
            named = request.GET.get("loai", "")
            kind = Kind(named) if named in Kind.values else None
            response = FEEDS[part]()(request, ward=self.ward, kind=kind)
        elif part == ARCHIVE_SLUG:
            response = TemplateResponse(request, self.archive_template, self._archive_context(request))
        else:
            return super().serve(request, *args, **kwargs)
        return page_cache.keep(response, self.shown_in()[0])

    @cached_property
    def ward(self) -> Ward:
        return Ward.objects.get(page__path=self.path[: -self.steplen])

    @property
    def _published(self):
        return AnnouncementPage.objects.of(self.ward).live()

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        subject = page_cache.ward(self.ward.pk)
        buildings = page_cache.piece(request, subject, "buildings", lambda: list(self.ward.buildings.all()))
        narrowed = Narrowed(self._published, buildings, request.GET)
        found = narrowed.found.newest_first().defer("body", "body_en")
        listed = Paginator(found, ANNOUNCEMENTS_A_PAGE).get_page(request.GET.get("trang"))
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "narrowed": narrowed,
            "announcements": listed,
            # Asked for only when this page of the list is not kept already.
            "entries": SimpleLazyObject(lambda: self._entries(listed.object_list)),
            "announcements_url": announcements_url(self.ward),
        }

    def _entries(self, listed: Iterable[AnnouncementPage]) -> list[AnnouncementPage]:
        announcements = list(listed)
        for announcement in announcements:
            announcement.ward = self.ward
        aimed = [each for each in announcements if each.audience == Audience.BUILDINGS]
        prefetch_related_objects(aimed, AUDIENCE)
        return announcements

    def _archive_context(self, request: HttpRequest) -> dict:
        run_out = Paginator(PublicityRecord.objects.run_out(self.ward), ANNOUNCEMENTS_A_PAGE)
        return {
            **super().get_context(request),
            "ward": self.ward,
            "narrowed": Narrowed(self._published, [], {}),
            "run_out": run_out.get_page(request.GET.get("trang")),
            "announcements_url": announcements_url(self.ward),
        }
