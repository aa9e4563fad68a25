"""The page of a conversation, which both sides share: the lines, and the form below them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.paginator import Page, Paginator
from django.http import HttpRequest
from django.utils.translation import gettext as _

from portal.core.limits import within_rate
from portal.core.models import User
from services.dossiers.models import Dossier

from . import actions, queries
from .forms import MessageForm
from .models import Message

A_PAGE = 30
RATE = "6/m/user,60/h/user"


@dataclass(frozen=True)
class Line:
    """One message as its reader sees it."""

    message: Message
    is_mine: bool
    is_new: bool
    is_late: bool


def lines(
    reader: User, dossier: Dossier, *, number: str | None, new: set[UUID], at: datetime
) -> tuple[Page, list[Line]]:
    """One page of a conversation: the first holds the newest messages, each page its oldest on top."""
    page = Paginator(queries.thread(reader, dossier).reverse(), A_PAGE).get_page(number)
    return page, [
        Line(
            message,
            is_mine=message.author_id == reader.pk,
            is_new=message.pk in new,
            is_late=message.is_late(at=at),
        )
        for message in reversed(page.object_list)
    ]


def send(
    request: HttpRequest, dossier: Dossier, form: MessageForm, *, by: User, at: datetime
) -> tuple[Message | None, int]:
    """Send what the form says. Gives the message, or None and the status of the page that says why not.

    Raises PermissionDenied.
    """
    if not form.is_valid():
        return None, 400
    if not within_rate(request, "message", RATE):
        form.add_error(None, _("Bạn đã gửi quá nhiều tin trong thời gian ngắn. Hãy chờ một phút rồi gửi lại."))
        return None, 429
    try:
        return actions.write(dossier, by=by, at=at, **form.arguments()), 200
    except actions.Closed:
        form.add_error(None, _("Trao đổi về hồ sơ này đã đóng. Hãy gọi phường."))
        return None, 409
    except ValidationError as refused:
        form.add_error("files", refused)
        return None, 400
