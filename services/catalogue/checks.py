"""What must be true of a procedure before residents may file it. Pure: a definition in, mistakes out.

Each mistake says where it is, as a path from a field of `Procedure` down into its blocks:
("sections", 0, "fields", 2, "key"). `as_validation_error` puts it beside that very input.
"""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError
from wagtail.blocks.list_block import ListBlockValidationError

from buildings.agencies import AGENCIES
from buildings.roles import Position

from . import results
from .authoring import ASSIGNMENTS
from .blocks import KINDS
from .blocks.file import File
from .definition import ANSWER, PAPERS, Condition, Definition, FieldSpec, Limit

KEY = re.compile(r"^[a-z][a-z0-9_]*$")
SLUG = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
# Names the pages around a form already use in addresses and buttons.
TAKEN_PAGES = {PAPERS, "nhan-ket-qua", "kiem-tra", "delivery", "check"}
TAKEN_KEYS = {*results.SYSTEM, "bo", "csrfmiddlewaretoken"}
TAKEN_AT_DESK = {"step", "note", "to"}  # what the desk's form asks for besides the findings
FINDINGS = "findings"  # the page the findings are on
WORKING_DAY = 480  # minutes: the eight hours limits and step times are planned in (domain: 2–3–2–1 h)
LISTS = {"choices", "columns", "rows"}  # ListBlocks; every other list is a StreamBlock

Path = tuple[str | int, ...]


class Mistake(NamedTuple):
    path: Path
    message: str


def mistakes(definition: Definition) -> list[Mistake]:
    """Everything wrong with it, in the order of the authors' screen."""
    return [
        *_level(definition),
        *_limits(definition),
        *_fees(definition),
        *_agency(definition),
        *_form(definition),
        *_steps(definition),
        *_findings(definition),
        *_result(definition),
    ]


def as_validation_error(found: list[Mistake]) -> ValidationError:
    """The mistakes as Wagtail's nested errors, so that each is shown beside its input."""
    tree: dict[str | int, Any] = {}
    for path, message in found:
        node = tree
        for step in path[:-1]:
            child = node.setdefault(step, {})
            if not isinstance(child, dict):  # a message for the whole is already here
                break
            node = child
        else:
            node.setdefault(path[-1], message)
    return ValidationError({str(name): _nested(str(name), child) for name, child in tree.items()})


def _nested(name: str | int, child: Any) -> ValidationError:
    if isinstance(child, str):
        return ValidationError(child)
    if all(isinstance(step, int) for step in child):
        inner = {step: _nested(step, grandchild) for step, grandchild in child.items()}
        return ListBlockValidationError(inner) if name in LISTS else StreamBlockValidationError(inner)
    return StructBlockValidationError({str(step): _nested(step, grandchild) for step, grandchild in child.items()})


# --- The whole -----------------------------------------------------------------------------------


def _level(definition: Definition) -> Iterator[Mistake]:
    if definition.level == 3 and not definition.presence_reason.strip():
        yield Mistake(("presence_reason",), _("Thủ tục mức 3 phải nói vì sao người dân cần đến phường."))
    if definition.level == 3 and definition.visit is None:
        yield Mistake(("visit_purpose",), _("Thủ tục mức 3 phải nói người dân đến phường để làm gì."))
    if definition.visit and definition.visit.minutes < 1:
        yield Mistake(("visit_minutes",), _("Buổi đến phường cần có thời gian."))
    if not definition.declaration.strip():
        yield Mistake(("declaration",), _("Hãy viết lời cam đoan mà người nộp đồng ý trước khi gửi."))


def _limits(definition: Definition) -> Iterator[Mistake]:
    limit, legal = definition.limit, definition.legal_limit
    if limit.kind != "same_day" and limit.amount < 1:
        yield Mistake(("limit_amount",), _("Hãy điền thời hạn từ 1 trở lên."))
    if legal and legal.kind != "same_day" and legal.amount < 1:
        yield Mistake(("legal_limit_amount",), _("Hãy điền thời hạn từ 1 trở lên."))
    elif legal and limit_minutes(limit) > limit_minutes(legal):
        yield Mistake(("limit_amount",), _("Thời hạn cam kết không được dài hơn thời hạn luật định."))
    longer = definition.limit_after_verification
    if longer and longer.kind != "same_day" and longer.amount < 1:
        yield Mistake(("verification_limit_amount",), _("Hãy điền thời hạn từ 1 trở lên."))
    elif longer and limit_minutes(longer) <= limit_minutes(legal or limit):
        yield Mistake(
            ("verification_limit_amount",), _("Thời hạn khi phải xác minh dài hơn thời hạn khi không phải xác minh.")
        )


def _fees(definition: Definition) -> Iterator[Mistake]:
    seen = set()
    for i, fee in enumerate(definition.fees):
        if fee.channel in seen:
            yield Mistake(("fees", i, "channel"), _("Mỗi cách nộp chỉ có một mức phí."))
        seen.add(fee.channel)


def _agency(definition: Definition) -> Iterator[Mistake]:
    if definition.agency not in AGENCIES:
        yield Mistake(("agency",), _("Chọn cơ quan giải quyết."))


# --- The form ------------------------------------------------------------------------------------


def _form(definition: Definition) -> Iterator[Mistake]:
    if not definition.sections:
        yield Mistake(("sections",), _("Tờ khai cần ít nhất một trang."))
    pages, keys = set(TAKEN_PAGES), set(TAKEN_KEYS)
    home: dict[str, str] = {}  # question → its page
    for i, section in enumerate(definition.sections):
        if not SLUG.match(section.key):
            yield Mistake(("sections", i, "key"), _("Khóa của trang gồm chữ thường không dấu, nối bằng gạch ngang."))
        elif section.key in pages:
            yield Mistake(("sections", i, "key"), _("Khóa này đã dùng cho một trang khác."))
        pages.add(section.key)
        if not section.fields:
            yield Mistake(("sections", i, "title"), _("Trang này chưa có câu hỏi nào."))
        for j, spec in enumerate(section.fields):
            yield from _question(definition, spec, ("sections", i, "fields", j), section.key, keys, home)
    for j, spec in enumerate(definition.papers):
        yield from _question(definition, spec, ("papers", j), PAPERS, keys, home)


def _findings(definition: Definition) -> Iterator[Mistake]:
    """What the officer is asked: keys of its own, no papers, nothing from the account of whoever answers."""
    home = {spec.key: page.key for page in definition.pages for spec in page.fields}
    keys = {*TAKEN_KEYS, *TAKEN_AT_DESK, *home}
    for i, spec in enumerate(definition.findings):
        path = (FINDINGS, i)
        yield from _question(definition, spec, path, FINDINGS, keys, home, pages_before=True)
        if spec.kind == File.name:
            yield Mistake((*path, "key"), _("Nội dung công chức ghi không nhận tệp đính kèm."))
        for name in ("profile", "profile_when"):
            if spec.options.get(name):
                yield Mistake((*path, name), _("Không điền sẵn từ tài khoản: người trả lời là công chức."))
        if answer := spec.options.get(ANSWER):
            asked = [question.kind for question in definition.fields() if question.key == answer]
            if asked != [spec.kind]:
                yield Mistake((*path, ANSWER), _("Không có câu cùng loại với khóa “%s” trong tờ khai.") % answer)
    if definition.findings and not any(step.kind == "work" for step in definition.steps):
        yield Mistake(("steps",), _("Có nội dung công chức ghi thì phải có bước thẩm định."))


def _question(
    definition: Definition,
    spec: FieldSpec,
    path: Path,
    page: str,
    keys: set[str],
    home: dict[str, str],
    *,
    pages_before: bool = False,
) -> Iterator[Mistake]:
    yield from _key(spec, path, keys)
    if spec.when:
        for name, message in _condition(definition, spec.when, home):
            yield Mistake((*path, "when", name), message)
        # The findings are asked for when the whole form has been answered.
        if not pages_before and (asked := home.get(spec.when.field)) and asked != page:
            source = definition.field(spec.when.field)
            if source.when and home.get(source.when.field) != asked:
                yield Mistake(
                    (*path, "when", "field"), _("Câu này cũng phụ thuộc một câu ở trang khác; hãy dựa vào câu gốc.")
                )
    for name, message in KINDS[spec.kind].mistakes(spec).items():
        yield Mistake((*path, name), message)
    inner_keys: set[str] = set()
    for k, inner in enumerate(spec.options.get("fields", ())):
        inner_spec, inner_path = FieldSpec.from_json(inner), (*path, "fields", k)
        yield from _key(inner_spec, inner_path, inner_keys)
        if inner_spec.when:
            yield Mistake((*inner_path, "when", "field"), _("Câu hỏi trong nhóm lặp lại không đặt điều kiện riêng."))
        for name, message in KINDS[inner_spec.kind].mistakes(inner_spec).items():
            yield Mistake((*inner_path, name), message)
    home[spec.key] = page


def _key(spec: FieldSpec, path: Path, taken: set[str]) -> Iterator[Mistake]:
    if not KEY.match(spec.key):
        yield Mistake((*path, "key"), _("Khóa gồm chữ thường không dấu, chữ số và gạch dưới, ví dụ ho_ten."))
    elif spec.key in taken:
        yield Mistake((*path, "key"), _("Khóa này đã dùng trong tờ khai hoặc thuộc về hệ thống."))
    taken.add(spec.key)


def _condition(definition: Definition, condition: Condition, known: dict[str, str]) -> Iterator[tuple[str, str]]:
    if condition.field not in known:
        yield "field", _("Không có câu hỏi “%s” ở phía trước.") % condition.field
        return
    source = definition.field(condition.field)
    possible = KINDS[source.kind].values(source)
    if not possible:
        yield "field", _("Điều kiện chỉ dựa được vào câu hỏi chọn một, hoặc có hay không.")
    elif not condition.values:
        yield "values", _("Hãy ghi câu trả lời làm điều kiện.")
    elif unknown := [value for value in condition.values if value not in possible]:
        yield "values", _("Không có lựa chọn: %s.") % ", ".join(unknown)


# --- The work ------------------------------------------------------------------------------------


def _steps(definition: Definition) -> Iterator[Mistake]:
    steps = definition.steps
    kinds = [step.kind for step in steps]
    if not steps:
        yield Mistake(("steps",), _("Hãy ghi các bước giải quyết, từ tiếp nhận đến trả kết quả."))
        return
    if kinds[0] != "receive":
        yield Mistake(("steps", 0, "kind"), _("Bước đầu tiên phải là tiếp nhận."))
    if kinds[-1] != "deliver":
        yield Mistake(("steps", len(steps) - 1, "kind"), _("Bước cuối cùng phải là trả kết quả."))
    for kind, name in (
        ("receive", _("tiếp nhận")),
        ("sign", _("ký")),
        ("issue", _("phát hành")),
        ("deliver", _("trả kết quả")),
    ):
        at = [i for i, each in enumerate(kinds) if each == kind]
        if len(at) > 1:
            yield Mistake(("steps", at[1], "kind"), _("Chỉ có một bước %s.") % name)
        if not at and kind in ("sign", "issue"):
            yield Mistake(("steps", 0, "name"), _("Còn thiếu bước %s.") % name)
    if "sign" in kinds and "issue" in kinds and kinds.index("issue") < kinds.index("sign"):
        yield Mistake(("steps", kinds.index("issue"), "kind"), _("Phải ký trước khi phát hành."))
    if "sign" in kinds and any(kind == "work" for kind in kinds[kinds.index("sign") :]):
        last = len(kinds) - 1 - kinds[::-1].index("work")
        yield Mistake(("steps", last, "kind"), _("Thẩm định phải xong trước khi ký."))
    yield from _each_step(definition)
    yield from _planned_time(definition)


def _each_step(definition: Definition) -> Iterator[Mistake]:
    keys: set[str] = set()
    agency = AGENCIES.get(definition.agency)
    for i, step in enumerate(definition.steps):
        if not SLUG.match(step.key):
            yield Mistake(("steps", i, "key"), _("Khóa của bước gồm chữ thường không dấu, nối bằng gạch ngang."))
        elif step.key in keys:
            yield Mistake(("steps", i, "key"), _("Khóa này đã dùng cho một bước khác."))
        keys.add(step.key)
        if agency and step.position not in (*agency.positions, Position.CLERK):
            yield Mistake(("steps", i, "position"), _("Vị trí này không giải quyết hồ sơ của cơ quan này."))
        elif agency and (step.kind == "sign") != (step.position == agency.head):
            # The desk receives and does not decide; who decides is the head of the agency (domain.md §1.1).
            yield Mistake(("steps", i, "position"), _("Người đứng đầu cơ quan ký, và chỉ người đó ký."))
        if step.assign not in dict(ASSIGNMENTS):
            yield Mistake(("steps", i, "assign"), _("Không có cách chọn người này."))
        if step.minutes < 1:
            yield Mistake(("steps", i, "minutes"), _("Mỗi bước cần có thời gian."))


def limit_minutes(limit: Limit) -> int:
    """The limit in planned working minutes. Of days that count the days off, five in seven."""
    if limit.kind == "working_minutes":
        return limit.amount
    if limit.kind == "days":
        weeks, rest = divmod(limit.amount, 7)
        return WORKING_DAY * (5 * weeks + max(rest - 2, 0))
    return WORKING_DAY * (limit.amount if limit.kind == "working_days" else 1)


def _planned_time(definition: Definition) -> Iterator[Mistake]:
    """Internal times never lengthen the legal limit. Handing over comes after the result, so it is not in it."""
    planned = sum(step.minutes for step in definition.steps if step.kind != "deliver")
    allowed = limit_minutes(definition.limit)
    if planned > allowed:
        at = max(range(len(definition.steps)), key=lambda i: definition.steps[i].minutes)
        message = _("Các bước cộng lại %(planned)s phút, quá thời hạn %(allowed)s phút.")
        yield Mistake(("steps", at, "minutes"), message % {"planned": planned, "allowed": allowed})


# --- The result ----------------------------------------------------------------------------------


def _result(definition: Definition) -> Iterator[Mistake]:
    if not definition.result.blocks:
        yield Mistake(("result_blocks",), _("Hãy soạn nội dung văn bản kết quả."))
    allowed = results.placeholders(definition)
    known = {spec.key: page.key for page in definition.pages for spec in page.fields}
    known |= {spec.key: FINDINGS for spec in definition.findings}
    for i, block in enumerate(definition.result.blocks):
        for path, text in results.texts_of(block):
            if unknown := results.unknown_in(text, allowed):
                message = _("Không có chỗ điền tên là %s.") % ", ".join(unknown)
                yield Mistake(("result_blocks", i, *path), message)
        if condition := results.condition_of(block):
            for name, message in _condition(definition, condition, known):
                yield Mistake(("result_blocks", i, "when", name), message)
