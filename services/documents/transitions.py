"""Where an issued document may go. What it says and its file never change."""

from django.utils.translation import gettext_lazy as _

from buildings.models import positions_in
from portal.core.workflow import Transition

from .models import IssuedDocument

State = IssuedDocument.State

# Between officers: each move of the dossier that brings them about has been permitted already.
NUMBER = Transition(
    name="numbered",
    sources={State.SIGNED},
    target=State.NUMBERED,
    may=lambda user, document: user is not None,
    label=_("Cấp số"),
    public=False,
)
RELEASE = Transition(
    name="issued",
    sources={State.NUMBERED},
    target=State.PENDING,
    may=lambda user, document: user is not None,
    label=_("Phát hành"),
)

# The worker's: nobody's hand makes the file.
FINISH = Transition(
    name="rendered",
    sources={State.PENDING},
    target=State.ISSUED,
    may=lambda user, document: user is None,
    label=_("Lập và ký số"),
    public=False,
)

# Whoever may issue the new document replaces the old one: its own issue has been permitted already.
REPLACE = Transition(
    name="replaced",
    sources={State.ISSUED},
    target=State.REPLACED,
    may=lambda user, document: True,
    label=_("Thay thế"),
)

REVOKE = Transition(
    name="revoked",
    sources={State.ISSUED, State.REPLACED},
    target=State.REVOKED,
    may=lambda user, document: document.agency.head in positions_in(user, document.kept_by_id or document.ward_id),
    label=_("Thu hồi"),
    needs_reason=True,
)
