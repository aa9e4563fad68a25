"""The authority of the tests: as old as their oldest paper, whichever test's clock is the first to ask for it."""

from datetime import UTC, datetime

import time_machine
from cryptography import x509

from services.documents.authority import KeptAuthority

SINCE = datetime(2026, 1, 1, tzinfo=UTC)


class SettledAuthority(KeptAuthority):
    def _make_root(self) -> bytes:
        with time_machine.travel(SINCE, tick=False):
            return super()._make_root()

    def _certify(self, name: x509.Name, *, years: int) -> bytes:
        with time_machine.travel(SINCE, tick=False):
            return super()._certify(name, years=years)
