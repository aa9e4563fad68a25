"""The editors' admin, narrowed to the ward of whoever works in it."""

from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import Resolver404, resolve, reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page
from wagtail.rich_text.pages import PageLinkHandler

from . import wall
from .editors import scope_of
from .holidays import HolidayViewSet
from .listings import AnnouncementListing, PageListing


class PageLink(PageLinkHandler):
    """Links in texts are expanded in one query: an address here never depends on the kind of page."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Page | None]:
        keys = [attrs.get("id") for attrs in attrs_list]
        pages = {str(page.pk): page for page in Page.objects.filter(pk__in=keys)}
        return [pages.get(str(key)) for key in keys]


@hooks.register("register_rich_text_features", order=1)
def quick_page_links(features) -> None:
    features.register_link_type(PageLink)


@hooks.register("register_admin_viewset", order=1)
def viewsets() -> list:
    # After Wagtail's own, whose place they take.
    return [PageListing(), AnnouncementListing(), HolidayViewSet()]


@hooks.register("construct_page_chooser_queryset")
@hooks.register("construct_explorer_page_queryset", order=-1)
def own_pages(*args) -> QuerySet:
    # The explorer's hook passes the parent page first.
    pages, request = args[-2:]
    return pages if request.user.is_superuser else pages & pages.filter(pk__in=scope_of(request.user).pages())


@hooks.register("construct_image_chooser_queryset")
@hooks.register("construct_document_chooser_queryset")
def own_collections(items: QuerySet, request: HttpRequest) -> QuerySet:
    return items if request.user.is_superuser else items.filter(scope_of(request.user).in_collections())


@hooks.register("construct_main_menu")
def only_what_opens(request: HttpRequest, menu_items: list) -> None:
    """No menu item leads to a 404; the page tree is entered at the ward's own page."""
    if request.user.is_superuser:
        return
    scope = scope_of(request.user)
    menu_items[:] = [item for item in menu_items if item.name != "explorer" and _opens(scope, item.url)]
    menu_items += [
        MenuItem(
            page.title, reverse("wagtailadmin_explore", args=[page.pk]), icon_name="folder-open-inverse", order=order
        )
        for order, page in enumerate(scope.ward_pages)
    ]


@hooks.register("construct_homepage_summary_items", order=1)
def no_counts(request: HttpRequest, items: list) -> None:
    """Wagtail counts across wards and links to what is not open."""
    if not request.user.is_superuser:
        items.clear()


def _opens(scope, url: str) -> bool:
    try:
        return wall.lets_through(scope, resolve(url))
    except Resolver404:
        return False
