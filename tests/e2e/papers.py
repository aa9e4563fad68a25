"""Papers as residents photograph and scan them; issued documents as a validator and a forger see them."""

import io
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from PIL import Image, ImageDraw

# --- What residents upload -----------------------------------------------------------------------


def photo(name: str, *, pages: int = 1) -> dict:
    """A sheet under a phone's camera, with the mark of how the phone was held."""
    sheet = _sheet(pages)
    turned = Image.Exif()
    turned[0x0112] = 6
    content = io.BytesIO()
    sheet.rotate(90, expand=True).save(content, "JPEG", quality=85, exif=turned)
    return {"name": name, "mimeType": "image/jpeg", "buffer": content.getvalue()}


def scan(name: str, *, pages: int) -> dict:
    first, *others = [_sheet(number) for number in range(1, pages + 1)]
    content = io.BytesIO()
    first.save(content, "PDF", resolution=150, save_all=True, append_images=others)
    return {"name": name, "mimeType": "application/pdf", "buffer": content.getvalue()}


def _sheet(number: int) -> Image.Image:
    sheet = Image.new("RGB", (1240, 1754), "#f6f1e7")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((90, 90, 1150, 1664), outline="#776655", width=3)
    for line in range(14):
        pen.rectangle((180, 300 + 80 * line, 1060 - (line * 97 + number * 31) % 380, 322 + 80 * line), fill="#bdb2a0")
    pen.text((600, 1600), str(number), fill="#443322")
    return sheet


# --- What the ward issues ------------------------------------------------------------------------


def signature_facts(pdf: bytes, root: bytes) -> dict:
    """What pyHanko alone, trusting nothing but the root, says of a PDF's signatures: who, and the last one's reach."""
    with ThreadPoolExecutor(1) as apart:  # Playwright's loop runs in this thread, and pyHanko wants its own
        return apart.submit(_signature_facts, pdf, root).result()


def _signature_facts(pdf: bytes, root: bytes) -> dict:
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    trust = ValidationContext(
        trust_roots=list(load_certs_from_pemder_data(root)), allow_fetching=False, moment=datetime.now(UTC)
    )
    signatures = PdfFileReader(io.BytesIO(pdf)).embedded_regular_signatures
    statuses = [validate_pdf_signature(signature, trust) for signature in signatures]
    return {
        "good": all(status.bottom_line for status in statuses),
        "covers": statuses[-1].coverage.name,
        "by": [signature.signer_cert.subject.native["common_name"] for signature in signatures],
    }


def printed_text(pdf: bytes) -> str:
    import pypdfium2  # noqa: PLC0415

    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(" ".join(page.get_textpage().get_text_range().split()) for page in pages)


def check_address(pdf: bytes) -> str:
    """Where the QR code printed on it leads, as the code's bytes in the file say it."""
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    (token,) = re.findall(r"[\w-]{22}", str(PdfFileReader(io.BytesIO(pdf)).trailer["/Info"]["/Keywords"]))
    return f"/xac-thuc/{token}/"


def with_one_byte_flipped(pdf: bytes) -> bytes:
    """In the middle of its largest stream, a font: elsewhere it could leave a file nobody can read."""
    largest = max(re.finditer(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL), key=lambda found: len(found[1]))
    forged = bytearray(pdf)
    forged[sum(largest.span(1)) // 2] ^= 1
    return bytes(forged)


def with_a_note_over_it(pdf: bytes) -> bytes:
    """A later revision behind the signature, which itself stays intact."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    page = writer.root["/Pages"]["/Kids"][0]
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (100, 500, 400, 560))),
            generic.pdf_name("/Contents"): generic.pdf_string("Người khác"),
        }
    )
    page["/Annots"].append(writer.add_object(note))
    writer.update_container(page["/Annots"])
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def as_upload(pdf: bytes) -> dict:
    return {"name": "van-ban.pdf", "mimeType": "application/pdf", "buffer": pdf}
