"""A ward's name and address: changing them, and what an old address leads to."""

import re
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from wagtail.models import Collection, GroupApprovalTask, Workflow

from buildings.models import FormerName, Ward
from portal.core import audit
from portal.core.models import User

from ..models import WardPage

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def why_not(slug: str, *, ward: Ward | None = None) -> str:
    """Why a ward cannot have this address, in words; "" when it can. `ward` is the one that asks."""
    if not SLUG.fullmatch(slug):
        return _("Địa chỉ chỉ gồm chữ thường không dấu, số và dấu nối: viet-hung.")
    if _is_the_portals(slug):
        return _("Địa chỉ /%(slug)s/ là của cổng, không dùng cho phường được.") % {"slug": slug}
    others = Ward.objects.exclude(pk=ward.pk) if ward else Ward.objects
    if ward and others.filter(slug=slug).exists():
        return _("Đã có phường dùng địa chỉ này.")
    former = FormerName.objects.filter(slug=slug)
    if (former.exclude(ward=ward) if ward else former.exclude(ward__slug=slug)).exists():
        return _("Một phường khác từng dùng địa chỉ này; liên kết cũ vẫn dẫn về phường đó.")
    return ""


def _is_the_portals(slug: str) -> bool:
    """Whether the address belongs to the portal itself, such as /tra-cuu/, or is a language, such as /en/."""
    try:
        return slug in dict(settings.LANGUAGES) or resolve(f"/{slug}/").url_name != "wagtail_serve"
    except Resolver404:
        return False


@transaction.atomic
def rename(ward: Ward, *, name: str, slug: str, by: User | None, at: datetime) -> bool:
    """Give a ward another name, another address, or both. False when it has them already.

    The old address leads on, for good. What was issued keeps the name it bears. Raises ValidationError.
    """
    locked = Ward.objects.select_for_update(of=("self",)).get(pk=ward.pk)
    before = FormerName(ward=locked, name=locked.name, slug=locked.slug, until=at)
    if (locked.name, locked.slug) == (name, slug):
        return False
    if reason := why_not(slug, ward=locked):
        raise ValidationError({"slug": reason})
    said = str(locked)
    locked.name, locked.slug = name, slug
    locked.full_clean()
    locked.save(update_fields=["name", "slug"])
    before.save()
    _rename_pages(locked, said)
    for model in (Collection, Group, Workflow, GroupApprovalTask):  # each names the ward in its own name
        for row in model.objects.filter(name__endswith=said):
            row.name = row.name.removesuffix(said) + str(locked)
            row.save(update_fields=["name"])
    audit.record(
        locked,
        "ward.renamed",
        by=by,
        at=at,
        ward_id=locked.pk,
        public=True,
        from_name=before.name,
        to_name=name,
        from_slug=before.slug,
        to_slug=slug,
    )
    return True


def _rename_pages(ward: Ward, said: str) -> None:
    """The ward's page, its drafts too: publishing one later must not bring the old address back."""
    page = WardPage.objects.filter(ward=ward).first()
    if page is None:
        return
    draft = page.get_latest_revision_as_object() if page.has_unpublished_changes else None
    for each in (page, draft):
        if each is not None:
            each.slug = ward.slug
            each.title = str(ward) if each.title == said else each.title
            each.draft_title = each.title
    page.save()  # and with it the addresses of everything below
    if draft is not None:
        draft.save_revision(clean=False)
    elif page.latest_revision_id:
        page.save_revision(clean=False).publish()


def ward_once_at(slug: str) -> Ward | None:
    """The ward that had this address before it was renamed."""
    former = FormerName.objects.filter(slug=slug).exclude(ward__slug=slug).select_related("ward").last()
    return former.ward if former else None
