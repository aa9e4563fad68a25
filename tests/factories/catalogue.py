"""Procedures: a small complete definition, and procedures published the way authors publish them."""

from dataclasses import replace
from typing import Any

from services.catalogue.definition import Condition, Definition, Fee, FieldSpec, Limit, Result, Section, StepSpec, Visit
from services.catalogue.models import Procedure

STEPS = (
    StepSpec("tiep-nhan", "Tiếp nhận", "receive", "clerk", 120),
    StepSpec("tham-dinh", "Thẩm định", "work", "specialist", 180),
    StepSpec("ky", "Ký", "sign", "leader", 120),
    StepSpec("phat-hanh", "Phát hành", "issue", "registry_clerk", 60),
    StepSpec("tra-ket-qua", "Trả kết quả", "deliver", "clerk", 60),
)
VISIT = Visit("Ký vào sổ")
NAME = FieldSpec("text", "ho_ten", "Họ và tên của bạn", options={"profile": "full_name"})
HAS_CHILDREN = FieldSpec("yes_no", "co_con", "Bạn có con không?")
CHILD = FieldSpec("text", "ten_con", "Tên con", when=Condition("co_con", ("yes",)))
SCHOOL = FieldSpec("text", "truong", "Trường của con", when=Condition("co_con", ("yes",)))
PAPER = FieldSpec("file", "khai_sinh", "Giấy khai sinh của con", when=Condition("co_con", ("yes",)))

SMALL = Definition(
    code="1.999001",
    name="Cấp giấy thử nghiệm",
    level=4,
    purpose="Để thử danh mục thủ tục.",
    decided_by="Chủ tịch Ủy ban nhân dân phường",
    limit=Limit("same_day"),
    declaration="Tôi cam đoan lời khai là đúng.",
    legal_basis=("Luật Hộ tịch",),
    sections=(
        Section("ban", "Bạn là ai?", fields=(NAME, HAS_CHILDREN, CHILD)),
        Section("con", "Con của bạn", fields=(SCHOOL,)),
    ),
    papers=(PAPER,),
    steps=STEPS,
    fees=(Fee("online", 0), Fee("counter", 8000, "một bản")),
    result=Result("Giấy thử nghiệm", "thu", "UBND-TN", ({"type": "row", "label": "Họ tên", "value": "{ho_ten}"},)),
)


def asking(*fields: FieldSpec, **changes: Any) -> Definition:
    """The small definition with these questions on its only page."""
    section = Section("trang", "Một trang", fields=fields)
    return replace(SMALL, sections=(section,), papers=(), **{"result": replace(SMALL.result, blocks=()), **changes})


def published(definition: Definition = SMALL, *, by: Any = None, **content: Any) -> Procedure:
    """A procedure written and published. `content`: slug, area, keywords."""
    procedure = Procedure(live=False, **{"slug": f"thu-tuc-{definition.code[-3:]}", **content})
    procedure.rewrite(definition)
    procedure.full_clean()
    procedure.save()
    return republished(procedure, by=by)


def republished(procedure: Procedure, *, by: Any = None) -> Procedure:
    """What is written in `procedure` now, published."""
    procedure.save_revision(user=by).publish(user=by)
    return Procedure.objects.get(pk=procedure.pk)
