"""A draft whose procedure was published anew: what is kept, and on under the version in force."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from services.dossiers import filing, journey, renewal

from .access import dossier_to_fill_in, place_of


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest, id) -> HttpResponse:
    dossier, at = dossier_to_fill_in(request, id), timezone.now()
    if not dossier.is_draft or renewal.may_send(dossier, at=at):
        return redirect("dossiers:check", id=dossier.pk)
    if request.method == "POST":
        try:
            renewed = renewal.renew(dossier, by=request.user, at=at)
        except filing.NotEditable:
            return redirect(dossier)
        except filing.NotInForce:
            return redirect("dossiers:renew", id=dossier.pk)
        messages.success(request, _("Hồ sơ đã chuyển sang mẫu mới. Xem lại từng mục rồi gửi."))
        return redirect(journey.resume(renewed).url)
    version = renewal.successor(dossier, at=at)
    context = {
        "ward": dossier.ward,
        "dossier": dossier,
        "version": version,
        "found": renewal.compare(dossier, version) if version else None,
        "leave_url": place_of(request, dossier),
        "filed_for": dossier.owner if dossier.owner_id != request.user.pk else None,
    }
    return render(request, "dossiers/renew.html", context)
