"""Every procedure that ships with the project, through the screens."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.forms import MultiValueField

from buildings.roles import POLICE_POSITIONS
from portal.core import workflow
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, advance, photo

from .conftest import NOW
from .screens import text_of

pytestmark = pytest.mark.django_db


def acceptable(field) -> object:
    """Something this field takes, found by trying."""
    choices = [value for value, _label in getattr(field, "choices", ()) if value]
    texts = ["Điều gì đó", "000085000123", "0912345678", "2", "2010", "ai-do@example.vn"]
    dates = [["27", "3", "1985"], ["5", "2", "1950"], ["23", "11", "2026"], ["21", "12", "2026"]]
    for candidate in choices or (dates if isinstance(field, MultiValueField) else texts):
        try:
            field.clean(candidate)
        except ValidationError:
            continue
        return candidate
    raise AssertionError(f"nothing suits {field.label}")


def filled_in(form) -> dict:
    posted = {}
    for name, field in form.fields.items():
        value = acceptable(field)
        if isinstance(value, list):
            posted |= {f"{name}_{part}": text for part, text in zip(("day", "month", "year"), value, strict=True)}
        else:
            posted[name] = value
    return posted


def test_every_shipped_procedure_is_filed_and_decided_on_its_screens(ward, resident, signed_in, printed):
    call_command("load_procedures")
    for position in POLICE_POSITIONS:
        officer(position, ward)
    procedures = list(Procedure.objects.offered_in(ward))
    assert len(procedures) == 12

    for procedure in procedures:
        at = signed_in.post(f"/viet-hung/dich-vu/{procedure.slug}/nop/").url
        while not at.endswith("/kiem-tra/"):
            response = signed_in.get(at)
            posted = filled_in(response.context["form"])
            wanted = [row["field"] for row in response.context.get("papers", ()) if row["field"].field.required]
            posted |= {field.html_name: photo(colour="#8c1c3c") for field in wanted}
            saved = signed_in.post(at, posted)
            assert saved.status_code == 302, text_of(saved)
            at = saved.url
        sent = signed_in.post(at, {"agreed": "on"})
        assert sent.status_code == 302, text_of(sent)
        assert signed_in.get(sent.url).status_code == 200

    for dossier in Dossier.objects.owned_by(resident).with_people():
        minutes = 0
        while dossier.is_open:
            minutes += 1
            if dossier.state == "confirming":
                dossier = advance(dossier, "confirm", at=NOW + timedelta(minutes=minutes))
                continue
            if dossier.state == "done":
                render(str(IssuedDocument.objects.about(dossier).get(kind="result").pk), at=NOW)
            offered = workflow.available(moves.DESK_MOVES, dossier, dossier.current_step.assignee, at=AT)
            move = next(each.name for each in offered if each.name != "record_findings")  # they come with approving
            dossier = advance(dossier, move, at=NOW + timedelta(minutes=minutes))
        assert dossier.state == "delivered"
        assert signed_in.get(dossier.get_absolute_url()).status_code == 200
