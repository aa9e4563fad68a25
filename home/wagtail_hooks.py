"""The editors' admin, narrowed to the ward of whoever works in it."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.html import escape, format_html
from django.utils.translation import gettext as _
from wagtail import hooks
from wagtail.admin.action_menu import (
    ActionMenuItem,
    PublishMenuItem,
    SubmitForModerationMenuItem,
    WorkflowMenuItem,
)
from wagtail.admin.menu import MenuItem
from wagtail.models import Page, WorkflowState
from wagtail.rich_text.pages import PageLinkHandler

from portal.core.addresses import here

from . import media
from .editing import dashboard, wall
from .editing.editors import scope_of
from .editing.holidays import HolidayViewSet
from .editing.listings import AnnouncementListing, PageListing
from .models import AnnouncementPage
from .publicity.rules import TooEarly, check_removal


class PageLink(PageLinkHandler):
    """Links in texts are expanded in one query: an address here never depends on the kind of page."""

    @classmethod
    def get_many(cls, attrs_list: list[dict]) -> list[Page | None]:
        keys = [attrs.get("id") for attrs in attrs_list]
        pages = {str(page.pk): page for page in Page.objects.filter(pk__in=keys)}
        return [pages.get(str(key)) for key in keys]

    @classmethod
    def expand_db_attributes_many(cls, attrs_list: list[dict]) -> list[str]:
        # By its place below the front page: the same address on the portal's host and on a ward's own.
        return [
            f'<a href="{escape(here("/" + page.url_path.split("/", 2)[2]))}">' if page else "<a>"
            for page in cls.get_many(attrs_list)
        ]


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


@hooks.register("before_serve_document")
def only_published_files(document, request: HttpRequest) -> None:
    if not media.may_open(request.user, document):
        raise Http404


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


@hooks.register("construct_homepage_panels", order=100)
def first_screen(request: HttpRequest, panels: list) -> None:
    """In place of Wagtail's lists, which know no wards. The operator keeps those."""
    if not request.user.is_superuser:
        panels[:] = [dashboard.of(request.user)]


@hooks.register("insert_global_admin_css")
def looks() -> str:
    return format_html('<link rel="stylesheet" href="{}">', static("portal/admin/editing.css"))


@hooks.register("before_unpublish_page")
@hooks.register("before_delete_page")
def kept_up_by_law(request: HttpRequest, page: Page) -> HttpResponse | None:
    """Says why it stays and where a leader may let it go, before `publicity.guard` would refuse."""
    page = page.specific
    if isinstance(page, AnnouncementPage) and page.live:
        try:
            check_removal(page.translation_key, at=timezone.now())
        except TooEarly as refusal:
            messages.error(request, str(refusal))
            return redirect("publicity:announcement", page.translation_key)
    return None


class SendForApproval(SubmitForModerationMenuItem):
    """Without the name of the way: a ward has one."""

    def get_context_data(self, parent_context: Any) -> dict:
        context = super().get_context_data(parent_context)
        page = context.get("page")
        state = page.current_workflow_state if page else None
        again = state is not None and state.status == WorkflowState.STATUS_NEEDS_CHANGES
        return context | {"label": _("Gửi duyệt lại") if again else _("Gửi duyệt")}


@hooks.register("construct_page_action_menu")
def what_they_came_for(menu_items: list, request: HttpRequest, context: dict) -> None:
    """The first is the main button: who approves, publishes or sends for approval does not come to save a draft."""

    def rank(item: ActionMenuItem) -> tuple[bool, bool]:
        decides = isinstance(item, WorkflowMenuItem)
        return not (decides and item.name == "approve" and not item.launch_modal), not decides

    menu_items[:] = [
        SendForApproval(item.order) if isinstance(item, SubmitForModerationMenuItem) else item for item in menu_items
    ]
    menu_items.sort(key=rank)
    if not any(isinstance(item, WorkflowMenuItem) for item in menu_items):
        menu_items.sort(
            key=lambda item: (not isinstance(item, PublishMenuItem), not isinstance(item, SubmitForModerationMenuItem))
        )


@hooks.register("construct_main_menu", order=10)
def register_of_publicity(request: HttpRequest, menu_items: list) -> None:
    if scope_of(request.user).ward_ids:
        menu_items.append(MenuItem(_("Sổ công khai"), reverse("publicity:register"), icon_name="list-ul", order=300))


def _opens(scope, url: str) -> bool:
    try:
        return wall.lets_through(scope, resolve(url))
    except Resolver404:
        return False
