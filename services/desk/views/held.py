"""Taking back a move that has not left the office yet."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from .. import held
from ..access import desk_required, dossier_at_desk
from ..pages import PAGES


@require_POST
@desk_required
def undo(request: HttpRequest, id) -> HttpResponse:
    """Nothing has happened and nobody was told; or it is too late, which is said. 403 for anybody else's move."""
    dossier = dossier_at_desk(request.user, id)
    try:
        taken_back = held.undo(dossier, by=request.user, at=timezone.now())
    except held.TooLate:
        messages.warning(request, _("Không hoàn tác được nữa: việc đã được thực hiện và thông báo."))
    else:
        messages.success(
            request,
            _("Đã hoàn tác “%(move)s”. Chưa có gì được gửi đi.") % {"move": PAGES[taken_back.move].label},
        )
    return redirect("desk:dossier", dossier.pk)
