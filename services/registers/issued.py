"""The books of issued documents: every number a ward has given out, by book and year."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from buildings.agencies import AGENCIES, AgencyKey
from buildings.models import Ward
from portal.core.calendar import VIETNAM
from portal.core.models import Sequence as Numbers
from portal.core.models import User
from portal.core.text import fold
from services.documents.models import IssuedDocument, IssuedDocumentQuerySet

from .keyset import Keyset
from .register import Column, Row

TITLE = "SỔ VĂN BẢN ĐÃ PHÁT HÀNH"
COLUMNS = (
    Column("Số, ký hiệu", 20),
    Column("Ngày, tháng", 12, centred=True),
    Column("Tên loại, trích yếu nội dung", 40),
    Column("Cấp cho", 24),
    Column("Người ký", 20),
    Column("Tình trạng", 16, centred=True),
)
ORDER = Keyset(("number",))  # within a book and a year


@dataclass(frozen=True)
class Book:
    """One book of one year, and how far its numbers have come."""

    name: str  # in its address: of another agency than the committee with that agency before it, "police:ct07"
    title: str
    suffix: str  # after its numbers, as printed: "XN-CAP"
    agency: str  # whose book it is, in words
    year: int
    last: int


@dataclass(frozen=True)
class Wanted:
    book: str = ""
    year: int = 0
    state: str = ""
    words: str = ""

    @property
    def of(self) -> dict[str, str]:
        """The book as documents name it: its agency's, and its name there."""
        agency, _colon, book = self.book.rpartition(":")
        return {"agency_key": agency or AgencyKey.COMMITTEE, "book": book}

    @property
    def is_narrowed(self) -> bool:
        return bool(self.state or self.words)


def entries(user: User, ward: Ward, wanted: Wanted, *, at: datetime) -> IssuedDocumentQuerySet:
    """The documents of one book and year, served by their unique (ward, agency, book, year, number)."""
    found = IssuedDocument.objects.visible_to(user).filter(ward=ward, year=wanted.year, **wanted.of)
    found = found.filter(number__isnull=False)
    if wanted.state:
        found = found.filter(state=wanted.state)
    if wanted.words:
        found = found.filter(_named(wanted.words))
    return found.select_related("owner", "signed_by").only(
        "number", "suffix", "title", "issued_at", "state", "file", "subject", "year", "owner__full_name",
        "owner__email", "signed_by__full_name", "signed_by__email",
    )  # fmt: skip


def books(user: User, ward: Ward, year: int) -> list[Book]:
    """The ward's books of a year this user may read, by title, from the counters their numbers are taken from."""
    start, end = f"documents:{ward.code}:", f":{year}"
    counters = Numbers.objects.filter(scope__startswith=start, scope__endswith=end).values_list("scope", "last")
    lasts = {scope.removeprefix(start).removesuffix(end): last for scope, last in counters}
    names = {tuple(Wanted(name).of.values()): name for name in lasts}
    firsts = IssuedDocument.objects.visible_to(user).filter(
        ward=ward, book__in={book for _agency, book in names}, year=year, number=1
    )
    return sorted(
        (
            Book(name, title, suffix, AGENCIES[agency].in_words(ward), year, lasts[name])
            for agency, book, title, suffix in firsts.values_list("agency_key", "book", "title", "suffix")
            if (name := names.get((agency, book)))
        ),
        key=lambda book: (fold(book.title), book.name),
    )


def years(ward: Ward) -> list[int]:
    """The years in which the ward has given out numbers, the last first."""
    scopes = Numbers.objects.filter(scope__startswith=f"documents:{ward.code}:").values_list("scope", flat=True)
    return sorted({int(scope.rpartition(":")[2]) for scope in scopes}, reverse=True)


def rows(documents: Sequence[IssuedDocument], ward: Ward) -> list[Row]:
    return [
        (
            document.official_number,
            document.issued_at.astimezone(VIETNAM).date(),
            document.title,
            str(document.owner),
            str(document.signed_by or ""),
            str(document.get_state_display()),
        )
        for document in documents
    ]


def subtitle(wanted: Wanted, ward: Ward) -> str:
    first = IssuedDocument.objects.filter(ward=ward, year=wanted.year, number=1, **wanted.of).first()
    part = f"{f'Sổ {first.title}, {first.agency.in_words(ward)}' if first else 'Sổ'}, năm {wanted.year}"
    return f"{part} (trích theo điều kiện lọc)" if wanted.is_narrowed else part


def _named(words: str) -> Q:
    """By the number, or by the name of the person it was made for, without diacritics."""
    number = words.strip().partition("/")[0]
    if number.isdecimal() and len(number) < 9:
        return Q(number=int(number))
    named = Q()
    for word in fold(words).split()[:8]:
        named &= Q(owner__folded_name__contains=word)
    return named
