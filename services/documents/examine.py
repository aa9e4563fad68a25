"""What a PDF's signatures say, told apart from whom they are meant to impress.

Runs alone, without Django: `verifying` starts it as a process of its own with little time and
memory, because the files it reads come from anyone. Reads on standard input one line of JSON
({"roots": […], "moment": …}), then the PDF; writes one JSON object.
"""

import asyncio
import hashlib
import io
import json
import re
import resource
import sys
from datetime import datetime
from typing import Any

SECONDS = 10
MEMORY = 1024**3  # bytes of address space

_CHECK_CODE = re.compile(r"kiem-tra=([\w-]{10,40})")


def examine(pdf: bytes, roots: list[bytes], *, moment: datetime) -> dict[str, Any]:
    """Facts about the signatures of a PDF, the first one first. Raises whatever a bad PDF makes pyHanko raise.

    `code` is the check code the file carries, as its printed QR code does; `signatures` holds for each:
    trusted   its certificate comes from one of `roots`
    impostor  its certificate names one of `roots` as its issuer, but does not come from it
    intact    the signature is by that certificate's key, and the bytes it covers are those that were signed
    complete  it covers the whole file, or (not the last one) what followed is what it allows: places filled
              in, one more signature. Nothing was appended behind the last one; all of their rules are kept
    person    serial number in its certificate's name: an officer's key; "" for an agency
    revision  SHA-256 of the file as it was when this signature was made
    """
    from pyhanko.keys import load_certs_from_pemder_data  # noqa: PLC0415
    from pyhanko.pdf_utils.reader import PdfFileReader  # noqa: PLC0415
    from pyhanko.sign.validation import validate_pdf_signature  # noqa: PLC0415
    from pyhanko.sign.validation.status import SignatureCoverageLevel  # noqa: PLC0415

    trusted_roots = [root for pem in roots for root in load_certs_from_pemder_data(pem)]
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    signatures = []
    embedded = reader.embedded_regular_signatures
    for signature in embedded:
        status = validate_pdf_signature(signature, _context(trusted_roots, moment))
        trusted = _comes_from(trusted_roots, signature, moment)
        named = any(signature.signer_cert.issuer == root.subject for root in trusted_roots)
        subject = signature.signer_cert.subject.native
        covered = status.coverage == SignatureCoverageLevel.ENTIRE_FILE
        if signature is not embedded[-1]:
            covered = status.coverage == SignatureCoverageLevel.ENTIRE_REVISION
        end = signature.byte_range[2] + signature.byte_range[3]
        signatures.append(
            {
                "trusted": trusted,
                "impostor": named and not trusted,
                "intact": bool(status.intact and status.valid),
                # An appended update leaves a signature intact and trusted: only these two tell.
                "complete": covered and bool(status.bottom_line),
                "signer": str(subject.get("common_name", "")),
                "person": str(subject.get("serial_number", "")),
                "title": str(subject.get("title", "")),
                "revision": hashlib.sha256(pdf[:end]).hexdigest(),
            }
        )
    return {"code": _check_code(reader), "signatures": signatures}


def _context(trusted_roots: list, moment: datetime):
    from pyhanko_certvalidator import ValidationContext  # noqa: PLC0415

    return ValidationContext(trust_roots=trusted_roots, allow_fetching=False, moment=moment)


def _comes_from(trusted_roots: list, signature, moment: datetime) -> bool:
    """Whether the signer's certificate leads to a root, whatever became of the bytes it signed."""
    from pyhanko_certvalidator import CertificateValidator  # noqa: PLC0415
    from pyhanko_certvalidator.errors import PathBuildingError, PathValidationError  # noqa: PLC0415

    validator = CertificateValidator(
        signature.signer_cert,
        intermediate_certs=signature.other_embedded_certs,
        validation_context=_context(trusted_roots, moment),
    )
    try:
        asyncio.run(validator.async_validate_path())
    except (PathBuildingError, PathValidationError):
        return False
    return True


def _check_code(reader) -> str:
    try:
        match = _CHECK_CODE.search(str(reader.trailer["/Info"]["/Keywords"]))
    except KeyError:
        return ""
    return match[1] if match else ""


def main() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    order = json.loads(sys.stdin.buffer.readline())
    facts = examine(
        sys.stdin.buffer.read(),
        [root.encode() for root in order["roots"]],
        moment=datetime.fromisoformat(order["moment"]),
    )
    json.dump(facts, sys.stdout)


if __name__ == "__main__":
    main()
