"""The filled e-form: the resident agrees to it, or says what is to be mended (domain.md §8, row 30)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from portal.core import workflow
from services.catalogue import answers as form_answers
from services.dossiers import actions, slips, steps
from services.dossiers.forms import AgreementForm
from services.dossiers.models import DossierState

from .access import own_dossier


@require_http_methods(["GET", "HEAD", "POST"])
def agreement(request: HttpRequest, id) -> HttpResponse:
    dossier = own_dossier(request, id)
    if dossier.state != DossierState.CONFIRMING:
        return redirect(dossier)
    form = AgreementForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            if form.cleaned_data["agrees"] == AgreementForm.YES:
                actions.confirm(dossier, by=request.user, at=timezone.now())
                messages.success(request, _("Đã ghi nhận bạn đồng ý. Phường giải quyết tiếp."))
            else:
                reason = form.cleaned_data["reason"]
                actions.dispute(dossier, by=request.user, at=timezone.now(), reason=reason)
                messages.success(request, _("Đã gửi đề nghị sửa. Phường xem lại và gửi bạn bản mới."))
        except (workflow.IllegalMove, PermissionDenied):
            messages.warning(request, _("Thời gian xác nhận đã hết. Xem tình trạng mới bên dưới."))
        return redirect(dossier)
    reminders = steps.reminders_of(dossier, dossier.current_step, state=dossier.state)
    return render(
        request,
        "dossiers/agreement.html",
        {
            "ward": dossier.ward,
            "dossier": dossier,
            "form": form,
            "until": reminders[0].at if reminders else None,
            "result": slips.result(dossier),
            "answers": form_answers.summary(dossier.spec, dossier.answers),
        },
        status=400 if form.is_bound else 200,
    )
