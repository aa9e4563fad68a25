"""Pictures of a request, kept one by one as they arrive: a slow line loses none that was already there.

They belong to the form they were added to (its token) until it is sent. Looked into and written anew by
`portal.core.files.uploads`: no place and time of the camera is left in them.
"""

import uuid
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from portal.core.files.stored import Stored, delete
from portal.core.files.uploads import inspect_upload
from portal.core.models import User

from .models import BuildingRequest, ContractorLink, RequestComment, RequestPhoto
from .rules import limits


class TooMany(ValidationError):
    """More pictures than one form may have."""


def add(
    token: uuid.UUID, upload: File, *, by: User | None, at: datetime, contractor: ContractorLink | None = None
) -> RequestPhoto:
    """Keep a picture (or a PDF) for a form. The same one twice is one. Raises UploadRefused, TooMany."""
    found = inspect_upload(upload)
    mine = RequestPhoto.objects.filter(token=token, added_by=by, contractor=contractor)
    if already := mine.filter(digest=found.sha256).first():
        return already
    if mine.count() >= limits().photos:
        raise TooMany(_("Mỗi lần gửi được nhiều nhất %(limit)s ảnh.") % {"limit": limits().photos})
    id = uuid.uuid4()
    try:
        with Stored() as files:
            file = files.keep(f"requests/{id}", found.content)
            thumbnail = files.keep(f"requests/{id}-small", found.thumbnail)
            with transaction.atomic():
                return RequestPhoto.objects.create(
                    id=id,
                    token=token,
                    file=file,
                    thumbnail=thumbnail,
                    name=found.name,
                    mime=found.mime,
                    size=found.size,
                    digest=found.sha256,
                    added_by=by,
                    contractor=contractor,
                    added_at=at,
                )
    except IntegrityError:  # sent twice at the same time
        return mine.get(digest=found.sha256)


def remove(photo: RequestPhoto) -> None:
    """Take back one that was not sent yet."""
    if RequestPhoto.objects.filter(pk=photo.pk, request=None).delete()[0]:
        delete([photo.file.name, photo.thumbnail.name])


def attach(
    request: BuildingRequest,
    token: uuid.UUID,
    *,
    by: User | None,
    kind: str,
    comment: RequestComment | None = None,
    contractor: ContractorLink | None = None,
) -> int:
    """What was added to this form belongs to the request from now on; how many."""
    mine = RequestPhoto.objects.filter(request=None, token=token, added_by=by, contractor=contractor)
    return mine.update(request=request, kind=kind, comment=comment)


def forget(*, at: datetime) -> int:
    """Delete those of reports that were never sent; how many."""
    old = RequestPhoto.objects.filter(request=None, added_at__lt=at - timedelta(days=limits().photo_days))
    forgotten = list(old)
    for photo in forgotten:
        remove(photo)
    return len(forgotten)
