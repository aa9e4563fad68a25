"""A paper to attach. Its files are the dossier's business; here is only what is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from services.catalogue.definition import FieldSpec

from .base import Kind


class File(Kind):
    name = "file"
    label = _("Giấy tờ (ảnh hoặc PDF)")
    icon = "doc-full"

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        return {}

    def to_parts(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        return {}

    def problems(self, spec: FieldSpec, value: Any) -> list[str]:
        return []  # whether a file is there is looked up among the attachments
