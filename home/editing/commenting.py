"""Who is told of remarks on a page: those who take part in it, or are called by name with an @, and work on the
ward's pages today.

Wagtail writes to whoever once wrote the page or a remark on it, also when they have left the ward.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.edit import EditView
from wagtail.models import Comment, CommentReply, Page, PageSubscription

from portal.core.models import User
from portal.core.notifications import notify
from portal.core.text import fold

from ..models import PortalPage
from .editors import people_of

SAID = 300  # characters of each remark that the message repeats


class PageEdit(EditView):
    """Wagtail's editor of a page. It stands before Wagtail's own at the same address (`portal.urls`)."""

    def send_commenting_notifications(self, changes: dict[str, Any]) -> None:
        said = list(_said(changes))
        if said or changes["resolved_comments"] or changes["deleted_comments"]:
            tell(self.page, said, by=self.request.user, at=timezone.now())


edit_page = never_cache(require_admin_access(PageEdit.as_view()))


def taking_part(page: Page) -> QuerySet[User]:
    """Who asked to be told of this page's remarks, or made one, and still works on its ward's pages."""
    ward_page = PortalPage.ward_page_above(page)
    if ward_page is None:
        return User.objects.none()
    asked = PageSubscription.objects.filter(page=page, comment_notifications=True)
    remarks = Comment.objects.filter(page=page)
    replies = CommentReply.objects.filter(comment__page=page)
    part = (Q(pk__in=each.values("user")) for each in (asked, remarks, replies))
    return people_of(ward_page.ward).filter(next(part) | next(part) | next(part))


def called(page: Page, said: list[str]) -> list[User]:
    """Whom the remarks call by name, "@Nguyễn Văn An", of those who work on the pages of the page's ward today.

    Written without diacritics or capitals it is the same name.
    """
    ward_page = PortalPage.ward_page_above(page)
    text = fold(" ".join(said))
    if ward_page is None or "@" not in text:
        return []
    return [person for person in people_of(ward_page.ward) if re.search(rf"@{re.escape(fold(str(person)))}\b", text)]


@transaction.atomic
def tell(page: Page, said: list[str], *, by: User, at: datetime) -> None:
    """Tells them, but not the one whose remarks they are. Nothing said: remarks were settled or taken back."""
    people = {person.pk: person for person in (*taking_part(page), *called(page, said)) if person != by}
    for person in people.values():
        with translation.override(person.preferred_language):
            title = _("Nhận xét mới: %(title)s") if said else _("Nhận xét đã xong: %(title)s")
            body = _("%(who)s để lại nhận xét trên bài.") if said else _("%(who)s đã giải quyết hoặc bỏ nhận xét.")
            url = reverse("wagtailadmin_pages:edit", args=[page.pk])
        notify(
            person,
            kind="editing.comments",
            key=f"comments:{page.pk}:{at.isoformat()}",
            title=title % {"title": page.draft_title or page.title},
            body="\n\n".join([body % {"who": by}, *said]),
            url=url,
            at=at,
        )


def _said(changes: dict[str, Any]) -> Iterator[str]:
    for remark in (*changes["new_comments"], *(reply for _to, replies in changes["new_replies"] for reply in replies)):
        yield f"– {Truncator(remark.text).chars(SAID)}"
