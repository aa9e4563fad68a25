"""Several dossiers at once: received or handed on, each for itself; or their slips on one print-out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.core.access_record import note_read
from portal.core.files.downloads import private_response

from .. import batch
from ..access import chosen_desk, desk_required


@require_POST
@desk_required
def together(request: HttpRequest) -> HttpResponse:
    """What was ticked in the list, and what becomes of each: made, or why not."""
    ward, at = chosen_desk(request), timezone.now()
    seen = batch.ticked(request.POST.getlist("ho_so"))
    wanted = request.POST.get("viec", "")
    if not seen:
        messages.warning(request, _("Đánh dấu ít nhất một hồ sơ trong danh sách."))
        return redirect(f"{reverse('desk:work')}?{request.GET.urlencode()}")
    if wanted == batch.PRINTED:
        return _print(request, seen, at=at)
    if wanted not in batch.BATCHES:
        raise Http404(wanted)
    chosen = batch.BATCHES[wanted]
    outcomes = batch.make(chosen, seen, by=request.user, at=at)
    return render(
        request,
        "desk/batch.html",
        {
            "ward": ward,
            "batch": chosen,
            "outcomes": outcomes,
            "made": sum(outcome.done for outcome in outcomes),
            "keys": [f"{outcome.dossier.pk}:" for outcome in outcomes if outcome.done],
            "back_url": f"{reverse('desk:work')}?{request.GET.urlencode()}",
        },
    )


def _print(request: HttpRequest, seen, *, at) -> HttpResponse:
    documents = batch.slips_of(seen, by=request.user)
    if not documents:
        messages.warning(request, _("Các hồ sơ đã chọn chưa có phiếu nào để in."))
        return redirect(f"{reverse('desk:work')}?{request.GET.urlencode()}")
    for document in documents:
        note_read(document.subject, "document", by=request.user, at=at, ward_id=document.ward_id)
    content = batch.bound(documents)
    return private_response(
        content, filename=f"phieu-{timezone.localtime(at):%Y%m%d-%H%M}.pdf", mime="application/pdf", inline=True
    )
