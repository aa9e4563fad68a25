from django.contrib.syndication.views import Feed
from django.http import HttpRequest
from django.utils.html import escape
from django.utils.translation import gettext as _

from buildings.models import Ward

ITEMS = 30


class AnnouncementFeed(Feed):
    """A ward's newest announcements as RSS, at `/<ward>/thong-bao/rss/`."""

    language = "vi"

    def get_object(self, request: HttpRequest, ward: Ward) -> Ward:
        return ward

    def title(self, ward: Ward) -> str:
        return _("Thông báo của %(ward)s") % {"ward": ward}

    def description(self, ward: Ward) -> str:
        return _("Tin mới của Ủy ban nhân dân %(ward)s") % {"ward": str(ward).lower()[:1] + str(ward)[1:]}

    def link(self, ward: Ward) -> str:
        return f"{ward.get_absolute_url()}thong-bao/"

    def feed_url(self, ward: Ward) -> str:
        return f"{self.link(ward)}rss/"

    def items(self, ward: Ward):
        announcements = list(ward.announcements.live().newest_first()[:ITEMS])
        for announcement in announcements:
            announcement.ward = ward
        return announcements

    def item_title(self, item) -> str:
        return item.title

    def item_description(self, item) -> str:
        return escape(item.summary)  # readers take it for markup

    def item_link(self, item) -> str:
        return item.address

    def item_guid(self, item) -> str:
        return f"thong-bao:{item.translation_key}"

    item_guid_is_permalink = False

    def item_pubdate(self, item):
        return item.first_published_at

    def item_updateddate(self, item):
        return item.last_published_at

    def item_categories(self, item) -> list[str]:
        return [str(item.kind_label)]
