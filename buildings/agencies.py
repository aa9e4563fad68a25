"""The agencies of a ward that decide and sign: its people's committee, its police.

A procedure names the agency that decides it. From that follow who signs (its head, and nobody else), in
whose name, under which letterhead and certificate, and in which books the document is numbered. To add an
agency: its positions in `roles`, one entry here.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from .models import Ward
from .roles import ONE_STOP_POSITIONS, Position


class AgencyKey(models.TextChoices):
    COMMITTEE = "committee", _("Ủy ban nhân dân phường")
    POLICE = "police", _("Công an phường")


@dataclass(frozen=True)
class Agency:
    """An agency and its people, by position. Names are Vietnamese: they are printed."""

    key: str
    kind: str  # what stands before the ward's name: "Công an phường"
    parent_kind: str  # what the agency above is called, before its province: "Công an"
    head: Position  # signs, judges lateness, apologises
    receiver: Position
    examiner: Position
    registrar: Position  # numbers, lets the agency sign, issues
    first: str  # the office of its first head; whoever has another signs in their place
    on_behalf: str = ""  # "TM. …", where the head signs for a college (NĐ 30/2020, Phụ lục I, mục 7a)

    @property
    def positions(self) -> frozenset[Position]:
        """Its people."""
        return frozenset((self.head, self.receiver, self.examiner, self.registrar))

    @property
    def at_desk(self) -> frozenset[Position]:
        """Whoever handles its dossiers: its people, and the one-stop desk of the ward."""
        return self.positions | frozenset(ONE_STOP_POSITIONS)

    def name_in(self, ward: Ward) -> str:
        """As letters and certificates name it: CÔNG AN PHƯỜNG VIỆT HƯNG."""
        return self.in_words(ward).upper()

    def in_words(self, ward: Ward) -> str:
        """As it is named in a sentence: Công an phường Việt Hưng."""
        return f"{self.kind} {ward.name}"

    def parent_in(self, ward: Ward) -> str:
        """The agency above it: CÔNG AN THÀNH PHỐ HÀ NỘI."""
        return ward.parent_agency.replace("ỦY BAN NHÂN DÂN", self.parent_kind.upper())

    def capacity(self, title: str) -> list[str]:
        """In which capacity its head signs, line by line: a deputy signs for the first ("KT.")."""
        lines = [self.on_behalf] if self.on_behalf else []
        if title.lower().startswith("phó"):
            lines.append(f"KT. {self.first.upper()}")
        return [*lines, (title or self.first).upper()]


AGENCIES: dict[str, Agency] = {
    agency.key: agency
    for agency in (
        Agency(
            AgencyKey.COMMITTEE,
            kind="Ủy ban nhân dân phường",
            parent_kind="Ủy ban nhân dân",
            head=Position.LEADER,
            receiver=Position.CLERK,
            examiner=Position.SPECIALIST,
            registrar=Position.REGISTRY_CLERK,
            first="Chủ tịch",
            on_behalf="TM. ỦY BAN NHÂN DÂN",
        ),
        Agency(
            AgencyKey.POLICE,
            kind="Công an phường",
            parent_kind="Công an",
            head=Position.POLICE_HEAD,
            receiver=Position.POLICE_OFFICER,
            examiner=Position.POLICE_OFFICER,
            registrar=Position.POLICE_OFFICER,
            first="Trưởng Công an phường",
        ),
    )
}
HEADS = frozenset(agency.head for agency in AGENCIES.values())
