"""The pages on which somebody decides about a person in a flat: a manager, or an owner of the flat."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.core import workflow
from portal.core.models import User
from portal.core.templatetags.components import moment

from ..models import Residency
from . import actions, words
from . import transitions as moves
from .forms import ConfirmForm, ExtendForm, NothingForm, ReasonForm


@dataclass(frozen=True)
class MovePage:
    """One decision: its address, its words, what is asked, and the function that carries it out."""

    slug: str
    move: workflow.Transition
    heading: str | Promise
    form: Callable[..., forms.Form]
    act: Callable[..., Residency]
    done: str | Promise
    warning: bool = False


PAGES = {
    page.slug: page
    for page in (
        MovePage(
            "xac-nhan",
            moves.CONFIRM,
            gettext_lazy("Xác nhận người này?"),
            ConfirmForm,
            actions.confirm,
            gettext_lazy("Đã xác nhận."),
        ),
        MovePage(
            "tu-choi",
            moves.REFUSE,
            gettext_lazy("Từ chối đề nghị?"),
            ReasonForm,
            actions.refuse,
            gettext_lazy("Đã từ chối. Người gửi đọc được lý do."),
            warning=True,
        ),
        MovePage(
            "gia-han",
            moves.EXTEND,
            gettext_lazy("Gia hạn thời gian ở"),
            ExtendForm,
            actions.extend,
            gettext_lazy("Đã gia hạn."),
        ),
        MovePage(
            "dai-dien",
            moves.LEAD,
            gettext_lazy("Đặt làm người đại diện căn hộ?"),
            NothingForm,
            actions.lead,
            gettext_lazy("Đã đặt người đại diện căn hộ."),
        ),
        MovePage(
            "ket-thuc",
            moves.END,
            gettext_lazy("Kết thúc cư trú?"),
            ReasonForm,
            actions.end,
            gettext_lazy("Đã kết thúc."),
            warning=True,
        ),
    )
}


def offered(residency: Residency, user, *, at: datetime) -> list[MovePage]:
    """What this person may decide about this residency now."""
    open_now = workflow.available([page.move for page in PAGES.values()], residency, user, at=at)
    return [page for page in PAGES.values() if page.move in open_now]


def offered_to_owner(residency: Residency, owner) -> list[MovePage]:
    """The same for a confirmed owner of the flat, without asking for each of its people whether they are one."""
    theirs = residency.role != Residency.Role.OWNER and residency.user_id != owner.pk
    return [page for page in PAGES.values() if page.move.is_open(residency) and (theirs or page.move is moves.LEAD)]


def decide(request: HttpRequest, residency: Residency, slug: str, *, template: str, back_url: str, **context: Any):
    """Ask and act. 404 for no such decision or one that is never theirs, 409 when somebody was quicker."""
    page, at, user = (
        PAGES.get(slug),
        timezone.now(),
        cast("User", request.user),
    )  # whoever is not signed in never gets here
    if page is None or not page.move.may(user, residency):
        raise Http404
    if not page.move.is_open(residency):
        return gone_on(request, residency, page, back_url=back_url)
    form = page.form(residency, request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            page.act(residency, by=request.user, at=at, **form.cleaned_data)
        except workflow.IllegalMove:
            return gone_on(request, residency, page, back_url=back_url)
        except actions.AnotherOwner:
            form = page.form(residency, request.POST)  # confirmed while the page stood open: now it asks
            form.is_valid()
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect(back_url)
    about = {"page": page, "residency": residency, "form": form, "back_url": back_url, "ward": residency.building.ward}
    if page.move is moves.END:
        about["family"] = list(residency.family.confirmed().select_related("user"))
    return render(request, template, {**about, **context})


def gone_on(request: HttpRequest, residency: Residency, page: MovePage, *, back_url: str) -> HttpResponse:
    """The conflict page: who did what, and when."""
    last = words.history(residency)[-1:]
    said = _("Việc “%(move)s” chưa được ghi, vì đề nghị này không còn như trên màn hình của bạn.") % {
        "move": page.move.label
    }
    for entry in last:
        said += " " + _("Việc mới nhất: %(what)s, %(who)s, %(when)s.") % {
            "what": entry.label,
            "who": entry.who,
            "when": moment(entry.at),
        }
    return render(request, "409.html", {"conflict": said, "back_url": back_url}, status=409)
