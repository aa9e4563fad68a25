"""A ward's newest announcements for feed readers: RSS at `…/thong-bao/rss/`, Atom at `…/thong-bao/atom/`."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from buildings.models import Ward
from portal.core.languages import around

from ..kinds import Kind

ITEMS = 30


@dataclass(frozen=True)
class Subject:
    """What a feed is about: a ward's announcements of every kind, or of one."""

    ward: Ward
    kind: Kind | None = None

    @property
    def address(self) -> str:
        return f"{settings.PUBLIC_URL}{self.ward.get_absolute_url()}thong-bao/"

    @property
    def query(self) -> str:
        return f"?loai={self.kind.value}" if self.kind else ""


class AnnouncementFeed(Feed):
    """RSS. Addresses are whole and public, whatever host was asked; titles are in the language of the address."""

    slug = "rss"
    item_guid_is_permalink = False

    def __call__(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        self.language = around()  # of this request: a feed is made for each
        return super().__call__(request, *args, **kwargs)

    def get_object(self, request: HttpRequest, ward: Ward, kind: Kind | None = None) -> Subject:
        return Subject(ward, kind)

    def title(self, subject: Subject) -> str:
        whole = _("Thông báo của %(ward)s") % {"ward": subject.ward.shown}
        return f"{whole}: {subject.kind.label}" if subject.kind else whole

    def description(self, subject: Subject) -> str:
        return _("Tin mới của Ủy ban nhân dân phường %(name)s") % {"name": subject.ward.name}

    def author_name(self, subject: Subject) -> str:
        """Atom asks for one (RFC 4287, 4.1.1)."""
        return subject.ward.shown

    def link(self, subject: Subject) -> str:
        return f"{subject.address}{subject.query}"

    def feed_url(self, subject: Subject) -> str:
        return f"{subject.address}{self.slug}/{subject.query}"

    def feed_guid(self, subject: Subject) -> str:
        return self.feed_url(subject)

    def items(self, subject: Subject):
        announcements = subject.ward.announcements.live().newest_first().defer("body", "body_en")
        found = list((announcements.filter(kind=subject.kind) if subject.kind else announcements)[:ITEMS])
        for announcement in found:
            announcement.ward = subject.ward
        return found

    def item_title(self, item) -> str:
        return item.title_shown

    def item_description(self, item) -> str:
        return escape(item.summary_shown)  # readers take it for markup

    def item_link(self, item) -> str:
        return f"{settings.PUBLIC_URL}{item.address}"

    def item_guid(self, item) -> str:
        return f"thong-bao:{item.translation_key}"

    def item_pubdate(self, item):
        return item.first_published_at

    def item_updateddate(self, item):
        return item.last_published_at

    def item_categories(self, item) -> list[str]:
        return [str(item.kind_label)]


class AtomFeed(AnnouncementFeed):
    slug = "atom"
    feed_type = Atom1Feed
    subtitle = AnnouncementFeed.description

    def item_guid(self, item) -> str:
        return f"urn:uuid:{item.translation_key}"


FEEDS = {feed.slug: feed for feed in (AnnouncementFeed, AtomFeed)}
