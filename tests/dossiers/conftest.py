from datetime import timedelta

import pytest
import time_machine

from portal.core import outbox
from tests.clients import as_user
from tests.factories.dossiers import AT, DossierFactory

NOW = AT + timedelta(hours=2)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False  # officers appear here only to be turned away


@pytest.fixture
def signed_in(resident):
    return as_user(resident)


@pytest.fixture
def printed(monkeypatch):
    """Documents get a file at once, printed and signed by nobody: these tests are about screens."""
    monkeypatch.setattr("services.documents.signing.sign", lambda printed, document, *, at: b"%PDF-1.7 signed")
    monkeypatch.setattr("services.documents.signing.sign_as_person", lambda printed, document: b"%PDF-1.7 by a person")
    monkeypatch.setattr(
        "services.documents.signing.countersign", lambda content, document, *, at: b"%PDF-1.7 by the agency"
    )
    monkeypatch.setattr("services.documents.rendering.print_document", lambda document: None)
    return lambda: outbox.run_all(at=NOW)


@pytest.fixture
def draft(ward, resident):
    return DossierFactory(ward=ward, owner=resident)


@pytest.fixture
def empty(ward, resident):
    return DossierFactory(ward=ward, owner=resident, empty=True)
