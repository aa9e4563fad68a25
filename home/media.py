"""Pictures and files of pages, always through the portal: an address alone opens nothing.

Everyone gets what a published page shows. What only a draft shows, what was taken down and what was
merely uploaded is its ward's editors' own; so are the original photos, which say where they were taken.
This holds for a folder and for a bucket alike.
"""

import mimetypes

from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.core.files.storage import default_storage
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe
from wagtail.models import ReferenceIndex

from .editing.editors import scope_of
from .models import Picture, PictureRendition, PublicFile

# A size never changes under its name, so a browser that saw it may keep it; a proxy lets go of it
# soon after its page was taken down.
BROWSER_SECONDS, PROXY_SECONDS = 86_400, 300


def is_shown(item: Picture | PublicFile) -> bool:
    """Whether anything published refers to it. Drafts of published pages do not count until they are published."""
    index = ReferenceIndex.objects.filter(
        to_content_type=ContentType.objects.get_for_model(item), to_object_id=str(item.pk)
    )
    by_model: dict[int, set[str]] = {}
    for content_type, key in index.values_list("base_content_type", "object_id"):
        by_model.setdefault(content_type, set()).add(key)
    return any(_is_live(ContentType.objects.get_for_id(pk).model_class(), keys) for pk, keys in by_model.items())


def may_open(user, item: Picture | PublicFile) -> bool:
    return is_shown(item) or may_edit(user, item)


def may_edit(user, item: Picture | PublicFile) -> bool:
    if not user.is_authenticated:
        return False
    own = scope_of(user).pictures() if isinstance(item, Picture) else scope_of(user).files()
    return user.is_superuser or own.filter(pk=item.pk).exists()


def _is_live(model: type[Model] | None, keys: set[str]) -> bool:
    """What knows no publishing, such as a row of a register, publishes nothing."""
    return (
        model is not None and hasattr(model, "live") and model._default_manager.filter(pk__in=keys, live=True).exists()
    )


@require_safe
@login_not_required
def picture_file(request: HttpRequest, path: str) -> FileResponse:
    """One size of a picture, or its original for the editors."""
    size = PictureRendition.objects.filter(file=path).select_related("image").first()
    picture = size.image if size else get_object_or_404(Picture, file=path)
    shown = bool(size) and is_shown(picture)
    if not shown and not may_edit(request.user, picture):
        raise Http404
    try:
        content = default_storage.open(path)
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(content, content_type=mimetypes.guess_type(path)[0] or "application/octet-stream")
    if shown:
        patch_cache_control(response, public=True, max_age=BROWSER_SECONDS, s_maxage=PROXY_SECONDS, immutable=True)
    return response
