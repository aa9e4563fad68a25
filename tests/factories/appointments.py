"""A procedure that asks for one visit, and appointments made by the real booking."""

from dataclasses import replace
from datetime import datetime

from services.appointments import booking
from services.appointments.models import Appointment
from services.catalogue.definition import Visit
from services.catalogue.models import ProcedureVersion
from services.dossiers.models import Dossier

from .dossiers import DEFINITION, version_of

VISIT = Visit("Hai bên cùng ký vào Sổ đăng ký kết hôn.", 30)
LEVEL_3 = replace(DEFINITION, code="1.000894", name="Đăng ký kết hôn", level=3, visit=VISIT)


def version_with_visit() -> ProcedureVersion:
    return version_of(LEVEL_3, slug="dang-ky-ket-hon")


def booked(dossier: Dossier, starts_at: datetime, *, at: datetime, by=None) -> Appointment:
    return booking.book(dossier, starts_at, by=by or dossier.owner, at=at)
