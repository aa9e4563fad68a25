"""What is in a PDF somebody sends: how many pages, how the first looks, whether it does more than be shown.

The file comes from anyone, and few bytes may unpack to more than the memory: it is read alone, in a process of its own
with little time and memory, without Django (`read` starts this very file). PDFium counts only scripts and files that
the document's own name trees list. They also hide in what happens when the file or a page is opened, in a field, a
bookmark, a link, an annotation. So PDFium writes the document out once more, which leaves every object in the open,
each name spelt one way and each string with its brackets escaped; there the names that do something are looked for.
"""

import json
import re
import resource
import subprocess
import sys
import threading
from dataclasses import dataclass
from typing import Any

import pypdfium2

SECONDS = 10
MEMORY = 1024**3  # bytes of address space
MOST_WRITTEN = 100 * 1024**2  # bytes; what a document of many small objects grows to is far less
AT_A_TIME = threading.BoundedSemaphore(2)  # processes, however many send at once

# Actions that run, send or open something outside the document; what carries files, or a second document of its own.
DOES_SOMETHING = re.compile(
    rb"/(?:JavaScript|Launch|ImportData|SubmitForm|GoToE|GoToR|Rendition|RichMedia|RichMediaExecute"
    rb"|FileAttachment|EmbeddedFiles?|XFA)(?![^\s\x00()<>\[\]{}/%])"
)
# As PDFium writes them. What a stream holds is drawn, what a string says is only said.
NO_NAMES = re.compile(rb"stream\r\n.*?endstream|\((?:[^\\()]|\\.)*\)", re.DOTALL)


class Damaged(Exception):
    """No PDF that could be read within the time and memory given."""


class Protected(Exception):
    """It opens with a password alone."""


@dataclass(frozen=True)
class Read:
    """`first_page` is a picture of it, RGB, `width` × `height`; empty when there are more pages than asked for."""

    pages: int
    active: bool = False
    width: int = 0
    height: int = 0
    first_page: bytes = b""


def read(content: bytes, *, most_pages: int, side: int) -> Read:
    """Look into a PDF; of one that has too many pages nothing but their number. Raises Damaged, Protected.

    `side`: the longer one of the first page's picture, in pixels.
    """
    with AT_A_TIME:
        try:
            done = subprocess.run(  # noqa: S603 - our own module
                [sys.executable, "-I", __file__, str(most_pages), str(side)],
                input=content,
                capture_output=True,
                timeout=2 * SECONDS,
                check=True,
                env={},  # nothing of ours: no keys, no addresses
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            raise Damaged from error
    said, _line, picture = done.stdout.partition(b"\n")
    facts: dict[str, Any] = json.loads(said)
    if facts.pop("protected", False):
        raise Protected
    return Read(**facts, first_page=picture)


# --- In the process of its own -----------------------------------------------------------------------


def look_into(content: bytes, *, most_pages: int, side: int) -> tuple[dict[str, Any], bytes]:
    """The facts and the picture. Raises PdfiumError, MemoryError, ValueError."""
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (pypdfium2.raw.FPDF_ERR_PASSWORD, pypdfium2.raw.FPDF_ERR_SECURITY):
            return {"protected": True}, b""
        raise
    pages = len(document)
    if not pages:
        raise ValueError("a document without pages")
    if pages > most_pages:
        return {"pages": pages}, b""
    page = document[0]
    # By the longer side, so that a page of any declared size costs the same.
    drawn = page.render(scale=side / max(*page.get_size(), 1), may_draw_forms=False, rev_byteorder=True)
    picture = drawn.to_pil().convert("RGB")
    facts = {"pages": pages, "active": is_active(document), "width": picture.width, "height": picture.height}
    return facts, picture.tobytes()


class _Written:
    """Where PDFium writes to. It does not listen to errors, so what is too much is left out and told afterwards."""

    def __init__(self) -> None:
        self.content, self.size = bytearray(), 0

    def write(self, piece: bytes) -> None:
        self.size += len(piece)
        if self.size <= MOST_WRITTEN:
            self.content += piece


def is_active(document: pypdfium2.PdfDocument) -> bool:
    """Whether anything in the document does more than be shown."""
    written = _Written()
    document.save(written, flags=pypdfium2.raw.FPDF_REMOVE_SECURITY)
    if written.size > MOST_WRITTEN:
        raise ValueError("written out, the document has no end in sight")
    return bool(DOES_SOMETHING.search(NO_NAMES.sub(b" ", written.content)))


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    facts, picture = look_into(sys.stdin.buffer.read(), most_pages=int(sys.argv[1]), side=int(sys.argv[2]))
    sys.stdout.buffer.write(json.dumps(facts).encode() + b"\n" + picture)


if __name__ == "__main__":
    main()
