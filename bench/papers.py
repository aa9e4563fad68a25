"""Receipt and result: printing and signing against bare WeasyPrint and bare pyHanko on the same HTML."""

import io
from collections.abc import Iterator

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from portal.core import pdf
from services.documents import rendering, signing
from services.documents.authority import authority
from services.documents.models import IssuedDocument

from .rounds import Case, times


def cases(_portal: str, _bare: str) -> Iterator[Case]:
    for kind in ("receipt", "result"):
        document = IssuedDocument.objects.select_related("ward", "signed_by").filter(kind=kind).first()
        if document is None:
            raise RuntimeError(f"the demo has no {kind}")
        html = render_to_string(
            f"pdf/{document.template}",
            {"demo": settings.DEMO, **document.context, **rendering.paper_of(document)},
        )
        yield (
            f"{kind}: printed, against bare WeasyPrint",
            times(
                lambda document=document: rendering.print_document(document), lambda html=html: bare_print(html), runs=5
            ),
            None,
        )
        printed = rendering.print_document(document)
        signer = authority().signer_for(document.ward, document.agency)
        yield (
            f"{kind}: signed, against bare pyHanko",
            times(
                lambda printed=printed, document=document: signing.sign(printed, document, at=timezone.now()),
                lambda printed=printed, signer=signer: bare_sign(printed.pdf, signer),
                runs=5,
            ),
            None,
        )


def bare_print(html: str) -> bytes:
    """WeasyPrint with our assets and nothing else: no places, no checks, fonts looked up each time."""
    from weasyprint import HTML  # noqa: PLC0415

    return HTML(string=html, base_url="asset:", url_fetcher=pdf._fetcher()).write_pdf(  # noqa: SLF001
        pdf_variant="pdf/a-3u", pdf_tags=True
    )


def bare_sign(content: bytes, signer) -> bytes:
    """An invisible signature by the same key."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign import fields, signers  # noqa: PLC0415

    meta = signers.PdfSignatureMetadata(field_name="bare", subfilter=fields.SigSeedSubFilter.PADES)
    out = signers.PdfSigner(meta, signer=signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)))
    return out.getvalue()
