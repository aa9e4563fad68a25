"""What authors place in a procedure, and how it becomes a `Definition` and back.

A stored block is a mapping of exactly the names used here; a `Definition` says the same with types.
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from buildings.roles import DESK_POSITIONS, Position

from .blocks import KINDS
from .blocks.base import ConditionBlock
from .blocks.file import File
from .definition import ANSWER, Condition, Fee, FieldSpec, Section, StepSpec

STEP_KINDS = [
    ("receive", _("Tiếp nhận")),
    ("work", _("Thẩm định, xử lý")),
    ("sign", _("Ký")),
    ("issue", _("Cấp số, phát hành")),
    ("deliver", _("Trả kết quả")),
]
ASSIGNMENTS = [
    ("load", _("Xoay vòng, người ít việc nhất trước")),
    ("only", _("Người duy nhất giữ vị trí này")),
    ("by_hand", _("Người giao việc chọn")),
]
CHANNELS = [("online", _("Nộp trực tuyến")), ("counter", _("Nộp tại Bộ phận Một cửa"))]
COMMON = ("key", "label", "hint", "required", "when")


class SectionBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=40, label=_("Khóa"), help_text=_("Trong địa chỉ của trang: nguoi-yeu-cau"))
    title = blocks.CharBlock(max_length=150, label=_("Tiêu đề trang"))
    intro = blocks.TextBlock(required=False, rows=2, label=_("Lời dẫn"))
    fields = blocks.StreamBlock(
        [(name, kind.block()) for name, kind in KINDS.items()], collapsed=True, label=_("Câu hỏi")
    )

    class Meta:
        label = _("Trang")
        icon = "doc-empty"
        label_format = "{title}"


class SectionsStream(blocks.StreamBlock):
    section = SectionBlock()

    class Meta:
        collapsed = True


class PapersStream(blocks.StreamBlock):
    file = KINDS["file"].block()

    class Meta:
        collapsed = True


def _answer() -> blocks.CharBlock:
    return blocks.CharBlock(
        required=False,
        max_length=40,
        label=_("Điền sẵn lời khai của câu"),
        help_text=_("Khóa của một câu cùng loại trong tờ khai; công chức đối chiếu rồi giữ hoặc sửa."),
    )


class FindingsStream(blocks.StreamBlock):
    """Questions to the officer: every kind but files, and nothing filled in from the account of whoever answers."""

    def __init__(self, local_blocks=None, **kwargs: Any) -> None:
        kinds = [(name, kind.block((ANSWER, _answer()))) for name, kind in KINDS.items() if name != File.name]
        super().__init__([*(local_blocks or ()), *kinds], **kwargs)

    class Meta:
        collapsed = True


class StepBlock(blocks.StructBlock):
    key = blocks.CharBlock(max_length=40, label=_("Khóa"), help_text=_("Chữ thường không dấu: tham-dinh"))
    name = blocks.CharBlock(max_length=120, label=_("Tên bước"))
    kind = blocks.ChoiceBlock(STEP_KINDS, label=_("Loại"))
    position = blocks.ChoiceBlock(
        [(position.value, position.label) for position in map(Position, DESK_POSITIONS)],
        label=_("Vị trí chịu trách nhiệm"),
    )
    assign = blocks.ChoiceBlock(ASSIGNMENTS, default="load", label=_("Cách chọn người"))
    minutes = blocks.IntegerBlock(
        min_value=1,
        max_value=100_000,
        label=_("Số phút làm việc"),
        help_text=_("120 phút là 2 giờ; một ngày tính 480 phút."),
    )
    task = blocks.TextBlock(required=False, rows=2, label=_("Việc phải làm"))

    class Meta:
        label = _("Bước")
        icon = "tasks"
        label_format = "{name}"


class StepsStream(blocks.StreamBlock):
    step = StepBlock()

    class Meta:
        collapsed = True


class FeeBlock(blocks.StructBlock):
    channel = blocks.ChoiceBlock(CHANNELS, label=_("Cách nộp"))
    amount = blocks.IntegerBlock(min_value=0, max_value=1_000_000_000, label=_("Số tiền (đồng)"))
    note = blocks.CharBlock(required=False, max_length=300, label=_("Ghi chú"))

    class Meta:
        label = _("Mức phí")
        icon = "tag"
        label_format = "{channel}: {amount}"


class FeesStream(blocks.StreamBlock):
    fee = FeeBlock()


class LegalBasisStream(blocks.StreamBlock):
    law = blocks.CharBlock(max_length=300, label=_("Văn bản"), icon="openquote")


class RowBlock(blocks.StructBlock):
    label = blocks.CharBlock(max_length=200, label=_("Mục"))
    value = blocks.CharBlock(required=False, max_length=500, label=_("Nội dung"), help_text=_("{ho_ten}"))

    class Meta:
        label = _("Dòng")
        icon = "list-ul"
        label_format = "{label}: {value}"


class ColumnBlock(blocks.StructBlock):
    title = blocks.CharBlock(required=False, max_length=100, label=_("Tiêu đề cột"))
    rows = blocks.ListBlock(RowBlock(), label=_("Các dòng"))

    class Meta:
        label = _("Cột")
        icon = "placeholder"
        label_format = "{title}"


def _conditional(children: list[tuple[str, blocks.Block]], **meta: Any) -> blocks.StructBlock:
    return blocks.StructBlock([*children, ("when", ConditionBlock(required=False, label=_("Chỉ in khi")))], **meta)


class ResultStream(blocks.StreamBlock):
    paragraph = _conditional(
        [("text", blocks.TextBlock(rows=3, label=_("Đoạn văn")))], label=_("Đoạn văn"), icon="pilcrow"
    )
    heading = _conditional(
        [("text", blocks.CharBlock(max_length=200, label=_("Đề mục")))], label=_("Đề mục"), icon="title"
    )
    row = _conditional(
        [("label", RowBlock.base_blocks["label"]), ("value", RowBlock.base_blocks["value"])],
        label=_("Mục và nội dung"),
        icon="list-ul",
        label_format="{label}: {value}",
    )
    columns = _conditional(
        [("columns", blocks.ListBlock(ColumnBlock(), min_num=2, max_num=3, label=_("Các cột")))],
        label=_("Các cột cạnh nhau"),
        icon="grip",
    )

    class Meta:
        collapsed = True


# --- Blocks → definition -------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A block's value as plain JSON values; a stream as a list of mappings with their `type`."""
    if isinstance(value, blocks.StreamValue):
        return [{"type": child.block_type, **plain(child.value)} for child in value]
    if isinstance(value, blocks.list_block.ListValue):
        return [plain(item) for item in value]
    if isinstance(value, Mapping):
        return {name: plain(item) for name, item in value.items()}
    return value


def plain_texts(stream: blocks.StreamValue) -> list[str]:
    return [child.value for child in stream if child.value]


def sections_of(stream: blocks.StreamValue) -> tuple[Section, ...]:
    return tuple(
        Section(
            value["key"] or "",
            value["title"] or "",
            value["intro"] or "",
            tuple(_spec(field) for field in value["fields"]),
        )
        for value in plain(stream)
    )


def papers_of(stream: blocks.StreamValue) -> tuple[FieldSpec, ...]:
    return tuple(_spec(value) for value in plain(stream))


def findings_of(stream: blocks.StreamValue) -> tuple[FieldSpec, ...]:
    return tuple(_spec(value) for value in plain(stream))


def steps_of(stream: blocks.StreamValue) -> tuple[StepSpec, ...]:
    return tuple(
        StepSpec(
            value["key"] or "",
            value["name"] or "",
            value["kind"] or "",
            value["position"] or "",
            value["minutes"] or 0,
            value["task"] or "",
            value["assign"] or "load",
        )
        for value in plain(stream)
    )


def fees_of(stream: blocks.StreamValue) -> tuple[Fee, ...]:
    return tuple(Fee(value["channel"] or "", value["amount"] or 0, value["note"] or "") for value in plain(stream))


def result_blocks_of(stream: blocks.StreamValue) -> tuple[Mapping[str, Any], ...]:
    return tuple(_without_empty_condition(value) for value in plain(stream))


def _spec(value: dict[str, Any]) -> FieldSpec:
    options = {name: item for name, item in value.items() if name not in (*COMMON, "type") and item not in (None, "")}
    if "fields" in options:
        options["fields"] = [_inner(_spec(inner)) for inner in options["fields"]]
    return FieldSpec(
        kind=value["type"],
        key=value["key"] or "",
        label=value["label"] or "",
        hint=value["hint"] or "",
        required=bool(value["required"]),
        when=_condition(value.get("when")),
        options=options,
    )


def _inner(spec: FieldSpec) -> dict[str, Any]:
    """A question inside a group, as the group's options keep it."""
    when = {"field": spec.when.field, "values": list(spec.when.values)} if spec.when else None
    return {
        "kind": spec.kind,
        "key": spec.key,
        "label": spec.label,
        "hint": spec.hint,
        "required": spec.required,
        "when": when,
        "options": dict(spec.options),
    }


def _condition(value: Mapping[str, Any] | None) -> Condition | None:
    if not value or not value.get("field"):
        return None
    return Condition(
        value["field"], tuple(text.strip() for text in (value.get("values") or "").split(",") if text.strip())
    )


def _without_empty_condition(block: dict[str, Any]) -> dict[str, Any]:
    condition = _condition(block.get("when"))
    when = {"field": condition.field, "values": list(condition.values)} if condition else None
    return {**block, "when": when}


# --- Definition → blocks -------------------------------------------------------------------------


def stream(block_type: str, values: Iterable[Any]) -> str:
    """Values of one block type as a StreamField stores them."""
    return json.dumps([{"type": block_type, "value": value} for value in values])


def raw_fields(specs: Iterable[FieldSpec]) -> str:
    return json.dumps([{"type": spec.kind, "value": raw_field(spec)} for spec in specs])


def raw_section(section: Section) -> dict[str, Any]:
    fields = [{"type": spec.kind, "value": raw_field(spec)} for spec in section.fields]
    return {"key": section.key, "title": section.title, "intro": section.intro, "fields": fields}


def raw_field(spec: FieldSpec) -> dict[str, Any]:
    options = dict(spec.options)
    if "fields" in options:
        inner = [FieldSpec.from_json(each) for each in options["fields"]]
        options["fields"] = [{"type": each.kind, "value": raw_field(each)} for each in inner]
    common = {"key": spec.key, "label": spec.label, "hint": spec.hint, "required": spec.required}
    return {**common, "when": _raw_condition(spec.when), **options}


def raw_result(result_blocks: Iterable[Mapping[str, Any]]) -> str:
    raw = []
    for block in result_blocks:
        value = {name: item for name, item in block.items() if name not in ("type", "when")}
        when = block.get("when")
        condition = Condition(when["field"], tuple(when["values"])) if when else None
        raw.append({"type": block["type"], "value": {**value, "when": _raw_condition(condition)}})
    return json.dumps(raw)


def _raw_condition(condition: Condition | None) -> dict[str, str]:
    return (
        {"field": condition.field, "values": ", ".join(condition.values)} if condition else {"field": "", "values": ""}
    )
