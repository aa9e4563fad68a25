"""Sizes of pictures on pages that an older version published: what they lack is promised and made by the worker."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.contrib.contenttypes.models import ContentType
from wagtail.models import Page, ReferenceIndex

from portal.core import outbox
from portal.core.models import Job

from .models import Picture, PictureRendition
from .pictures import MAKING, SHARED, SPECS, make_ready

JOB = "home.make_sizes"


def promise_missing(*, at: datetime) -> int:
    """Promises the sizes that pictures of published pages lack, and those of an older making; how many pictures."""
    wanted = {picture: wanted_of(leads=leads) for picture, leads in shown().items()}
    have: dict[int, set[str]] = {}
    lacking = set()
    for picture, spec, making in PictureRendition.objects.values_list("image_id", "filter_spec", "making").iterator():
        have.setdefault(picture, set()).add(spec)
        if making < MAKING:
            lacking.add(picture)
    lacking |= {picture for picture, specs in wanted.items() if specs - have.get(picture, set())}
    payloads = {
        f"{picture}:{MAKING}:{_digest(wanted.get(picture, ()))}": {"picture_id": picture} for picture in lacking
    }
    promised = Job.objects.filter(kind=JOB)
    before = promised.count()
    outbox.enqueue_many(JOB, payloads, at=at)
    return promised.count() - before


def keep_promise(picture_id: int) -> None:
    """Throws away the sizes of an older making, and makes what published pages show. Safe to repeat."""
    picture = Picture.objects.filter(pk=picture_id).first()
    if picture is None:
        return
    for size in picture.renditions.filter(making__lt=MAKING):
        size.delete()  # with its file, and out of the cache
    for leads in shown(picture).values():
        make_ready([picture], *wanted_of(leads=leads))


def wanted_of(*, leads: bool) -> set[str]:
    return {*SPECS, SHARED} if leads else set(SPECS)


def shown(picture: Picture | None = None) -> dict[int, bool]:
    """The pictures that published pages show; whether one leads its page, so that other sites show a cut of it."""
    index = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(Picture),
        base_content_type=ContentType.objects.get_for_model(Page),
    )
    pages = Page.objects.live()
    if picture:
        index = index.filter(to_object_id=str(picture.pk))
        pages = pages.filter(pk__in=[int(page) for page in index.values_list("object_id", flat=True)])
    live = {str(pk) for pk in pages.values_list("pk", flat=True)}
    found: dict[int, bool] = {}
    for page, key, place in index.values_list("object_id", "to_object_id", "model_path").iterator():
        if page in live:
            found[int(key)] = found.get(int(key), False) or place == "picture"
    return found


def _digest(specs: Iterable[str]) -> str:
    return sha256(" ".join(sorted(specs)).encode()).hexdigest()[:12]
