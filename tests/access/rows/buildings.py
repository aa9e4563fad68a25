"""Buildings: residents, managers, the requests between them."""

from tests.access.answers import Rows

ROWS: Rows = {}
