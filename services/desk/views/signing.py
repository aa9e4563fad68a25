"""Signing: one result from its own page, or several that were read one after the other."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import workflow
from portal.core.calendar import load_calendar
from services.dossiers import actions
from services.dossiers.assignment import NobodyToOwn
from services.dossiers.models import Dossier, Step
from services.dossiers.transitions import SIGN

from .. import draft, second_factor
from ..access import chosen_desk, desk_required, dossier_at_desk, note_listed
from ..due import standing
from . import dossier as dossier_views

AT_ONCE = 50  # what one person can have read


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def sign(request: HttpRequest, id, name: str) -> HttpResponse:
    """The page of signing, once its reader has shown again that it is them."""
    dossier = dossier_at_desk(request.user, id)
    if SIGN.is_open(dossier) and SIGN.may(request.user, dossier) and (again := second_factor.ask_again(request)):
        return again
    return dossier_views.move(request, id, name)


@dataclass(frozen=True)
class Signed:
    """What became of one of several."""

    dossier: Dossier
    done: bool
    words: str | Promise


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def sign_several(request: HttpRequest) -> HttpResponse:
    """What waits for my signature: read each draft, tick, sign; each is signed for itself, or not."""
    ward = chosen_desk(request)
    waiting = list(_waiting(request, ward)[:AT_ONCE])
    if waiting and (again := second_factor.ask_again(request)):
        return again
    at = timezone.now()
    note_listed(request, "signing", ward, waiting)
    context = {"ward": ward, "desks": request.desks}
    if request.method == "POST":
        chosen = set(request.POST.getlist("ho-so"))
        outcomes = [_sign(request, one, at=at) for one in waiting if str(one.pk) in chosen]
        gone = chosen - {str(outcome.dossier.pk) for outcome in outcomes}
        if outcomes or gone:
            context |= {"outcomes": outcomes, "gone": len(gone), "signed": sum(one.done for one in outcomes)}
            return render(request, "desk/signed.html", context)
        context["nothing_chosen"] = True
    calendar = load_calendar(ward)
    context["rows"] = [
        (one, standing(one, calendar=calendar, at=at), draft.digest(one, signer=request.user, at=at))
        for one in waiting
        if not SIGN.gate(one, at)
    ]
    context["held_up"] = len(waiting) - len(context["rows"])
    return render(request, "desk/sign_several.html", context)


def _waiting(request: HttpRequest, ward):
    mine = Dossier.objects.at_desk_of(request.user).filter(ward=ward).waiting_for(request.user)
    return mine.filter(current_step__kind=Step.Kind.SIGN).with_people().prefetch_related("finding_sheets").by_due_time()


def _sign(request: HttpRequest, dossier: Dossier, *, at) -> Signed:
    """One of several, in a transaction of its own: what is wrong with one does not hold up the others."""
    turn, seen = request.POST.get(f"step-{dossier.pk}", ""), request.POST.get(f"seen-{dossier.pk}", "")
    if not seen:
        return Signed(dossier, done=False, words=_("Hãy mở dự thảo rồi ký lại."))
    try:
        actions.sign(dossier, by=request.user, at=at, step=turn, seen=seen)
    except workflow.Blocked:
        return Signed(dossier, done=False, words=_("Hồ sơ quá hạn: phải giải trình và xin lỗi trước."))
    except actions.FindingsMissing:
        return Signed(dossier, done=False, words=_("Còn thiếu kết quả thẩm định. Hãy trả lại để thẩm định lại."))
    except actions.ResultChanged:
        return Signed(dossier, done=False, words=_("Dự thảo đã khác với bản bạn xem. Hãy xem lại rồi ký."))
    except workflow.IllegalMove:
        return Signed(dossier, done=False, words=_("Hồ sơ đã chuyển bước trong lúc bạn xem."))
    except PermissionDenied:
        return Signed(dossier, done=False, words=_("Hồ sơ này không do bạn ký."))
    except NobodyToOwn:
        return Signed(dossier, done=False, words=_("Chưa có ai giữ vị trí của bước sau."))
    return Signed(dossier, done=True, words=_("Văn thư cấp số và phát hành."))


VIEWS = {SIGN.name: sign}  # moves with a view of their own
