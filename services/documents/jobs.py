from django.utils import timezone

from portal.core.outbox import handles

from .rendering import render, sign


@handles("documents.sign", slow=True)
def sign_document(document_id: str) -> None:
    sign(document_id, at=timezone.now())


@handles("documents.render", slow=True)
def render_document(document_id: str) -> None:
    render(document_id, at=timezone.now())
