"""Pictures of requests: uploaded one by one from a phone, and shown to whoever may see them."""

import logging
import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from portal.core.files import quota
from portal.core.files.downloads import stored_response
from portal.core.files.storage import DamagedFile
from portal.core.limits import within_rate

from .. import photos
from ..models import RequestPhoto

log = logging.getLogger(__name__)

RATE = "60/m/user,300/d/user"  # three full reports a minute, from a patient line


@require_POST
def add(request: HttpRequest) -> HttpResponse:
    """One picture for a form that is not sent yet; the answer says what became of it. For the script alone."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return JsonResponse({"error": _("Tải lại trang rồi thử lại.")}, status=400)
    if remove := request.POST.get("remove"):
        take_back(request, token, remove)
        return JsonResponse({})
    if not within_rate(request, "photo", RATE):
        return JsonResponse({"error": _("Quá nhiều ảnh trong thời gian ngắn. Hãy chờ một phút.")}, status=429)
    upload = request.FILES.get("photo")
    if upload is None:
        return JsonResponse({"error": _("Chưa chọn ảnh.")}, status=400)
    try:
        photo = photos.add(token, upload, by=request.user, at=timezone.now())
    except ValidationError as refused:
        return JsonResponse({"error": " ".join(refused.messages)}, status=400)
    return JsonResponse(shown(photo))


@require_safe
def photo(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _seen(request, id)
    return _file(found.file, filename=found.name, mime=found.mime)


@require_safe
def thumbnail(request: HttpRequest, id: uuid.UUID) -> HttpResponse:
    found = _seen(request, id)
    return _file(found.thumbnail, filename=f"{found.pk}.jpg", mime="image/jpeg")


def shown(photo: RequestPhoto) -> dict[str, Any]:
    """A picture of the form as the list of pictures shows it."""
    return {
        "id": str(photo.pk),
        "name": photo.name,
        "url": reverse("requests:photo", args=[photo.pk]),
        "thumbnail_url": reverse("requests:thumbnail", args=[photo.pk]),
    }


def take_back(request: HttpRequest, token: uuid.UUID, key: str) -> None:
    """Of one's own form, and of no other."""
    try:
        found = RequestPhoto.objects.of_form(token, request.user).filter(pk=uuid.UUID(key)).first()
    except ValueError:
        return
    if found:
        photos.remove(found)


def keep_uploads(request: HttpRequest, token: uuid.UUID) -> list[str]:
    """What came with the form itself, without script; the words for what was refused."""
    refused = [quota.words(names)] if (names := quota.left_out(request)) else []
    for upload in [*request.FILES.getlist("camera"), *request.FILES.getlist("photos")]:
        if not within_rate(request, "photo", RATE):
            return [*refused, _("Quá nhiều ảnh trong thời gian ngắn. Hãy chờ một phút.")]
        try:
            photos.add(token, upload, by=request.user, at=timezone.now())
        except ValidationError as error:
            refused += error.messages
    return refused


def _seen(request: HttpRequest, id: uuid.UUID) -> RequestPhoto:
    """404 for strangers."""
    seen = RequestPhoto.objects.visible_to(request.user) | RequestPhoto.objects.managed_by(request.user)
    return get_object_or_404(seen, pk=id)


def _file(file: Any, *, filename: str, mime: str) -> HttpResponse:
    try:
        return stored_response(file, filename=filename, mime=mime)
    except (FileNotFoundError, DamagedFile) as lost:
        log.exception("photo %s is gone from the storage, or damaged", file.name)
        raise Http404 from lost
