"""The portal's front page and the wards' home pages."""

from copy import copy
from typing import Any, ClassVar

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.blocks import StreamValue
from wagtail.fields import StreamField
from wagtail.models import Collection
from wagtail.url_routing import RouteResult

from buildings.models import Ward
from home import pictures
from home.blocks import Contacts
from home.editing import panels
from home.reading import offers, sharing
from portal.core import page_cache
from portal.core.addresses import here
from portal.core.languages import around

from .announcements import ANNOUNCEMENTS_SLUG, AUDIENCE, PARTS_OF_THE_LIST, AnnouncementPage, announcements_url
from .audience import Audience
from .base import PortalPage
from .lists import AnnouncementIndexPage

NEWEST_ON_WARD_HOME = 6
AIMED_ON_WARD_HOME = 3


class RootPage(PortalPage):
    """The front page: choose a ward, search, find a service."""

    template = "home/root_page.html"
    max_count = 1
    is_creatable = False
    parent_page_types: ClassVar = ["wagtailcore.Page"]
    subpage_types: ClassVar = ["home.WardPage"]
    english_of: ClassVar = ("title", "intro")

    intro = models.TextField(_("lời giới thiệu"), blank=True, max_length=400)
    intro_en = models.TextField("introduction", blank=True, max_length=400)

    edit_handler = panels.with_english([panels.TITLE_ALONE, FieldPanel("intro")], panels.INTRODUCTION_ENGLISH)

    class Meta:
        verbose_name = _("trang đầu")

    @property
    def intro_shown(self) -> str:
        return self.in_reader_language("intro")

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        if path_components:
            slug, asked_now = path_components[0], []

            def look_up() -> "WardPage | None":
                standing = AnnouncementPage.objects.with_banner(timezone.now()).filter(ward=OuterRef("ward"))
                found = WardPage.objects.child_of(self).select_related("ward").annotate(has_banners=Exists(standing))
                page = found.filter(slug=slug).first()
                asked_now.extend([page.has_banners] if page else [])
                return page

            kept = page_cache.piece(request, page_cache.FRONT, ("ward page", slug), look_up)
            if kept is None:
                raise Http404
            ward_page, ward_page.ward = copy(kept), copy(kept.ward)
            if asked_now:  # a kept answer says nothing of now
                ward_page.ward.has_banners = asked_now[0]
            return ward_page.route(request, path_components[1:])
        if left_out := self.get_deferred_fields():  # by `kept_site`
            self.refresh_from_db(fields=left_out)
        return super().route(request, path_components)

    def shown_in(self) -> list[str]:
        return [page_cache.FRONT]

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        in_use = WardPage.objects.child_of(self).live().filter(ward__closed_at=None)
        pages = in_use.select_related("ward").order_by("title")
        return {
            **super().get_context(request, *args, **kwargs),
            "wards": SimpleLazyObject(lambda: [page.ward for page in pages]),
            "services": SimpleLazyObject(offers.services),
            "shared": sharing.fallback(here("/")),
        }


class WardPage(PortalPage):
    """A ward's home. Answers in order: is something urgent, what can I do here, what is new, whom do I reach."""

    template = "home/ward_page.html"
    is_creatable = False  # `tenancy.opening.open_ward` makes it, with what belongs to it
    parent_page_types: ClassVar = ["home.RootPage"]
    subpage_types: ClassVar = ["home.AnnouncementIndexPage"]

    ward = models.OneToOneField(Ward, models.PROTECT, related_name="page", editable=False)
    collection = models.OneToOneField(Collection, models.PROTECT, related_name="+", editable=False)
    editors = models.OneToOneField(Group, models.PROTECT, related_name="+", editable=False)
    approvers = models.OneToOneField(Group, models.PROTECT, null=True, related_name="+", editable=False)
    english_of: ClassVar = ("title", "intro")

    intro = models.TextField(_("lời giới thiệu"), blank=True, max_length=400)
    intro_en = models.TextField("introduction", blank=True, max_length=400)
    contacts = StreamField(Contacts, verbose_name=_("đầu mối liên hệ"), blank=True)
    # Beside `english_of`: without it the Vietnamese ones are shown, for a number serves who cannot read its name.
    contacts_en = StreamField(Contacts, verbose_name="contacts", blank=True)

    edit_handler = panels.with_english(
        [panels.TITLE_ALONE, FieldPanel("intro"), FieldPanel("contacts")],
        [*panels.INTRODUCTION_ENGLISH, FieldPanel("contacts_en")],
    )

    class Meta:
        verbose_name = _("trang phường")

    @property
    def intro_shown(self) -> str:
        return self.in_reader_language("intro")

    @property
    def lang_of_contacts(self) -> str:
        return "en" if self.contacts_en and around() == "en" else "vi"

    @property
    def contacts_shown(self) -> StreamValue:
        """In `lang_of_contacts`."""
        return self.contacts_en if self.lang_of_contacts == "en" else self.contacts

    def shown_in(self) -> list[str]:
        return [page_cache.ward(self.ward_id), page_cache.FRONT]

    def route(self, request: HttpRequest, path_components: list[str]) -> RouteResult:
        # Straight to what readers open most: one query instead of two a level.
        match path_components:
            case [first, slug] if first == ANNOUNCEMENTS_SLUG and slug not in PARTS_OF_THE_LIST:

                def look_up() -> AnnouncementPage | None:
                    return AnnouncementPage.objects.of(self.ward).filter(slug=slug).select_related("picture").first()

                key = ("announcement row", slug)
                kept = page_cache.piece(request, page_cache.ward(self.ward_id), key, look_up)
                page, below = copy(kept), []
            case [first, *below] if first == ANNOUNCEMENTS_SLUG:
                page = AnnouncementIndexPage.objects.child_of(self).filter(slug=ANNOUNCEMENTS_SLUG).first()
            case _:
                page, below = None, []
        if page:
            page.ward = self.ward
            return page.route(request, below)
        return super().route(request, path_components)

    def get_context(self, request: HttpRequest, *args, **kwargs) -> dict:
        from home.reading import banners  # noqa: PLC0415 - they are made of the pages of this room

        shown = banners.above(request, self.ward, at=timezone.now())
        return {
            **super().get_context(request, *args, **kwargs),
            "ward": self.ward,
            "banners": shown,
            # Asked for only by the pieces of the page that are not kept already.
            "news": SimpleLazyObject(lambda: self._news([announcement.pk for announcement in shown.urgent])),
            "shared": sharing.fallback(self.ward.get_absolute_url()),
            "for_you": self._aimed_at(request.user),
            "services": SimpleLazyObject(lambda: offers.services(self.ward) if self.ward.is_open else []),
            "buildings": self.ward.buildings.all(),
            "announcements_url": announcements_url(self.ward),
        }

    def _news(self, above: list[int]) -> dict[str, Any]:
        """The newest but those that stand above; without the long texts, which a list does not show."""
        found = AnnouncementPage.objects.of(self.ward).live().exclude(pk__in=above).select_related("picture")
        newest = list(found.newest_first().defer("body", "body_en")[:NEWEST_ON_WARD_HOME])
        for announcement in newest:
            announcement.ward = self.ward
        _say_whom_they_are_for(newest)
        lead = next((announcement for announcement in newest if announcement.picture), None)
        pictures.with_renditions([lead.picture] if lead else [])
        return {"newest": newest, "lead": lead}

    def _aimed_at(self, user) -> list[AnnouncementPage]:
        """What was said lately to the reader's own building, block or floor. Nothing for who is not signed in."""
        if not user.is_authenticated:
            return []
        news = AnnouncementPage.objects.of(self.ward).live().aimed_at(user)
        found = list(news.newest_first().defer("body", "body_en")[:AIMED_ON_WARD_HOME])
        for announcement in found:
            announcement.ward = self.ward
        _say_whom_they_are_for(found)
        return found


def _say_whom_they_are_for(announcements: list[AnnouncementPage]) -> None:
    """Reads the places of those that are for some, all at once."""
    for_some = [announcement for announcement in announcements if announcement.audience == Audience.BUILDINGS]
    models.prefetch_related_objects(for_some, AUDIENCE)
