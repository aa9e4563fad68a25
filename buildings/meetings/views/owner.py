"""The owners' side of a meeting: the invitation, the answer, what was decided."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from portal.core.files.downloads import private_response

from ...notices import seen
from .. import actions, papers
from ..counting import count
from ..forms import AnswerForm
from ..models import Meeting, MeetingAnswer, MeetingState
from .manager import send_minutes


@require_http_methods(["GET", "HEAD", "POST"])
def meeting(request: HttpRequest, id) -> HttpResponse:
    """Invitation, answer and result. Opened by an owner, the flat has seen the invitation."""
    found, at = _find(request, id), timezone.now()
    flats = actions.owned_flats(found, request.user)
    given = found.answers.filter(apartment__in=flats).first()
    awaited = found.state == MeetingState.TO_COME and not found.notice.is_withdrawn and not found.notice.is_over
    initial = {"answer": given.answer, "proxy": given.proxy} if given else {}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            actions.answer(found, by=request.user, at=at, **form.cleaned_data)
        except actions.NotOpen:
            messages.warning(request, _("Hội nghị không còn chờ trả lời."))
        else:
            messages.success(request, _("Đã ghi câu trả lời. Bạn đổi được đến khi hội nghị khai mạc."))
        return redirect("meetings:meeting", found.pk)
    if request.method == "GET":
        seen.note(found.notice, by=request.user, at=at)
    return render(
        request,
        "meetings/owner.html",
        {
            "building": found.building,
            "ward": found.building.ward,
            "meeting": found,
            "notice": found.notice,
            "flats": flats,
            "given": given,
            "form": form if awaited else None,
            "files": found.notice.files.all(),
            "versions": found.notice.versions.order_by("-number") if found.notice.is_corrected else [],
            "count": count(found),
            "resolutions": papers.resolutions_of(found),
        },
        status=400 if form.errors else 200,
    )


@require_safe
def invitation(request: HttpRequest, id) -> HttpResponse:
    found = _find(request, id)
    pdf = papers.invitation(found, actions.owned_flats(found, request.user), at=timezone.now())
    return private_response(pdf, filename="giay-moi.pdf", mime="application/pdf", inline=True)


@require_safe
def proxy_form(request: HttpRequest, id) -> HttpResponse:
    """The paper of authority for one's first flat, with the name one answered."""
    found = _find(request, id)
    flats = actions.owned_flats(found, request.user)
    if not flats:
        raise Http404
    answer = found.answers.filter(apartment=flats[0], answer=MeetingAnswer.Answer.PROXY).first()
    pdf = papers.proxy_paper(found, flats[0], str(request.user), answer.proxy if answer else "", at=timezone.now())
    return private_response(pdf, filename="giay-uy-quyen.pdf", mime="application/pdf", inline=True)


@require_safe
def minutes(request: HttpRequest, id) -> HttpResponse:
    return send_minutes(_find(request, id))


def _find(request: HttpRequest, id) -> Meeting:
    found = Meeting.objects.visible_to(request.user).select_related("notice__building__ward")
    return get_object_or_404(found, pk=id)
