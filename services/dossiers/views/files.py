"""Papers, to whoever may see their dossier: its owner, and the ward's desk once it is sent."""

import logging

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from portal.core.access_record import note_read
from portal.core.files.downloads import stored_response
from portal.core.files.storage import DamagedFile
from services.dossiers.models import Attachment

log = logging.getLogger(__name__)


@require_safe
def file(request: HttpRequest, id, attachment) -> HttpResponse:
    found = _attachment(request, id, attachment)
    try:
        # Both kinds are shown by browsers themselves, and were checked when they arrived.
        return stored_response(found.file, filename=found.name, mime=found.content_type)
    except (FileNotFoundError, DamagedFile):
        log.exception("paper %s is gone from the storage, or damaged", found.pk)
        context = {"name": found.name, "dossier": found.dossier, "ward": found.dossier.ward}
        return render(request, "dossiers/paper_missing.html", context, status=503)


@require_safe
def thumbnail(request: HttpRequest, id, attachment) -> HttpResponse:
    found = _attachment(request, id, attachment)
    if not found.thumbnail:
        raise Http404("no thumbnail")
    try:
        return stored_response(found.thumbnail, filename=f"{found.pk}.jpg", mime="image/jpeg")
    except (FileNotFoundError, DamagedFile) as lost:  # an image beside a name: a page would not be seen
        raise Http404("no thumbnail") from lost


def _attachment(request: HttpRequest, id, attachment) -> Attachment:
    """404 for strangers; whoever reads somebody else's paper leaves a record of it."""
    seen = Attachment.objects.visible_to(request.user).select_related("dossier")
    found = get_object_or_404(seen, pk=attachment, dossier=id)
    if found.dossier.owner_id != request.user.pk:
        note_read(found.dossier, "paper", by=request.user, at=timezone.now())
    return found
