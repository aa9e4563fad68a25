"""The kinds of question a form can ask. To add one: a file here and its line below."""

from services.catalogue.definition import FieldSpec

from .address import Address
from .base import WHOLE, Kind, Lines
from .choice import Choice
from .date import Date
from .file import File
from .group import Group
from .long_text import LongText
from .money import Money
from .number import Number
from .person import Person
from .personal_number import PersonalNumber
from .phone import Phone
from .text import Text
from .yes_no import YesNo

__all__ = ["KINDS", "WHOLE", "Kind", "Lines", "kind_of"]

SINGLE = (
    Text(),
    LongText(),
    Number(),
    Money(),
    Date(),
    Choice(),
    YesNo(),
    PersonalNumber(),
    Phone(),
    Address(),
    Person(),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in (*SINGLE, Group(SINGLE), File())}


def kind_of(spec: FieldSpec) -> Kind:
    """Raises KeyError for a kind the code no longer knows."""
    return KINDS[spec.kind]
