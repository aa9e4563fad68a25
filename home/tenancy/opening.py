"""Opening a ward: everything a new tenant needs, in one action."""

from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from wagtail.models import (
    Collection,
    GroupApprovalTask,
    GroupCollectionPermission,
    GroupPagePermission,
    Locale,
    Page,
    Site,
    Workflow,
    WorkflowPage,
    WorkflowTask,
)

from buildings.models import Ward
from portal.core import audit
from portal.core.models import User

from ..editing.editors import admin_access, people_of, settle
from ..models import ANNOUNCEMENTS_SLUG, AnnouncementIndexPage, RootPage, WardPage
from .naming import why_not

# On the ward's pages and below. Not "bulk delete": a ward's home cannot be deleted with all it holds.
# Editors write and send for approval; what goes up and comes down, approvers say. They write themselves, too,
# when something is urgent.
EDITORS_ON_PAGES = ("add_page", "change_page")
APPROVERS_ON_PAGES = ("add_page", "change_page", "publish_page")
ON_FILES = (
    "add_image",
    "change_image",
    "choose_image",
    "add_document",
    "change_document",
    "choose_document",
)

FIRST_CONTACTS = [("contact", {"office": "Bộ phận Một cửa", "matter": "Hướng dẫn, nhận hồ sơ và trả kết quả"})]
FIRST_CONTACTS_ENGLISH = [("contact", {"office": "One-stop desk", "matter": "Advice, applications and results"})]


class WardRefused(ValueError):
    """The ward cannot be opened under this slug; says why, in words."""


@transaction.atomic
def open_ward(*, slug: str, by: User | None, at: datetime, **facts) -> WardPage:
    """Makes the ward's row, pages, collection, groups of editors and approvers, and workflow.

    What is there already is kept as it is and what is missing is made, so opening a ward twice is the
    same as once, and an older ward gets what wards have since. Certificates are made by whoever signs first.
    `facts` are the fields of `Ward`, needed the first time. Raises WardRefused for a slug that is no address or is taken by a page of the portal, and
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
    page = WardPage.objects.filter(ward=ward).select_related("editors", "approvers", "collection").first()
    if page is None:
        page = _make_page(root, ward)
        audit.record(ward, "ward.opened", by=by, at=at, ward_id=ward.pk, public=True)
    complete(page)
    return page


@transaction.atomic
def complete(page: WardPage) -> bool:
    """Gives a ward what it lacks of groups, permissions and workflow, and its people their groups; False when the ward
    lacked nothing."""
    granted, planned = _grant(page), _ensure_workflow(page)
    for person in people_of(page.ward):
        settle(person)
    return granted or planned


def _make_page(root: RootPage, ward: Ward) -> WardPage:
    """The ward's home and what it holds."""
    editors, _created = Group.objects.get_or_create(name=f"Biên tập {ward}")
    page = root.add_child(
        instance=WardPage(
            title=str(ward),
            slug=ward.slug,
            ward=ward,
            collection=_child_collection(str(ward)),
            editors=editors,
            contacts=FIRST_CONTACTS,
            contacts_en=FIRST_CONTACTS_ENGLISH,
        )
    )
    page.add_child(instance=AnnouncementIndexPage(title="Thông báo", title_en="Announcements", slug=ANNOUNCEMENTS_SLUG))
    return page


def _grant(page: WardPage) -> bool:
    """What Wagtail lets the ward's editors and approvers do, on its pages and in its collection."""
    new = page.approvers is None
    if page.approvers is None:
        page.approvers, _created = Group.objects.get_or_create(name=f"Duyệt bài {page.ward}")
        WardPage.objects.filter(pk=page.pk).update(approvers=page.approvers)
    pages = Permission.objects.filter(content_type__app_label="wagtailcore", content_type__model="page")
    files = Permission.objects.filter(content_type__app_label__in=("wagtailimages", "wagtaildocs"))
    for group, on_pages in ((page.editors, EDITORS_ON_PAGES), (page.approvers, APPROVERS_ON_PAGES)):
        group.permissions.add(admin_access())
        taken, _rows = (
            GroupPagePermission.objects.filter(group=group).exclude(permission__codename__in=on_pages).delete()
        )
        new |= taken > 0
        for permission in pages.filter(codename__in=on_pages):
            new |= GroupPagePermission.objects.get_or_create(group=group, page=page, permission=permission)[1]
        for permission in files.filter(codename__in=ON_FILES):
            new |= GroupCollectionPermission.objects.get_or_create(
                group=group, collection=page.collection, permission=permission
            )[1]
    return new


def _ensure_workflow(page: WardPage) -> bool:
    """The ward's own way to approval: one task, for the ward's approvers alone, on the ward's pages alone."""
    if WorkflowPage.objects.filter(page=page).exists():
        return False
    task = GroupApprovalTask.objects.create(name=f"Duyệt bài {page.ward}")
    task.groups.add(page.approvers)
    workflow = Workflow.objects.create(name=f"Duyệt bài {page.ward}")
    WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
    WorkflowPage.objects.create(workflow=workflow, page=page)
    return True


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
