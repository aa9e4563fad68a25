"""Signatures on a printed document: PAdES B-B, each with a mark in words.

A slip bears the agency's signature alone. A document a person answers for is signed in two layers, in
the order of the office: the person signs it with empty places for number and date and a place for the
agency's signature (certified, DocMDP 2: places may be filled in, nothing else changed); then the number
and date are filled in and the agency signs over all of it, which closes the file (field lock, DocMDP 1).
"""

import io
import tempfile
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string

from portal.core.calendar import VIETNAM
from portal.core.pdf import Place, Printed, print_html
from portal.core.vietnamese import official_date

from .authority import Officer, authority, officer_key
from .models import IssuedDocument

if TYPE_CHECKING:
    from pyhanko.sign.signers import Signer

FIELD = "ChuKySo"
PERSON_FIELD = "ChuKyCaNhan"
# The ids templates give the places of the marks, and of what is filled in later.
MARK_PLACE = "chu-ky"
AGENCY_PLACE = "chu-ky-co-quan"
BLANKS = {"so": ("SoVanBan", "Số, ký hiệu văn bản"), "ngay": ("NgayVanBan", "Địa danh, ngày ban hành")}


def sign(printed: Printed, document: IssuedDocument, *, at: datetime) -> bytes:
    """The PDF, signed in the ward's name and closed to every later change (DocMDP 1).

    The mark is laid over the template's place for it, and is left out when the template has none.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import MDPPerm  # noqa: PLC0415

    return _sign(
        IncrementalPdfFileWriter(io.BytesIO(printed.pdf)),
        FIELD,
        authority().signer_for(document.ward_then, document.agency),
        mark=_mark(document, at=at) if MARK_PLACE in printed.places else None,
        place=printed.places.get(MARK_PLACE),
        name=document.agency_name,
        location=document.ward_then.name,
        reason=f"Phát hành văn bản số {document.official_number}",
        certify=True,
        docmdp_permissions=MDPPerm.NO_CHANGES,
    )


def sign_as_person(printed: Printed, document: IssuedDocument) -> bytes:
    """The PDF under the signature of whoever signs it: number and date may be filled in, and the agency sign.

    The certificate is the person's own, with their office; it says nothing for the agency.
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415
    from pyhanko.sign.fields import (  # noqa: PLC0415
        FieldMDPAction,
        FieldMDPSpec,
        MDPPerm,
        SigFieldSpec,
        append_signature_field,
    )

    writer = IncrementalPdfFileWriter(io.BytesIO(printed.pdf))
    for place, (name, words) in BLANKS.items():
        if place in printed.places:
            _add_blank(writer, name, words, printed.places[place])
    agency = printed.places.get(AGENCY_PLACE)
    append_signature_field(
        writer,
        SigFieldSpec(
            FIELD,
            on_page=agency.page if agency else 0,
            box=_box(agency),
            field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
            doc_mdp_update_value=MDPPerm.NO_CHANGES,
        ),
    )
    signer, at = document.signed_by, document.signed_at
    if signer is None or at is None:
        raise ValueError("nobody has signed this document")
    officer = Officer(officer_key(signer.pk), str(signer), document.signer_title, document.agency_name)
    return _sign(
        writer,
        PERSON_FIELD,
        authority().signer_of(officer),
        mark=_mark(document, at=at, officer=officer) if MARK_PLACE in printed.places else None,
        place=printed.places.get(MARK_PLACE),
        name=officer.name,
        location=document.ward_then.name,
        reason=f"Ký {document.title}",
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )


def countersign(content: bytes, document: IssuedDocument, *, at: datetime) -> bytes:
    """What a person signed, with number and date filled in, under the agency's signature: closed from now on."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter  # noqa: PLC0415

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    day = official_date(document.issued_at.astimezone(VIETNAM).date())
    _fill_blanks(
        writer,
        {
            "SoVanBan": f"Số: {document.official_number}",
            "NgayVanBan": f"{document.ward.name}, {day}",
        },
    )
    return _sign(
        writer,
        FIELD,
        authority().signer_for(document.ward_then, document.agency),
        mark=_mark(document, at=at),
        name=document.agency_name,
        location=document.ward_then.name,
        reason=f"Phát hành văn bản số {document.official_number}",
    )


def _sign(
    writer, field: str, signer: "Signer", *, mark: bytes | None, place: Place | None = None, **said: Any
) -> bytes:
    """One signature, in a field made for it at `place` or one that waits in the file already."""
    from pyhanko.sign import signers  # noqa: PLC0415
    from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter  # noqa: PLC0415
    from pyhanko.stamp import StaticStampStyle  # noqa: PLC0415

    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:  # pyHanko reads the mark from a file
        if mark:
            file.write(mark)
            file.flush()
        spec = SigFieldSpec(field, on_page=place.page if place else 0, box=_box(place)) if said.get("certify") else None
        one = signers.PdfSigner(
            signers.PdfSignatureMetadata(
                field_name=field, md_algorithm="sha256", subfilter=SigSeedSubFilter.PADES, **said
            ),
            signer=signer,
            stamp_style=StaticStampStyle.from_pdf_file(file.name, border_width=0) if mark else None,
            new_field_spec=spec,
        )
        out = io.BytesIO()
        one.sign_pdf(writer, output=out)
    return out.getvalue()


def _add_blank(writer, name: str, words: str, place: Place) -> None:
    """A text field with nothing in it yet. `words` is what a screen reader calls it."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string  # noqa: PLC0415

    root = writer.root
    if "/AcroForm" not in root:
        form = generic.DictionaryObject({pdf_name("/Fields"): generic.ArrayObject()})
        root["/AcroForm"] = writer.add_object(form)
        writer.update_root()
    page, _resources = writer.find_page_for_modification(place.page)
    box = (place.left, place.bottom, place.right, place.top)
    size = (0, 0, place.right - place.left, place.top - place.bottom)
    empty = generic.StreamObject(
        {
            pdf_name("/Type"): pdf_name("/XObject"),
            pdf_name("/Subtype"): pdf_name("/Form"),
            pdf_name("/BBox"): generic.ArrayObject(map(generic.FloatObject, size)),
        },
        stream_data=b"",
    )
    field = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/Annot"),
                pdf_name("/Subtype"): pdf_name("/Widget"),
                pdf_name("/FT"): pdf_name("/Tx"),
                pdf_name("/T"): pdf_string(name),
                pdf_name("/TU"): pdf_string(words),
                pdf_name("/V"): pdf_string(""),
                pdf_name("/DA"): pdf_string("/F 13 Tf 0 g"),
                pdf_name("/Rect"): generic.ArrayObject(map(generic.FloatObject, box)),
                pdf_name("/F"): generic.NumberObject(4),  # printed
                pdf_name("/P"): page,
                pdf_name("/AP"): generic.DictionaryObject({pdf_name("/N"): writer.add_object(empty)}),
            }
        )
    )
    fields = writer.root["/AcroForm"]["/Fields"]
    fields.append(field)
    writer.update_container(fields)
    writer.register_annotation(page, field)


def _fill_blanks(writer, texts: dict[str, str]) -> None:
    """Put words in the empty places, set as the document is set."""
    from pyhanko.pdf_utils import generic  # noqa: PLC0415
    from pyhanko.pdf_utils.generic import pdf_name, pdf_string  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415

    for reference in writer.root["/AcroForm"]["/Fields"]:
        field = reference.get_object()
        text = texts.get(str(field.get("/T", "")))
        if text is None:
            continue
        left, bottom, right, top = (float(edge) for edge in field["/Rect"])
        context = {"text": text, "width": right - left, "height": top - bottom, "name": field["/T"]}
        line = print_html(render_to_string("pdf/filled_in.html", context), archival=False)
        look = writer.import_page_as_xobject(PdfFileReader(io.BytesIO(line.pdf)))
        field["/V"] = pdf_string(text)
        field["/AP"] = generic.DictionaryObject({pdf_name("/N"): look})
        writer.update_container(field)


def _mark(document: IssuedDocument, *, at: datetime, officer: Officer | None = None) -> bytes:
    context = {"document": document, "officer": officer, "signed_at": at.astimezone(VIETNAM), "demo": settings.DEMO}
    return print_html(render_to_string("pdf/signature_mark.html", context), archival=False).pdf


def _box(place: Place | None) -> tuple[int, int, int, int] | None:
    return (round(place.left), round(place.bottom), round(place.right), round(place.top)) if place else None
