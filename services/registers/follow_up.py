"""The follow-up register, SỔ THEO DÕI HỒ SƠ (form 07 of TT 03/2025/TT-VPCP): one row a dossier accepted.

Nobody writes it. Each row is what the dossier's own facts say now; its serial is the number of its
first receipt (form 01) in the ward's book of the year, so that it is the one the resident holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import F, Q
from django.db.models import TextChoices as Choices
from django.utils.translation import gettext_lazy as _

from buildings.agencies import AGENCIES, Agency
from buildings.models import Ward
from portal.core.audit import stream_of
from portal.core.calendar import VIETNAM
from portal.core.models import User
from services.catalogue import answers as form_answers
from services.catalogue.models import Procedure, ProcedureVersion
from services.desk.queries import named_or_numbered
from services.documents.models import IssuedDocument
from services.dossiers import slips
from services.dossiers.models import WAITING_STATES, Dossier, DossierQuerySet, DossierState, ResultDelivery

from .keyset import Keyset
from .register import Cell, Column, Row

TITLE = "SỔ THEO DÕI HỒ SƠ"
COLUMNS = (
    Column("STT", 7, centred=True),
    Column("Mã hồ sơ", 18),
    Column("Tên thủ tục hành chính", 24),
    Column("Tên tổ chức, cá nhân", 18),
    Column("Địa chỉ, số điện thoại", 24),
    Column("Cơ quan chủ trì giải quyết", 16),
    Column("Nhận hồ sơ", 14, centred=True),
    Column("Hẹn trả kết quả", 14, centred=True),
    Column("Trả kết quả", 14, centred=True),
    Column("Phương thức nhận kết quả", 14),
    Column("Ký nhận", 20),
)
ORDER = Keyset(("accepted_at", "pk"))
# States in which nothing is owed any more although no result was made.
GIVEN_UP = (DossierState.REFUSED, DossierState.WITHDRAWN, DossierState.STOPPED, DossierState.CLOSED)


class Handed(Choices):
    """What became of the result: made and waiting to be fetched or sent, or handed over."""

    WAITING = "chua-tra", _("Đã có kết quả, chưa trả")
    GIVEN = "da-tra", _("Đã trả kết quả")


class Standing(Choices):
    """How the promised time stands, as the register is asked for it."""

    RUNNING = "con-han", _("Còn hạn")
    KEPT = "dung-han", _("Trả đúng hạn")
    LATE = "qua-han", _("Quá hạn")


@dataclass(frozen=True)
class Wanted:
    """How the register was narrowed. Both days are included; a day is a day in Vietnam."""

    words: str = ""
    procedure: Procedure | None = None
    agency: str = ""
    state: str = ""
    standing: str = ""
    channel: str = ""
    handed: str = ""
    begins: date | None = None
    ends: date | None = None

    @property
    def is_narrowed(self) -> bool:
        by_what = (self.words, self.procedure, self.agency, self.state, self.standing, self.channel, self.handed)
        return any(by_what)


@dataclass(frozen=True)
class Entry:
    """One row of the register, read out of a dossier."""

    dossier: Dossier
    serial: int | None
    procedure: str
    agency: Agency  # that decides it
    address: str
    phone: str

    @property
    def handed_over(self) -> ResultDelivery | None:
        return getattr(self.dossier, "result_delivery", None)

    @property
    def way(self) -> str:
        """How the result was handed over; until then, how its owner wishes to get it."""
        return str(self.handed_over.get_way_display() if self.handed_over else self.dossier.get_delivery_display())

    @property
    def is_waiting(self) -> bool:
        """There is a result, and nobody has it yet."""
        return bool(self.dossier.done_at and not self.dossier.delivered_at)

    @property
    def signed_for(self) -> str:
        """Who has the result, by what one knows it, and when: in Vietnamese, as the book is printed."""
        given = self.handed_over
        if given is None:
            return ""
        had = f"{given.confirmed_at.astimezone(VIETNAM):%H:%M %d/%m/%Y}" if given.confirmed_at else ""
        if given.way in (Dossier.Delivery.COUNTER, Dossier.Delivery.HOME):
            paper = f" ({given.paper_shown})" if given.paper_shown else ""
            return f"{given.received_by}{paper} ký nhận {had}"
        if given.way == Dossier.Delivery.POST:
            sent = f" ngày {given.sent_on:%d/%m/%Y}" if given.sent_on else ""
            return f"Gửi {given.tracking_number}{sent}; " + (f"đã nhận {had}" if had else "chưa xác nhận")
        if given.confirmed_how == ResultDelivery.Confirmed.READ:
            return f"Mở bản điện tử {had}"
        return f"Xác nhận trên cổng {had}" if had else "Chưa mở bản điện tử"


def entries(user: User, ward: Ward, wanted: Wanted, *, at: datetime) -> DossierQuerySet:
    """The dossiers of the ward's register that this officer may see. Served by the index on
    (ward, accepted_at, id): give a `Keyset` page or chunk of it, never all."""
    found = Dossier.objects.at_desk_of(user).filter(ward=ward, accepted_at__isnull=False)
    if wanted.begins:
        found = found.filter(accepted_at__gte=midnight(wanted.begins))
    if wanted.ends:
        found = found.filter(accepted_at__lt=midnight(wanted.ends + timedelta(days=1)))
    if wanted.words:
        found = named_or_numbered(found, wanted.words)
    if wanted.agency:
        found = found.filter(version__agency=wanted.agency)
    if wanted.procedure:
        found = found.filter(version__procedure=wanted.procedure)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.channel:
        found = found.filter(channel=wanted.channel)
    if wanted.standing:
        found = found.filter(_standing(wanted.standing, at))
    if wanted.handed:
        found = found.filter(delivered_at__isnull=wanted.handed != Handed.GIVEN, done_at__isnull=False)
    return found.select_related("owner", "result_delivery").defer(
        *(f"owner__{name}" for name in ("password", "birth_date", "last_login"))
    )


def read(dossiers: Sequence[Dossier]) -> list[Entry]:
    """The rows of a page or a chunk, in two queries however many they are."""
    versions = ProcedureVersion.objects.in_bulk({dossier.version_id for dossier in dossiers})
    serials = _serials(dossiers)
    found = []
    for dossier in dossiers:
        version = versions[dossier.version_id]
        spec, agency = version.spec, AGENCIES[version.agency]
        address = form_answers.applicant(spec, dossier.answers).get("address") or dossier.owner.address
        phone = dossier.owner.phone.as_national if dossier.owner.phone else ""
        found.append(Entry(dossier, serials.get(stream_of(dossier)), spec.name, agency, address, phone))
    return found


def rows(dossiers: Sequence[Dossier], ward: Ward) -> list[Row]:
    return [
        (
            entry.serial,
            entry.dossier.code,
            entry.procedure,
            entry.dossier.applicant_name,
            "; ".join(filter(None, (entry.address, entry.phone))),
            entry.agency.in_words(ward),
            entry.dossier.accepted_at,
            _promised(entry.dossier),
            entry.dossier.delivered_at,
            entry.way,
            entry.signed_for,
        )
        for entry in read(dossiers)
    ]


def _promised(dossier: Dossier) -> Cell:
    """When the result was promised; with the one new date an apology gave, both."""
    if not dossier.rescheduled_to or not dossier.due_at:
        return dossier.due_at
    first, again = (f"{when.astimezone(VIETNAM):%H:%M %d/%m/%Y}" for when in (dossier.due_at, dossier.rescheduled_to))
    return f"{first}; hẹn lại {again}"


def subtitle(wanted: Wanted, _ward: Ward) -> str:
    """Which part of the register it is, in Vietnamese as it is printed."""
    if wanted.begins and wanted.ends and (wanted.begins, wanted.ends) == whole_year(wanted.begins.year):
        period = f"Năm {wanted.begins.year}"
    elif wanted.begins and wanted.ends:
        period = f"Từ ngày {wanted.begins:%d/%m/%Y} đến ngày {wanted.ends:%d/%m/%Y}"
    elif wanted.begins:
        period = f"Từ ngày {wanted.begins:%d/%m/%Y}"
    elif wanted.ends:
        period = f"Đến ngày {wanted.ends:%d/%m/%Y}"
    else:
        period = "Mọi thời gian"
    return f"{period} (trích theo điều kiện lọc)" if wanted.is_narrowed else period


def whole_year(year: int) -> tuple[date, date]:
    return date(year, 1, 1), date(year, 12, 31)


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=VIETNAM)


def _standing(standing: str, at: datetime) -> Q:
    """As the words in the row say it (`standing.due_state`): what runs is measured by the promise as it is now,
    what is done by the first one, for a new date does not undo a lateness."""
    owed = Q(due_at__isnull=False) & ~Q(state__in=GIVEN_UP)
    past = Q(rescheduled_to=None, due_at__lt=at) | Q(rescheduled_to__lt=at)
    match standing:
        case Standing.KEPT:
            return owed & Q(done_at__lte=F("due_at"))
        case Standing.LATE:
            late = Q(done_at__gt=F("due_at")) | (Q(done_at=None) & past)
            return owed & late & ~Q(state__in=WAITING_STATES)
        case _:
            return owed & Q(done_at=None) & (~past | Q(state__in=WAITING_STATES))


def _serials(dossiers: Iterable[Dossier]) -> dict[str, int]:
    """stream of a dossier → the number of its first receipt."""
    streams = [stream_of(dossier) for dossier in dossiers]
    receipts = IssuedDocument.objects.filter(subject__in=streams, kind=slips.RECEIPT).order_by("-issued_at")
    return {subject: number for subject, number in receipts.values_list("subject", "number") if number}
