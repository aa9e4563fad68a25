from datetime import timedelta

import pytest

from portal.core import outbox
from tests.clients import as_user
from tests.clock import stopped_at
from tests.factories.dossiers import AT, DossierFactory

NOW = AT + timedelta(hours=2)

clock = stopped_at(NOW)


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
