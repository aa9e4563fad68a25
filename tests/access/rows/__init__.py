"""The table, area by area: name of the address → (what it names, who gets what on GET)."""

from tests.access.answers import Rows
from tests.access.rows import buildings, desk, managers, meetings, notices, registry, residence, residents, site, upkeep

AREAS = (site, residents, desk, buildings, residence, registry, managers, meetings, notices, upkeep)
MATRIX: Rows = {name: row for area in AREAS for name, row in area.ROWS.items()}
