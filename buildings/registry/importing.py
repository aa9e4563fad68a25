"""Flats from a workbook: read, tried out with every problem by row, written in one go once somebody has seen that.

A file of the largest allowed size is read and written in about a second (bench/buildings.py), so all of
it happens in the request. Brought in again, the same file changes nothing; an empty cell leaves what is
known; a flat the file does not name stays. The demo's flats come by `try_out` and `write` too.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.db import transaction
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from portal.core import audit, page_cache, workflow
from portal.core.models import User

from ..models import Apartment, Block, Building, block_named_in
from . import workbook
from .columns import COLUMNS, REQUIRED, Column, Wrong, columns_of
from .models import KEPT, FlatImport

MOST_FLATS = 10_000  # no building has as many
HEADING_WITHIN = 15  # rows: a title may stand above
BATCH = 500


class NotAsTried(Exception):
    """The book has changed since the file was tried out; it is tried out again, to be seen once more."""


@dataclass
class Row:
    """One flat as a file says it; None where the file says nothing."""

    row: int
    number: str
    floor: int
    block: str | None = None
    area: str | None = None
    kind: str | None = None
    owner_name: str | None = None
    owner_phone: str | None = None

    @property
    def key(self) -> str:
        return self.number.upper()


@dataclass
class Read:
    """What is in a file, whatever the book says."""

    rows: list[Row] = field(default_factory=list)
    problems: list[tuple[int, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass
class Plan:
    """What writing these rows would do to the book."""

    to_write: list[Apartment]
    new_blocks: list[str]
    problems: list[tuple[int, str]]
    notes: list[str]
    counts: dict[str, int]


def bring(building: Building, file: File, *, make_blocks: bool, by: User, at: datetime) -> FlatImport:
    """Read a workbook and try it out. Nothing of the book changes. Raises workbook.Unreadable."""
    read = read_file(file)
    return try_out(building, read, name=(file.name or "")[-120:], make_blocks=make_blocks, by=by, at=at)


def try_out(building: Building, read: Read, *, name: str, make_blocks: bool, by: User, at: datetime) -> FlatImport:
    plan = plan_for(building, read.rows, make_blocks=make_blocks)
    return FlatImport.objects.create(
        building=building,
        name=name,
        brought_by=by,
        brought_at=at,
        make_blocks=make_blocks,
        rows=[asdict(row) for row in read.rows],
        problems=sorted([*read.problems, *plan.problems]),
        notes=[*read.notes, *plan.notes],
        counts=plan.counts,
    )


def write(brought: FlatImport, *, by: User, at: datetime) -> dict[str, int]:
    """Put the flats into the book, all of them or none. Pressed twice is written once.

    Raises ValidationError while there are problems, NotAsTried when the book has changed in between.
    """
    with transaction.atomic():
        building = workflow.lock(brought.building)
        locked = workflow.lock(brought)
        if locked.confirmed_at:
            return locked.counts
        if locked.problems:
            raise ValidationError(_("Tệp còn lỗi: hãy sửa các dòng được nêu rồi tải lên lại."))
        if not locked.rows:
            raise ValidationError(_("Nội dung tệp đã bị xóa sau %(days)d ngày. Hãy tải lên lại.") % {"days": KEPT.days})
        plan = plan_for(building, [Row(**row) for row in locked.rows], make_blocks=locked.make_blocks)
        if plan.problems or plan.counts != locked.counts:
            again = {"problems": plan.problems, "notes": plan.notes, "counts": plan.counts}
            FlatImport.objects.filter(pk=locked.pk).update(**again)
        else:
            _put(building, plan)
            locked.rows, locked.confirmed_by, locked.confirmed_at = [], by, at
            locked.save(update_fields=["rows", "confirmed_by", "confirmed_at"])
            audit.record(building, "import_flats", by=by, at=at, file=locked.name, counts=plan.counts)
            page_cache.purge(page_cache.ward(building.ward_id))
            return plan.counts
    raise NotAsTried


def forget(*, at: datetime) -> int:
    """Empty what was read from files that nobody confirmed; they hold names."""
    stale = FlatImport.objects.filter(confirmed_at=None, brought_at__lt=at - KEPT).exclude(rows=[])
    return stale.update(rows=[], problems=[], notes=[])


# --- Reading -------------------------------------------------------------------------------------
def read_file(file: File) -> Read:
    """The first sheet that has the headings. Raises workbook.Unreadable."""
    seen: list[str] = []
    with workbook.opened(file) as sheets:
        for sheet in sheets:
            for number, cells in sheet.rows:
                if number > HEADING_WITHIN:
                    break
                columns = columns_of(cells)
                if len(columns) >= len(REQUIRED):
                    return _read_sheet(sheet, number, cells, columns)
                seen += [str(cell.value).strip()[:30] for cell in cells if not cell.is_empty]
    words = _("Không tìm thấy dòng tiêu đề có các cột %(wanted)s. Những ô đọc được đầu tiên: %(seen)s.")
    wanted = ", ".join(f"“{column.label}”" for column in REQUIRED)
    raise workbook.Unreadable(words % {"wanted": wanted, "seen": ", ".join(seen[:8]) or _("không có gì")})


def _read_sheet(
    sheet: workbook.Sheet, heading: int, headings: list[workbook.Value], columns: dict[int, Column]
) -> Read:
    read = Read()
    read.problems += _wrong_headings(heading, columns)
    strange = [
        str(cell.value).strip()[:30]
        for place, cell in enumerate(headings)
        if not cell.is_empty and place not in columns
    ]
    if strange:
        read.notes.append(_("Các cột sau không dùng đến: %(names)s.") % {"names": ", ".join(strange)})
    if read.problems:
        return read  # without its columns no row can be judged
    merged = [one for one in sheet.merged if one.last_row > heading]
    in_merged = {
        row for one in merged for row in range(one.first_row, min(one.last_row, one.first_row + MOST_FLATS) + 1)
    }
    last, seen, places = heading, 0, sorted(columns.items())
    for number, cells in sheet.rows:
        found, wrong = ({}, []) if number in in_merged else _read_row(cells, places)
        if not found and not wrong and number not in in_merged:
            continue
        last = number
        seen += 1
        if seen > MOST_FLATS:
            words = _("Tệp có hơn %(most)s dòng, nhiều hơn số căn hộ một tòa nhà có thể có. Hãy tách tệp theo tòa nhà.")
            raise workbook.Unreadable(words % {"most": number_format(MOST_FLATS, force_grouping=True)})
        read.problems += [(number, text) for text in wrong]
        if found and not wrong:
            read.rows.append(Row(row=number, **found))
    for one in merged:
        if one.first_row <= last:
            text = _("Ô %(ref)s bị gộp. Hãy bỏ gộp ô và ghi đủ từng dòng.") % {"ref": one.ref}
            read.problems.append((one.first_row, text))
    if not read.rows and not read.problems:
        read.problems.append((heading, _("Dưới dòng tiêu đề chưa có căn hộ nào.")))
    read.problems += _twice(read.rows)
    return read


def _wrong_headings(heading: int, columns: dict[int, Column]) -> list[tuple[int, str]]:
    problems = []
    there = list(columns.values())
    for column in COLUMNS:
        if column.required and column not in there:
            problems.append((heading, _("Thiếu cột “%(name)s”.") % {"name": column.label}))
        if there.count(column) > 1:
            problems.append((heading, _("Cột “%(name)s” có hai lần; hãy giữ một.") % {"name": column.label}))
    return problems


def _read_row(cells: list[workbook.Value], columns: list[tuple[int, Column]]) -> tuple[dict[str, Any], list[str]]:
    """What a row says, and what is wrong with it; nothing of a row that is empty in our columns."""
    found: dict[str, Any] = {}
    wrong: list[str] = []
    for place, column in columns:
        cell = cells[place] if place < len(cells) else workbook.Value(None, "n")
        if cell.is_empty:
            continue
        try:
            if cell.is_formula:
                raise Wrong(_("là công thức; hãy chép rồi dán dạng giá trị"))
            if cell.is_error:
                raise Wrong(_("là lỗi tính toán %(text)s") % {"text": cell.value})
            found[column.key] = column.read(cell.value)
        except Wrong as problem:
            wrong.append(f"{column.label}: {problem}.")
    if not found and not wrong:
        return {}, []
    for column in REQUIRED:
        if column.key not in found and not any(text.startswith(f"{column.label}:") for text in wrong):
            wrong.append(_("%(name)s: còn trống.") % {"name": column.label})
    return found, wrong


def _twice(rows: Iterable[Row]) -> list[tuple[int, str]]:
    """A flat named twice. Two rows with two owners are told apart from a row copied by mistake."""
    first: dict[str, Row] = {}
    problems = []
    for row in rows:
        earlier = first.setdefault(row.key, row)
        if earlier is row:
            continue
        named = {"number": row.number, "row": earlier.row, "one": earlier.owner_name, "other": row.owner_name}
        if row.owner_name and earlier.owner_name and row.owner_name != earlier.owner_name:
            words = _(
                "Căn hộ %(number)s khai hai chủ sở hữu: “%(one)s” ở dòng %(row)d và “%(other)s” ở dòng này. "
                "Nếu là đồng sở hữu, ghi các tên vào một ô, cách nhau bằng dấu chấm phẩy; nếu không, kiểm tra lại ai là chủ."
            )
        else:
            words = _("Căn hộ %(number)s đã có ở dòng %(row)d; hãy giữ một dòng.")
        problems.append((row.row, words % named))
    return problems


# --- Comparing with the book ---------------------------------------------------------------------
def plan_for(building: Building, rows: list[Row], *, make_blocks: bool) -> Plan:
    """What would be added and changed. Three queries, however many rows."""
    known = {flat.number.upper(): flat for flat in building.apartments.select_related("block")}
    blocks = {block.name.upper(): block for block in building.blocks.all()}
    without_zeros = {key.lstrip("0"): flat.number for key, flat in known.items() if key.startswith("0")}
    plan = Plan([], [], [], [], dict.fromkeys(("rows", "added", "changed", "same", "blocks"), 0))
    new: dict[str, Block] = {}
    seen: set[str] = set()
    for row in rows:
        plan.counts["rows"] += 1
        if row.key in seen:
            continue  # told when the file was read
        seen.add(row.key)
        name = row.block or _named(row, blocks, make_blocks=make_blocks and not blocks)
        block = (blocks.get(name.upper()) or new.get(name.upper())) if name else None
        if name and not block:
            if not make_blocks:
                plan.problems.append((row.row, _unknown_block(name, blocks)))
                continue
            block = new[name.upper()] = Block(building=building, name=name)
            plan.new_blocks.append(name)
        top = (block.floors if block else None) or building.floors
        if not 1 <= row.floor <= top:
            words = _(
                "Tầng %(floor)d ngoài khoảng 1–%(top)d. Nếu tòa nhà cao hơn, hãy sửa số tầng ở Thông tin tòa nhà."
            )
            plan.problems.append((row.row, words % {"floor": row.floor, "top": top}))
        flat = known.get(row.key)
        if flat is None and row.key in without_zeros:
            words = _(
                "“%(number)s” giống căn %(known)s nhưng mất số 0 ở đầu. Hãy đặt cột ở định dạng Văn bản rồi nhập lại."
            )
            plan.problems.append((row.row, words % {"number": row.number, "known": without_zeros[row.key]}))
        _compare(plan, flat or Apartment(building=building, number=row.number), row, block)
    plan.counts["blocks"] = len(plan.new_blocks)
    left = len(known) - plan.counts["changed"] - plan.counts["same"]
    if left > 0 and rows:
        plan.notes.append(_("%(count)d căn hộ trong sổ không có trong tệp; giữ nguyên.") % {"count": left})
    return plan


def _named(row: Row, blocks: dict[str, Block], *, make_blocks: bool) -> str:
    """The block that the flat's number names, where the house is divided so."""
    name = block_named_in(row.number)[:10]
    return name if name and (name in blocks or make_blocks) else ""


def _unknown_block(name: str, blocks: dict[str, Block]) -> str:
    if not blocks:
        words = _(
            "Tòa nhà chưa có khối nào, tệp ghi khối “%(name)s”. Hãy thêm khối trước, hoặc chọn tạo khối khi tải lên."
        )
        return words % {"name": name}
    known = ", ".join(block.name for block in blocks.values())
    return _("Tòa nhà không có khối “%(name)s”. Các khối: %(known)s.") % {"name": name, "known": known}


def _compare(plan: Plan, flat: Apartment, row: Row, block: Block | None) -> None:
    given: dict[str, Any] = {
        "floor": row.floor,
        "block": block,
        "area": Decimal(row.area) if row.area else None,
        **{name: getattr(row, name) for name in ("kind", "owner_name", "owner_phone")},
    }
    said = {name: value for name, value in given.items() if value is not None}
    changed = [name for name, value in said.items() if getattr(flat, name) != value]
    if flat.pk and not changed:
        plan.counts["same"] += 1
        return
    plan.counts["changed" if flat.pk else "added"] += 1
    if flat.pk and "owner_name" in changed and flat.owner_name:
        words = _("Căn hộ %(number)s (dòng %(row)d): sổ ghi chủ sở hữu “%(old)s”, tệp ghi “%(new)s”.")
        plan.notes.append(
            words % {"number": flat.number, "row": row.row, "old": flat.owner_name, "new": said["owner_name"]}
        )
    for name in changed:
        setattr(flat, name, said[name])
    plan.to_write.append(flat)


def _put(building: Building, plan: Plan) -> None:
    """A flat that is known by its number is changed, another added: one statement for some hundreds."""
    for name in plan.new_blocks:
        Block.objects.create(building=building, name=name)
    made = {block.name: block for block in building.blocks.all()}
    for flat in plan.to_write:
        if flat.block:
            flat.block = made[flat.block.name]
    fields = ["floor", "block", "area", "kind", "owner_name", "owner_phone", "folded"]
    for flat in plan.to_write:
        flat.pk = None  # found again by its number
    Apartment.objects.bulk_create(
        plan.to_write,
        batch_size=BATCH,
        update_conflicts=True,
        unique_fields=["building", "number"],
        update_fields=fields,
    )
