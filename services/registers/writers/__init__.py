"""One module a kind of file. To add one: a module, a line here, a choice in `Export.Format`.

A module says its `MIME`, the `MOST_ROWS` it can reasonably hold and how many rows it takes at once
(`CHUNK`). What is quick has `write(path, head, chunks)` and is made in one go; what takes minutes has
`print_piece` and `bind`, and is made a piece a turn, so that the worker's other work goes on between.
"""

from types import ModuleType

from ..models import Export
from . import csv, pdf, xlsx

WRITERS: dict[str, ModuleType] = {Export.Format.XLSX: xlsx, Export.Format.CSV: csv, Export.Format.PDF: pdf}
