"""What a reorganisation did: counted for the screen, and every line of it as a workbook to keep."""

import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from buildings.models import Apartment, Building, Reorganisation, Residency
from portal.core.calendar import VIETNAM
from portal.core.models import AuditEvent
from portal.core.spreadsheets import XLSX, text_cell
from services.documents.models import IssuedDocument
from services.dossiers.models import Dossier
from services.dossiers.transitions import CHANGE_WARD

from ..models import AnnouncementPage, Picture, PublicFile
from .planning import Plan
from .preview import Preview

MIME = XLSX
BOLD, WIDTH = Font(bold=True), 24  # characters, of every column
# What is counted, in the order and words of screens and workbook (Vietnamese: it is a record of the office).
COUNTED = {
    "buildings": "Tòa nhà",
    "residents": "Cư dân đã xác nhận",
    "open": "Hồ sơ đang giải quyết",
    "finished": "Hồ sơ đã kết thúc",
    "drafts": "Bản nháp",
    "documents": "Văn bản đã phát hành",
    "appointments": "Lịch hẹn sắp tới",
    "officers": "Người tiếp tục vị trí",
    "officers_leaving": "Người thôi vị trí",
    "pages": "Trang",
    "announcements": "Thông báo",
    "pictures": "Ảnh",
    "files": "Tệp",
}
# How the screen puts them together.
GROUPS = {
    "Tòa nhà, cư dân": ("buildings", "residents"),
    "Hồ sơ, văn bản": ("open", "finished", "drafts", "documents", "appointments"),
    "Cán bộ": ("officers", "officers_leaving"),
    "Trang": ("announcements", "pages", "pictures", "files"),
}
HELD = {
    "dossiers": "Hồ sơ",
    "documents": "Văn bản đã phát hành",
    "buildings": "Tòa nhà",
    "apartments": "Căn hộ",
    "residencies": "Cư dân đã xác nhận",
    "announcements": "Thông báo",
    "pictures": "Ảnh",
    "files": "Tệp",
}


def counted(preview: Preview) -> dict[str, Any]:
    """A preview as it is kept with its plan."""
    return {
        "shares": [{"old": str(one.old), "new": str(one.new), **one.counts} for one in preview.shares],
        "totals": preview.totals(),
        "held": held(),
    }


def held() -> dict[str, int]:
    """Everything the whole portal holds of what could get lost."""
    return {
        "dossiers": Dossier.objects.count(),
        "documents": IssuedDocument.objects.count(),
        "buildings": Building.objects.count(),
        "apartments": Apartment.objects.count(),
        "residencies": Residency.objects.confirmed().count(),
        "announcements": AnnouncementPage.objects.count(),
        "pictures": Picture.objects.count(),
        "files": PublicFile.objects.count(),
    }


def result(plan: Reorganisation) -> dict[str, Any]:
    """What was done, read off the rows and the record."""
    read = Plan(plan)
    moved: Counter = Counter()
    for event in moves_of(plan).iterator():
        kind = "drafts" if not event.data.get("target") else "dossiers"
        moved[kind] += 1
    return {
        "totals": {
            **moved,
            "buildings": sum(1 for line in read.lines if line.building_id and line.old != line.new),
            "officers": len(read.transfers),
            "closed": len(read.closing),
        },
        "held": held(),
    }


def moves_of(plan: Reorganisation):
    """The record of every dossier and draft that changed its ward, in the order it happened."""
    return AuditEvent.objects.filter(action=CHANGE_WARD.name, data__reorganisation=plan.pk).order_by("at", "pk")


def workbook(plan: Reorganisation) -> bytes:
    """The whole report: overview, buildings, people, dossiers, one sheet each."""
    read, book = Plan(plan), Workbook(write_only=True)
    _sheet(
        book,
        "Tổng quan",
        ["Mục", "Trước", "Sau"],
        [
            ["Đợt sắp xếp", plan.title, ""],
            ["Văn bản quyết định", plan.decision, ""],
            ["Có hiệu lực từ", f"{plan.effective_on:%d/%m/%Y}", ""],
            ["Người xác nhận", str(plan.confirmed_by or ""), ""],
            *(
                [label, plan.before.get("held", {}).get(key, ""), plan.report.get("held", {}).get(key, "")]
                for key, label in HELD.items()
            ),
        ],
    )
    _sheet(
        book,
        "Phường",
        ["Phường cũ", "Phường mới", *COUNTED.values()],
        [[one["old"], one["new"], *(one.get(key, 0) for key in COUNTED)] for one in plan.before.get("shares", [])],
    )
    _sheet(
        book,
        "Tòa nhà",
        ["Phường cũ", "Tòa nhà", "Phường mới", "Địa chỉ cũ", "Địa chỉ mới"],
        [
            [
                str(line.old),
                line.building.name if line.building else "(những gì không thuộc tòa nhà nào)",
                str(line.new),
                f"/{line.old.slug}/toa-nha/{line.former_slug}/" if line.building else f"/{line.old.slug}/",
                f"/{line.new.slug}/toa-nha/{line.building.slug}/" if line.building else f"/{line.new.slug}/",
            ]
            for line in read.lines
        ],
    )
    _sheet(
        book,
        "Người",
        ["Họ tên", "Vị trí", "Phường cũ", "Phường mới"],
        [
            [
                str(one.membership.user),
                str(one.membership.get_position_display()),
                str(one.membership.ward),
                str(one.new),
            ]
            for one in read.transfers
        ],
    )
    _sheet(
        book,
        "Hồ sơ",
        ["Hồ sơ", "Phường cũ", "Phường mới", "Lúc"],
        (
            [
                code or "Bản nháp",
                event.data.get("from_ward", ""),
                event.data.get("to_ward", ""),
                f"{event.at.astimezone(VIETNAM):%d/%m/%Y %H:%M}",
            ]
            for event, code in _with_codes(plan)
        ),
    )
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _with_codes(plan: Reorganisation):
    page: list[AuditEvent] = []
    for event in moves_of(plan).iterator(chunk_size=500):
        page.append(event)
        if len(page) == 500:
            yield from _coded(page)
            page = []
    yield from _coded(page)


def _coded(events: list[AuditEvent]):
    keys = [event.stream.removeprefix("dossier:") for event in events]
    codes = {str(pk): code for pk, code in Dossier.objects.filter(pk__in=keys).values_list("pk", "code")}
    return [(event, codes.get(key)) for event, key in zip(events, keys, strict=True)]


def _sheet(book: Workbook, title: str, head: list[str], rows: Iterable[list[str | int]]) -> None:
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(head) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = WIDTH
    labels = [text_cell(sheet, label) for label in head]
    for label in labels:
        label.font = BOLD
    sheet.append(labels)
    for row in rows:
        sheet.append([text_cell(sheet, value) if isinstance(value, str) else value for value in row])


def left(read: Plan) -> dict[str, int]:
    """What a plan that is being carried out has still to do."""
    closing = read.closing
    return {
        "dossiers": Dossier.objects.sent().filter(ward__in=closing).count(),
        "drafts": Dossier.objects.drafts().filter(ward__in=closing).count(),
        "buildings": sum(1 for line in read.lines if line.building_id and line.moved_at is None),
    }
