"""One dossier at the desk, and a page for each move."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core import workflow
from portal.core.audit import history_of
from portal.core.calendar import load_calendar
from portal.core.files.downloads import private_response
from portal.core.models import AuditEvent
from services.catalogue import answers as form_answers
from services.dossiers import standing as dossier_standing
from services.dossiers.actions import FindingsMissing
from services.dossiers.assignment import CannotOwn, NobodyToOwn
from services.dossiers.models import Dossier, DossierState
from services.dossiers.transitions import DELIVER, SIGN

from .. import draft, held, reading
from ..access import desk_required, dossier_at_desk
from ..due import standing
from ..pages import PAGES, MovePage
from ..work_list import may_take


@require_safe
@desk_required
def dossier(request: HttpRequest, id) -> HttpResponse:
    """One dossier: the answers beside the papers, where it stands, and what may be done."""
    dossier = dossier_at_desk(request.user, id)
    pages = reading.available_pages(dossier, request.user, at=timezone.now())
    papers = reading.papers_of(dossier, request.user)
    return render(
        request,
        "desk/dossier.html",
        {
            **_head(dossier),
            "pages": [page for page in pages if not page.seldom],
            "seldom": [page for page in pages if page.seldom],
            "may_take": may_take(dossier, request.user, at=timezone.now()),
            "why_nothing": "" if any(not page.seldom for page in pages) else reading.why_nothing(dossier, request.user),
            "summary": form_answers.summary(dossier.spec, dossier.answers),
            "found": reading.findings_of(dossier, request.user),
            "papers": papers,
            "shown": reading.chosen(papers, request.GET.get("tep", "")),
            "steps": reading.steps_of(dossier),
            "record": reading.record_of(dossier),
            "documents": reading.documents_of(dossier, request.user),
            "supplements": dossier.supplement_requests.select_related("asked_by").prefetch_related("items"),
            "has_draft": draft.has_draft(dossier),
        },
    )


@require_safe
@desk_required
def draft_result(request: HttpRequest, id) -> HttpResponse:
    """The result as it will be, marked as a draft; shown in the page of the move that signs it."""
    dossier = dossier_at_desk(request.user, id)
    if not draft.has_draft(dossier):
        raise Http404
    signer = request.user if SIGN.is_open(dossier) and SIGN.may(request.user, dossier) else None
    content = draft.print_draft(dossier, signer=signer, at=timezone.now())
    return private_response(content, filename=f"du-thao-{dossier.code}.pdf", mime="application/pdf", inline=True)


@require_http_methods(["GET", "HEAD", "POST"])
@desk_required
def move(request: HttpRequest, id, name: str) -> HttpResponse:
    """The page of a move, and the move.

    409 when somebody was quicker or the officer's screen is older than the dossier; 403 when the
    step is another position's. The action asks the same again, on the locked row.
    """
    page = PAGES[name]
    dossier = dossier_at_desk(request.user, id)
    seen = request.POST.get("step", "")
    if not page.move.is_open(dossier) or (seen and seen != dossier.current_step.turn):
        return conflict(request, dossier, page, history_of(dossier).last())
    if not page.move.may(request.user, dossier):
        raise PermissionDenied(page.name)
    if page.move.gate(dossier, timezone.now()):
        return conflict(request, dossier, page, history_of(dossier).last())
    form = page.form(dossier, request.user, request.POST if request.method == "POST" else None)
    if form.is_valid() and seen and held.is_held(page.name):
        return _hold(request, dossier, page, seen, form.arguments())
    if form.is_valid():
        try:
            # Without the step it was made on, a move is one that nobody saw.
            made = page.act(dossier, by=request.user, at=timezone.now(), step=seen, **form.arguments())
        except FindingsMissing as missing:
            for problem in missing.problems:
                form.add_error(None, problem.message)
        except workflow.IllegalMove as refused:
            return conflict(request, refused.obj, page, refused.last)
        except CannotOwn:
            form.add_error("to", _("Người này không nhận được bước này nữa. Chọn người khác."))
        except NobodyToOwn:
            form.add_error(
                None, _("Chưa có ai giữ vị trí của bước sau, kể cả lãnh đạo phường. Hãy báo người quản trị.")
            )
        else:
            done = [page.done % {"code": made.code}, reading.who_goes_on(made, request.user)]
            messages.success(request, " ".join(filter(None, done)))
            return _onwards(made, request.user)
    return render(
        request,
        page.template,
        {
            **_head(dossier),
            "form": form,
            "page": page,
            "has_draft": page.draft and draft.has_draft(dossier),
        },
    )


def _hold(request: HttpRequest, dossier: Dossier, page: MovePage, seen: str, arguments: dict) -> HttpResponse:
    """The move is made in a few seconds, unless it is taken back on the dossier's page."""
    try:
        held.hold(dossier, page.name, by=request.user, at=timezone.now(), step=seen, arguments=arguments)
    except held.AlreadyHeld:
        messages.warning(request, _("Một việc khác của hồ sơ này đang chờ gửi đi. Hãy hoàn tác việc đó trước."))
    return redirect("desk:dossier", dossier.pk)


def _onwards(dossier: Dossier, officer) -> HttpResponse:
    """To the dossier while the officer has something to do there, else to what waits next."""
    if any(not page.seldom for page in reading.available_pages(dossier, officer, at=timezone.now())):
        return redirect("desk:dossier", dossier.pk)
    return redirect("desk:work")


def conflict(request: HttpRequest, dossier: Dossier, page: MovePage, last: AuditEvent | None) -> HttpResponse:
    """Somebody was quicker, or lateness holds it up: who, what and when, and the way to the dossier as it is now."""
    unprinted = page.move is DELIVER and dossier.state == DossierState.DONE
    context = {
        "is_blocked": page.move.gate(dossier, timezone.now()),
        "not_yet": reading.why_nothing(dossier, request.user) if unprinted else "",
        "dossier": dossier,
        "ward": dossier.ward,
        "page": page,
        "last": last,
        "what": reading.what_happened(last),
    }
    return render(request, "desk/conflict.html", context, status=409)


def _head(dossier: Dossier) -> dict:
    """What the head of every page of a dossier shows."""
    return {
        "dossier": dossier,
        "ward": dossier.ward,
        "standing": standing(dossier, calendar=load_calendar(dossier.ward), at=timezone.now()),
        "state_tone": dossier_standing.tone_of(dossier),
    }
