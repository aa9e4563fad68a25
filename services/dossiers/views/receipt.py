"""The resident says that the result has arrived."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.core import workflow
from services.dossiers import actions

from .access import own_dossier


@require_POST
def confirm_receipt(request: HttpRequest, id) -> HttpResponse:
    dossier = own_dossier(request, id)
    try:
        actions.confirm_receipt(dossier, by=request.user, at=timezone.now())
    except (workflow.IllegalMove, PermissionDenied):
        messages.warning(request, _("Kết quả chưa được trả. Xem tình trạng hồ sơ bên dưới."))
    else:
        messages.success(request, _("Đã ghi nhận bạn nhận được kết quả."))
    return redirect(dossier)
