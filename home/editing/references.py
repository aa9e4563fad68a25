"""A ward's pages may refer only to what is the ward's own: its pages, pictures and files.

Filtering the choosers is a courtesy to editors; this is the wall. It also holds for what a crafted
request, a restored revision or a command puts into a page.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext as _
from wagtail.blocks import StreamValue
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import Page

if TYPE_CHECKING:
    from ..models import WardPage


def faults(page: Page, ward_page: "WardPage") -> dict[str, str]:
    """The fields of a page that refer to something of another ward, and what to say of them."""
    return foreign({field.name: getattr(page, field.name) for field in _own_fields(page)}, ward_page)


def foreign(values: Mapping[str, Any], ward_page: "WardPage") -> dict[str, str]:
    """field → message, for each value that refers to something outside the ward or gone."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    by_field = {name: set(_references(value)) for name, value in values.items()}
    for references in by_field.values():
        for model, key in references:
            wanted[model].add(key)
    owned = {(model, key) for model, keys in wanted.items() for key in _owned(model, keys, ward_page)}
    return {
        name: _("Có ảnh, tệp hoặc trang không thuộc phường này hoặc không còn nữa. Hãy chọn lại.")
        for name, references in by_field.items()
        if references - owned
    }


def _own_fields(page: Page) -> Iterator[models.Field]:
    """What the page's own class added: Wagtail's bookkeeping columns refer to no content."""
    for field in page._meta.local_fields:
        if field.editable and not field.auto_created and (field.is_relation or hasattr(field, "stream_block")):
            yield field


def _references(value: Any) -> Iterator[tuple[type[models.Model], str]]:
    if isinstance(value, models.Model):
        yield _base(type(value)), str(value.pk)
    elif isinstance(value, StreamValue):
        for model, key, *_path in value.stream_block.extract_references(value):
            yield _base(model), str(key)


def _base(model: type[models.Model]) -> type[models.Model]:
    return Page if issubclass(model, Page) else model


def _owned(model: type[models.Model], keys: set[str], ward_page: "WardPage") -> set[str]:
    """Those keys that are the ward's. Of a model not named here nothing is: say whose it is first."""
    rows = model._default_manager.filter(pk__in=keys)
    if model is Page:
        rows = rows.descendant_of(ward_page, inclusive=True)
    elif model in (get_image_model(), get_document_model()):
        rows = rows.filter(collection__path__startswith=ward_page.collection.path)
    else:
        return set()
    return {str(key) for key in rows.values_list("pk", flat=True)}
