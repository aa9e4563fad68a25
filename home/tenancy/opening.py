"""Opening a ward: everything a new tenant needs, in one action."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Locale, Page, Site

from buildings.models import Ward
from portal.core import audit
from portal.core.models import User

from ..editors import admin_access
from ..models import ANNOUNCEMENTS_SLUG, AnnouncementIndexPage, RootPage, WardPage
from .naming import why_not

# On the ward's pages and below. Not "bulk delete": a ward's home cannot be deleted with all it holds.
PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
COLLECTION_PERMISSIONS = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)

FIRST_CONTACTS = [("contact", {"office": "Bộ phận Một cửa", "matter": "Hướng dẫn, nhận hồ sơ và trả kết quả"})]


class WardRefused(ValueError):
    """The ward cannot be opened under this slug; says why, in words."""


@transaction.atomic
def open_ward(*, slug: str, by: User | None, at: datetime, **facts) -> WardPage:
    """Makes the ward's row, home page, announcements, collection and editors' group.

    What is there already is kept as it is, so opening a ward twice is the same as once, and an
    interrupted opening is completed by the next. `facts` are the fields of `Ward`, needed the first
    time. Raises WardRefused for a slug that is no address or is taken by a page of the portal, and
    ValidationError for facts that are missing or wrong.
    """
    if reason := why_not(slug):
        raise WardRefused(reason)
    root = front_page()
    ward = Ward.objects.filter(slug=slug).first()
    if ward is None:
        ward = Ward(slug=slug, **facts)
        ward.full_clean()
        ward.save()
    if page := WardPage.objects.filter(ward=ward).first():
        return page

    collection = _child_collection(str(ward))
    editors, _created = Group.objects.get_or_create(name=f"Biên tập {ward}")
    page = root.add_child(
        instance=WardPage(
            title=str(ward), slug=slug, ward=ward, collection=collection, editors=editors, contacts=FIRST_CONTACTS
        )
    )
    page.add_child(instance=AnnouncementIndexPage(title="Thông báo", slug=ANNOUNCEMENTS_SLUG))

    editors.permissions.add(admin_access())
    for permission in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=PAGE_PERMISSIONS):
        GroupPagePermission.objects.get_or_create(group=editors, page=page, permission=permission)
    for permission in Permission.objects.filter(
        content_type__app_label__in=("wagtailimages", "wagtaildocs"), codename__in=COLLECTION_PERMISSIONS
    ):
        GroupCollectionPermission.objects.get_or_create(group=editors, collection=collection, permission=permission)
    audit.record(ward, "ward.opened", by=by, at=at, ward_id=ward.pk, public=True)
    return page


def front_page() -> RootPage:
    """The portal's front page, made in place of Wagtail's welcome page when it is not there yet."""
    if page := RootPage.objects.first():
        return page
    Locale.objects.get_or_create(language_code=settings.LANGUAGE_CODE)
    tree = Page.get_first_root_node() or Page.add_root(instance=Page(title="Root", slug="root"))
    page = tree.add_child(instance=RootPage(title=settings.WAGTAIL_SITE_NAME, slug="portal"))
    site = Site.objects.filter(is_default_site=True).first() or Site(hostname="localhost", is_default_site=True)
    site.root_page, site.site_name = page, settings.WAGTAIL_SITE_NAME
    site.save()
    for welcome in tree.get_children().not_page(page).filter(sites_rooted_here=None, content_type__model="page"):
        welcome.delete()
    return page


def _child_collection(name: str) -> Collection:
    top = Collection.get_first_root_node() or Collection.add_root(name="Root")
    return top.get_children().filter(name=name).first() or top.add_child(name=name)
