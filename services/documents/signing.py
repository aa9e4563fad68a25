"""The ward's signature on a printed document: PAdES B-B, with a mark in words."""

import io
import tempfile
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from portal.core.calendar import VIETNAM
from portal.core.pdf import Place, Printed, print_html

from .authority import authority
from .models import IssuedDocument

FIELD = "ChuKySo"
MARK_PLACE = "chu-ky"  # the id templates/pdf/components/signature.html gives the place of the mark


def sign(printed: Printed, document: IssuedDocument, *, at: datetime) -> bytes:
    """The PDF, signed in the ward's name and closed to every later change (DocMDP 1).

    The mark is laid over the template's place for it, and is left out when the template has none.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

    place = printed.places.get(MARK_PLACE)
    with tempfile.NamedTemporaryFile(suffix=".pdf") as mark:  # pyHanko reads the mark from a file
        if place:
            mark.write(_mark(document, at=at))
            mark.flush()
        signer = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=FIELD,
                md_algorithm="sha256",
                name=document.ward.agency,
                location=document.ward.name,
                reason=f"Phát hành văn bản số {document.official_number}",
                subfilter=SigSeedSubFilter.PADES,
                certify=True,
                docmdp_permissions=MDPPerm.NO_CHANGES,
            ),
            signer=authority().signer_for(document.ward),
            stamp_style=StaticStampStyle.from_pdf_file(mark.name, border_width=0) if place else None,
            new_field_spec=SigFieldSpec(FIELD, on_page=place.page if place else 0, box=_box(place)),
        )
        out = io.BytesIO()
        signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(printed.pdf)), output=out)
    return out.getvalue()


def _mark(document: IssuedDocument, *, at: datetime) -> bytes:
    context = {"document": document, "signed_at": at.astimezone(VIETNAM), "demo": settings.DEMO}
    return print_html(render_to_string("pdf/signature_mark.html", context), archival=False).pdf


def _box(place: Place | None) -> tuple[int, int, int, int] | None:
    return (round(place.left), round(place.bottom), round(place.right), round(place.top)) if place else None
