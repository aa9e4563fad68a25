"""What the book of a building knows, so that a form about the building need not ask again.

An author names the fact beside the question (`building = "name"`); which building is meant, the one who
starts the form says. Facts of a board's member stand inside a group: one row a member.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from services.catalogue.definition import FieldSpec

OPTION = "building"
MEMBERS = "members"
NAMES: dict[str, str | Promise] = {
    "name": _("tên tòa nhà"),
    "address": _("địa chỉ tòa nhà"),
    "flats": _("số căn hộ"),
    "scope": _("một tòa nhà hay cụm nhà"),
    "elected_on": _("ngày Hội nghị bầu Ban quản trị"),
    "member_name": _("thành viên Ban quản trị: họ tên"),
    "member_role": _("thành viên Ban quản trị: chức danh"),
    "member_flat": _("thành viên Ban quản trị: căn hộ"),
}


def option(*names: str) -> tuple[str, blocks.Block]:
    """The block with which an author says which of these facts answers the question."""
    choices = [(name, NAMES[name]) for name in names]
    return OPTION, blocks.ChoiceBlock(choices, required=False, label=_("Điền sẵn từ sổ tòa nhà"))


def known(spec: FieldSpec, facts: Mapping[str, Any]) -> Any:
    """The fact this question asks for; None when it asks for none or the book does not know."""
    return facts.get(spec.options.get(OPTION) or "")
