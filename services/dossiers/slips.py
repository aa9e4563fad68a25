"""What each slip and result says: one context function a form, plain values that JSON can hold.

The fields are those of Thông tư 03/2025/TT-VPCP (domain.md §1.3); the layout is the template's.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from buildings.agencies import AgencyKey
from portal.core.addresses import lasting
from portal.core.models import User
from portal.core.text import fold
from portal.core.vietnamese import in_dong
from services.catalogue import answers as form_answers
from services.catalogue import results
from services.catalogue.definition import Limit
from services.documents import issuing as documents
from services.documents.models import IssuedDocument

from .models import Dossier, Lateness, Step, SupplementRequest

DESK = "BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ"

# Kinds of document; the first ones are forms of the rule set (`rulesets/`).
ACKNOWLEDGEMENT, RECEIPT, SUPPLEMENT, REFUSAL = "acknowledgement", "receipt", "supplement", "refusal"
APOLOGY, STOP, CONTROL, FEE, RESULT = "apology", "stop", "control", "fee", "result"

# What a notice of stopping gives as its cause (form 05).
WHY_STOPPED = {
    "withdrawn": "Ông/Bà đã đề nghị rút hồ sơ.",
    "stopped": "{agency} quyết định dừng giải quyết hồ sơ.",
    "silent": "Quá {days:02d} ngày làm việc kể từ ngày yêu cầu, hồ sơ chưa được bổ sung, hoàn thiện.",
    "absent": "Quá {days:02d} ngày làm việc kể từ ngày được mời hoặc ngày đã hẹn, Ông/Bà chưa đến làm việc.",
}


def issue_acknowledgement(dossier: Dossier, *, at: datetime) -> IssuedDocument:
    """Proof of filing, by the portal itself, as soon as the dossier is sent."""
    return _issue_form(dossier, ACKNOWLEDGEMENT, at=at, context=acknowledgement(dossier))


def issue_receipt(dossier: Dossier, *, by: User, at: datetime, again: bool = False) -> IssuedDocument:
    """Form 01; a new one, in place of the first, when the limit is counted anew after a supplement."""
    earlier = IssuedDocument.objects.about(dossier).filter(kind=RECEIPT, state="issued").last() if again else None
    return _issue_form(
        dossier,
        RECEIPT,
        at=at,
        by=by,
        context=receipt(dossier, by=by),
        about=f"{at.timestamp()}" if again else "",
        tell="dossiers.receipt_ready",
        replaces=earlier,
    )


def issue_supplement_request(dossier: Dossier, request: SupplementRequest, *, by: User, at: datetime) -> IssuedDocument:
    """Form 02."""
    return _issue_form(dossier, SUPPLEMENT, at=at, by=by, context=supplement(dossier, request), about=str(request.pk))


def issue_refusal(dossier: Dossier, *, by: User, at: datetime, reason: str) -> IssuedDocument:
    """Form 03."""
    return _issue_form(dossier, REFUSAL, at=at, by=by, context=refusal(dossier, by=by, reason=reason))


def issue_apology(case: Lateness, *, at: datetime) -> IssuedDocument:
    """Form 04, in the name of the head of the agency."""
    return _issue_form(
        case.dossier,
        APOLOGY,
        at=at,
        by=case.signed_by,
        context=apology(case),
        about=str(case.pk),
        tell="dossiers.apology_ready",
    )


def issue_stop(
    dossier: Dossier, *, at: datetime, why: str, reason: str = "", days: int = 0, by: User | None = None
) -> IssuedDocument:
    """Form 05, by the receiving desk. `why` is a key of WHY_STOPPED."""
    cause = WHY_STOPPED[why].format(days=days, agency=dossier.agency.in_words(dossier.ward))
    return _issue_form(dossier, STOP, at=at, by=by, context=stop(dossier, cause=cause, reason=reason))


def issue_control(dossier: Dossier, *, at: datetime) -> IssuedDocument:
    """Form 06, numbered once the dossier has ended: every hand-over as it was recorded, without the desk's notes."""
    return _issue_form(dossier, CONTROL, at=at, context={**control(dossier), "desk": desk_of(dossier)})


def issue_fee_notice(dossier: Dossier, *, by: User, at: datetime, amount: int, reason: str) -> IssuedDocument:
    """What is to be paid before the ward goes on; `amount` in đồng."""
    context = {**_common(dossier), "amount_in_words": in_dong(amount), "reason": reason, "guide": str(by)}
    return _issue_form(dossier, FEE, at=at, by=by, context=context, about=f"{at.timestamp()}")


def sign_result(
    dossier: Dossier,
    *,
    by: User,
    at: datetime,
    mended: Mapping[str, str] | None = None,
    replaces: IssuedDocument | None = None,
) -> IssuedDocument:
    """The document the dossier was about, signed by `by`; asked for again, the same. `mended`: see `result`."""
    spec = dossier.spec.result
    paper = _paper(
        dossier,
        RESULT,
        about=str(replaces.pk) if replaces else "",
        title=spec.title,
        book=spec.book,
        suffix=spec.suffix,
        context=result(dossier, signer=by, at=at, mended=mended),
        replaces=replaces,
        then="dossiers.result_ready",
        when_read="dossiers.result_read",
    )
    return documents.sign(paper, at=at, by=by, signer_title=_title_of(dossier, by))


def signed_result(dossier: Dossier) -> IssuedDocument:
    """What the leader signed. Made now where a dossier was signed before results bore a person's signature."""
    if dossier.signed_by is None or dossier.signed_at is None:
        raise ValueError("nobody has signed the result")
    return sign_result(dossier, by=dossier.signed_by, at=dossier.signed_at)


def digest_of_result(dossier: Dossier, *, signer: User, at: datetime) -> str:
    """What `signer` would sign at this moment, in one number."""
    return documents.digest_of(dossier.spec.result.title, result(dossier, signer=signer, at=at))


def acknowledgement(dossier: Dossier) -> dict[str, Any]:
    step = dossier.current_step
    return {
        **_common(dossier),
        "papers": _papers(dossier),
        "submitted_at": _when(dossier.submitted_at),
        "next_step": step.name if step else "",
        "next_person": str(step.assignee) if step else "",
        "next_due_at": _when(step.due_at) if step else "",
        "lookup_url": lasting(reverse("dossiers:lookup")),
        "secret": dossier.secret,
    }


def receipt(dossier: Dossier, *, by: User) -> dict[str, Any]:
    return {
        **_common(dossier),
        "papers": _papers(dossier),
        "copies": 1,
        "limit": limit_in_words(dossier.limit),
        "received_at": _when(dossier.accepted_at),
        "due_at": _when(dossier.due_at),
        "delivery": _vietnamese(dossier.get_delivery_display()),
        "receiver": str(by),
        "lookup_url": lasting(reverse("dossiers:lookup")),
        "secret": dossier.secret,
    }


def supplement(dossier: Dossier, request: SupplementRequest) -> dict[str, Any]:
    items = [{"label": _label(dossier, item.field), "what": item.what} for item in request.items.all()]
    return {
        **_common(dossier),
        "items": items,
        "reason": request.reason,
        "contact": request.contact,
        "guide": str(request.asked_by),
    }


def refusal(dossier: Dossier, *, by: User, reason: str) -> dict[str, Any]:
    return {**_common(dossier), "reason": reason, "receiver": str(by)}


def result(
    dossier: Dossier,
    *,
    signer: User | None = None,
    at: datetime | None = None,
    mended: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """The result as the procedure's template lays it out, with the answers in place.

    `signer` signs it `at`; both as recorded when it is signed already. `mended` holds, by placeholder,
    what a correction puts in place of what was said.
    """
    spec, signer = dossier.spec, signer or dossier.signed_by
    system = _system_values(dossier, at)
    values = results.values(spec, dossier.answers, system=system, findings=dossier.findings)
    if mended:
        values = replace(values, texts={**values.texts, **mended})
    return {
        "title": spec.result.title,
        "blocks": results.render_blocks(spec.result, values),
        "code": dossier.code,
        "applicant": dossier.applicant_name,
        "capacity": dossier.agency.capacity(_title_of(dossier, signer)),
        "signer": str(signer) if signer else "",
    }


def apology(case: Lateness) -> dict[str, Any]:
    """Form 04: who, what, when it was promised, why it is late, when it will be."""
    dossier = case.dossier
    return {
        **_common(dossier),
        "agency_in_words": dossier.agency.in_words(dossier.ward),
        "error": case.reason == Lateness.Reason.ERROR,
        "what": case.what,
        "accepted_at": _when(dossier.accepted_at or dossier.submitted_at),
        "promised_at": _when(dossier.due_at or case.due_at),
        "reason": case.apology,
        "new_due_at": _when(case.new_due_at),
        "capacity": dossier.agency.capacity(_title_of(dossier, case.signed_by)),
        "signer": str(case.signed_by),
    }


def stop(dossier: Dossier, *, cause: str, reason: str) -> dict[str, Any]:
    """Form 05: what was filed, why it stops, what goes back to the person."""
    return {
        **_common(dossier),
        "cause": cause,
        "reason": reason,
        "papers": _papers(dossier),
        "received_at": _when(dossier.submitted_at),
    }


def control(dossier: Dossier, *, notes: bool = False) -> dict[str, Any]:
    """Form 06. `notes` are the desk's own and stay out of what the resident receives."""
    found = dossier.hand_overs.select_related("from_step", "to_step", "giver", "receiver").order_by("seq")
    return {
        "code": dossier.code,
        "procedure": dossier.spec.name,
        "applicant": dossier.applicant_name,
        "handled_by": dossier.agency.in_words(dossier.ward),
        "with_agency": dossier.verification_asked.agency if dossier.verification_asked else "",
        "received_at": _when(dossier.accepted_at or dossier.submitted_at),
        "due_at": _when(dossier.due_at),
        "rescheduled_to": _when(dossier.rescheduled_to),
        "lines": [
            {
                "giver": _party(line.from_step, line.giver),
                "receiver": _party(line.to_step, line.receiver),
                "given_at": _when(line.given_at),
                "received_at": _when(line.received_at),
                "result": _vietnamese(line.get_result_display()) if line.result else "",
                "note": line.note if notes else "",
            }
            for line in found
        ],
    }


def _party(step: Step | None, person: User | None) -> dict[str, str]:
    """One side of a hand-over: the unit, and the person who acted for it."""
    if step is None:
        return {"unit": "Người nộp hồ sơ", "person": str(person or "")}
    return {"unit": _vietnamese(step.get_position_display()), "person": str(person or step.assignee or "")}


def limit_in_words(limit: Limit) -> str:
    """The time limit as slips put it: always Vietnamese, numbers under ten with a leading zero."""
    if limit.kind == "same_day":
        return f"trong ngày; nhận sau {limit.cutoff.replace(':', ' giờ ')} thì trả trong ngày làm việc tiếp theo"
    if limit.kind == "working_days":
        return f"{limit.amount:02d} ngày làm việc"
    if limit.kind == "days":
        return f"{limit.amount:02d} ngày"
    return f"{limit.amount // 60} giờ làm việc"


def _issue_form(dossier: Dossier, kind: str, **more) -> IssuedDocument:
    """A form of the rule set the dossier is handled under: its title, its number's suffix."""
    form = dossier.rules.form(kind, dossier.spec.slip_family)
    more["context"]["form"] = {"number": form.number, "basis": dossier.rules.basis[-1]}
    return _issue(dossier, kind, title=form.title, suffix=form.suffix, **more)


def _issue(dossier, kind, *, at, by=None, book="", suffix, tell="", **more) -> IssuedDocument:
    return documents.issue(_paper(dossier, kind, book=book or suffix, suffix=suffix, then=tell, **more), at=at, by=by)


def _paper(dossier, kind, *, about="", **more) -> documents.Paper:
    return documents.Paper(
        key=f"{dossier.pk}:{kind}" + (f":{about}" if about else ""),
        ward=dossier.ward,
        owner=dossier.owner,
        subject=dossier,
        agency=dossier.agency.key,
        kind=kind,
        template=f"dossiers/{kind}.html",
        **more,
    )


def _common(dossier: Dossier) -> dict[str, Any]:
    owner = dossier.owner
    applicant = form_answers.applicant(dossier.spec, dossier.answers)
    own = fold(str(owner)) == dossier.folded_name  # else the account's facts are somebody else's
    return {
        "desk": desk_of(dossier),
        "desk_in_words": _desk_in_words(dossier),
        "code": dossier.code,
        "procedure": dossier.spec.name,
        "procedure_code": dossier.spec.code,
        "applicant": dossier.applicant_name or str(owner),
        # Whoever files for somebody else is named beside them: a parent, a person with an authorisation.
        "filer": "" if own else str(owner),
        "filer_personal_number": owner.personal_number,
        "personal_number": applicant.get("personal_number") or (owner.personal_number if own else ""),
        "address": applicant.get("address") or (owner.address if own else ""),
        "phone": owner.phone.as_national if owner.phone else "",
        "email": owner.email or "",
        "hotline": dossier.ward.phone.as_national,
    }


def desk_of(dossier: Dossier) -> str:
    """The unit that slips stand under: the one-stop desk is the committee's, the police receive themselves."""
    return DESK if dossier.agency.key == AgencyKey.COMMITTEE else ""


def _desk_in_words(dossier: Dossier) -> str:
    if desk_of(dossier):
        return f"Bộ phận tiếp nhận và trả kết quả của UBND phường {dossier.ward.name}"
    return dossier.agency.in_words(dossier.ward)


def _papers(dossier: Dossier) -> list[dict[str, Any]]:
    kept = list(dossier.attachments.kept())
    rows = []
    for paper in dossier.spec.papers:
        files = [file for file in kept if file.field == paper.key]
        if files:
            rows.append({"name": paper.label, "files": len(files), "pages": sum(file.pages for file in files)})
    return rows


def _label(dossier: Dossier, key: str) -> str:
    return dossier.spec.field(key).label


def _system_values(dossier: Dossier, at: datetime | None) -> dict[str, str]:
    today = at or dossier.signed_at or dossier.changed_at
    return {
        "ward": dossier.ward.name,
        "agency": dossier.agency.in_words(dossier.ward),
        "code": dossier.code or "",
        "applicant": dossier.applicant_name,
        "date": f"{timezone.localtime(today):%d/%m/%Y}",
    }


def _title_of(dossier: Dossier, signer: User | None) -> str:
    """The signer's office in the agency that decides: Chủ tịch, Phó Trưởng Công an phường."""
    if signer is None:
        return ""
    membership = signer.memberships.current().filter(ward=dossier.ward, position=dossier.agency.head).first()
    return membership.title if membership else ""


def _when(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = timezone.localtime(moment)
    return f"{local.hour:02d} giờ {local.minute:02d} phút, ngày {local:%d/%m/%Y}"


def _vietnamese(text) -> str:
    with override("vi"):
        return str(text)
