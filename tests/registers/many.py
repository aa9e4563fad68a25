"""Many rows of the follow-up register at once: accepted dossiers without the way that led there."""

from datetime import datetime, timedelta

from portal.core.audit import stream_of
from portal.core.text import fold
from services.documents.models import IssuedDocument
from services.dossiers.models import Dossier, DossierState
from services.dossiers.rules import in_force

FAMILY, GIVEN = ("Nguyễn", "Trần", "Lê", "Phạm", "Đặng"), ("Hường", "Bình", "Ánh", "Dũng", "Minh", "Thảo", "Đức")
BATCH = 1000


def accept_many(ward, version, owner, number: int, *, at: datetime, receipts: bool = True, first: int = 1) -> None:
    """`number` dossiers of the ward, accepted a minute apart from `at` on; their receipts numbered from `first`."""
    for start in range(0, number, BATCH):
        dossiers = [_accepted(ward, version, owner, serial, at) for serial in range(start, min(start + BATCH, number))]
        Dossier.objects.bulk_create(dossiers)
        if receipts:
            IssuedDocument.objects.bulk_create(
                _receipt(dossier, serial) for serial, dossier in enumerate(dossiers, start=start + first)
            )


def _accepted(ward, version, owner, serial: int, at: datetime) -> Dossier:
    moment = at + timedelta(minutes=serial)
    name = f"{FAMILY[serial % 5]} Thị {GIVEN[serial % 7]}"
    return Dossier(
        ward=ward,
        version=version,
        owner=owner,
        state=DossierState.PROCESSING,
        rule_set=in_force(moment).key,
        code=f"{ward.agency_code}-{moment:%y%m%d}-{serial:06d}",
        answers={"ho_ten": name, "tinh_trang": "chua", "muc_dich": "Đăng ký kết hôn"},
        applicant_name=name,
        folded_name=fold(name),
        created_at=moment,
        changed_at=moment,
        submitted_at=moment,
        accepted_at=moment,
        due_at=moment + timedelta(days=5),
    )


def _receipt(dossier: Dossier, number: int) -> IssuedDocument:
    return IssuedDocument(
        key=f"{dossier.pk}:receipt",
        ward=dossier.ward,
        owner=dossier.owner,
        subject=stream_of(dossier),
        kind="receipt",
        title="Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        book="TNHS-BPTNTKQ",
        year=dossier.accepted_at.year,
        number=number,
        suffix="TNHS-BPTNTKQ",
        template="dossiers/receipt.html",
        issued_at=dossier.accepted_at,
    )
