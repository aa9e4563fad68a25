"""A paper to attach. Its files are the dossier's business; here is only what is asked for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

from .base import Kind

DATABASES = [
    ("population", _("Cơ sở dữ liệu quốc gia về dân cư")),
    ("residence", _("Cơ sở dữ liệu về cư trú")),
]


class File(Kind):
    name = "file"
    label = _("Giấy tờ (ảnh hoặc PDF)")
    icon = "doc-full"

    def options(self) -> list[tuple[str, blocks.Block]]:
        replaced_by = blocks.ChoiceBlock(
            DATABASES,
            required=False,
            label=_("Cơ sở dữ liệu thay cho giấy này"),
            help_text=_("Giấy chỉ phải nộp khi tra cứu không thấy."),
        )
        return [("replaced_by", replaced_by)]

    def mistakes(self, spec: FieldSpec) -> dict[str, str]:
        if (database := spec.options.get("replaced_by")) and database not in dict(DATABASES):
            return {"replaced_by": str(_("Không có cơ sở dữ liệu này."))}
        return {}

    def form_fields(self, spec: FieldSpec, rows: int = 1) -> dict[str, forms.Field]:
        return {}

    def to_parts(self, spec: FieldSpec, value: Any) -> dict[str, Any]:
        return {}

    def problems(self, spec: FieldSpec, value: Any) -> list[str]:
        return []  # whether a file is there is looked up among the attachments
