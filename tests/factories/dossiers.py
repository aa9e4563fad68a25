"""Dossiers in every state, walked there by the real actions: what tests see is what people make."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from buildings.roles import POLICE_POSITIONS, Position
from services.catalogue.definition import Condition, Definition, Fee, FieldSpec, Limit, Result, Section, StepSpec, Visit
from services.catalogue.models import Procedure, ProcedureVersion
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import actions, filing
from services.dossiers.models import Dossier, DossierState

from . import answers as filled
from .buildings import WardFactory, officer
from .people import UserFactory

AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)  # Monday, 9:00 in Hanoi

ANSWERS = {"ho_ten": "Nguyễn Thị Hường", "tinh_trang": "chua", "muc_dich": "Đăng ký kết hôn"}

# Two pages of questions, a condition over the pages and one within a page, one paper always asked
# and one asked of the divorced.
DEFINITION = Definition(
    code="1.004873",
    name="Cấp Giấy xác nhận tình trạng hôn nhân",
    level=4,
    purpose="Chứng minh tình trạng hôn nhân.",
    decided_by="Chủ tịch UBND phường",
    limit=Limit("working_days", 3),
    result=Result(
        "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN", "xntthn", "UBND-XNTTHN", ({"type": "paragraph", "text": "{ho_ten}"},)
    ),
    sections=(
        Section(
            "nguoi-yeu-cau",
            "Người yêu cầu",
            intro="Ghi như trên thẻ căn cước.",
            fields=(
                FieldSpec("text", "ho_ten", "Họ và tên", options={"profile": "full_name"}),
                FieldSpec("text", "ghi_chu", "Điều muốn nói thêm", required=False),
            ),
        ),
        Section(
            "hon-nhan",
            "Tình trạng hôn nhân",
            fields=(
                FieldSpec(
                    "choice",
                    "tinh_trang",
                    "Hiện nay bạn",
                    options={
                        "choices": [
                            {"value": "chua", "label": "Chưa đăng ký kết hôn"},
                            {"value": "ly_hon", "label": "Đã ly hôn"},
                        ]
                    },
                ),
                FieldSpec("text", "ban_an", "Bản án số", when=Condition("tinh_trang", ("ly_hon",))),
                FieldSpec("text", "muc_dich", "Dùng vào việc gì"),
            ),
        ),
    ),
    papers=(
        FieldSpec("file", "can_cuoc", "Ảnh thẻ căn cước"),
        FieldSpec("file", "giay_ly_hon", "Bản án ly hôn", when=Condition("tinh_trang", ("ly_hon",))),
        FieldSpec("file", "giay_khac", "Giấy tờ khác", required=False),
    ),
    steps=(
        StepSpec("tiep-nhan", "Tiếp nhận hồ sơ", "receive", Position.CLERK, 120, "Kiểm tra giấy tờ"),
        StepSpec("tham-dinh", "Thẩm định", "work", Position.SPECIALIST, 300),
        StepSpec("ky", "Ký giấy xác nhận", "sign", Position.LEADER, 120),
        StepSpec("cap-so", "Cấp số", "issue", Position.REGISTRY_CLERK, 60),
        StepSpec("tra", "Trả kết quả", "deliver", Position.CLERK, 60),
    ),
    fees=(Fee("online", 0, "Theo NQ 77"), Fee("counter", 15_000)),
)

# The same, but the citizen confirms the filled form before it goes on.
CONFIRMED = replace(DEFINITION, code="1.000656", name="Đăng ký khai tử", confirm_draft=True)

# Level 3: somebody has to come.
VISITED = replace(
    DEFINITION,
    code="2.000884",
    name="Chứng thực chữ ký",
    level=3,
    presence_reason="Người yêu cầu ký trước mặt cán bộ.",
    visit=Visit("Ký trước mặt cán bộ"),
)


# The law gives more time where another agency has to be asked.
VERIFIED = replace(
    DEFINITION,
    code="1.010041",
    name="Xác nhận thông tin về cư trú",
    limit_after_verification=Limit("days", 23, note="Khi phải hỏi nơi cư trú cũ."),
)

# The officer finds out what the result says besides: the degree, and of a severe one since when.
FOUND = replace(
    DEFINITION,
    code="1.001699",
    name="Xác định mức độ khuyết tật",
    findings=(
        FieldSpec(
            "choice",
            "muc_do",
            "Mức độ khuyết tật",
            options={"choices": [{"value": "nhe", "label": "Nhẹ"}, {"value": "nang", "label": "Nặng"}]},
        ),
        FieldSpec("date", "tu_ngay", "Từ ngày", when=Condition("muc_do", ("nang",))),
        FieldSpec("text", "ban_an_xem", "Bản án đã xem", when=Condition("tinh_trang", ("ly_hon",))),
    ),
    result=replace(
        DEFINITION.result,
        blocks=(
            {"type": "row", "label": "Họ tên", "value": "{ho_ten}"},
            {"type": "row", "label": "Mức độ", "value": "{muc_do}"},
            {
                "type": "row",
                "label": "Từ ngày",
                "value": "{tu_ngay}",
                "when": {"field": "muc_do", "values": ["nang"]},
            },
        ),
    ),
)
FINDINGS = {"muc_do": "nang", "tu_ngay": "2026-05-19"}

# The ward's police receive, decide and issue it.
POLICED = replace(
    DEFINITION,
    code="1.010041",
    name="Xác nhận thông tin về cư trú",
    agency="police",
    slip_family="cu_tru",
    steps=tuple(
        replace(step, position=Position.POLICE_HEAD if step.kind == "sign" else Position.POLICE_OFFICER)
        for step in DEFINITION.steps
    ),
    result=replace(DEFINITION.result, title="XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ", book="ct07", suffix="XN-CAP"),
)


def version_of(definition: Definition = DEFINITION, *, slug: str = "xac-nhan-hon-nhan") -> ProcedureVersion:
    """The newest published version of a procedure; published with this definition if there is none."""
    procedure, made = Procedure.objects.get_or_create(
        slug=slug,
        defaults={
            "code": definition.code,
            "name": definition.name,
            "purpose": definition.purpose,
            "decided_by": definition.decided_by,
            "result_title": definition.result.title,
            "result_book": definition.result.book,
            "result_suffix": definition.result.suffix,
        },
    )
    if made:
        publish(procedure, definition)
    return procedure.versions.order_by("-number").first()


def publish(procedure: Procedure, definition: Definition) -> ProcedureVersion:
    return ProcedureVersion.objects.create(
        procedure=procedure, number=procedure.versions.count() + 1, definition=definition.to_json(), published_at=AT
    )


def photo(
    name: str = "can-cuoc.jpg", *, colour: str = "#8c1c3c", size: tuple[int, int] = (640, 400)
) -> SimpleUploadedFile:
    """A picture as a phone sends it; another colour makes another file."""
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")


class DossierFactory(factory.django.DjangoModelFactory):
    """A complete draft, or with a trait what became of it: `DossierFactory(accepted=True)`.

    Every step is made by the officer who owes it, five minutes after the one before.
    """

    class Meta:
        model = Dossier

    class Params:
        empty = factory.Trait(answers={}, with_paper=False)
        submitted = factory.Trait(walk=("submit",))
        supplement = factory.Trait(walk=("submit", "request_supplement"))
        refused = factory.Trait(walk=("submit", "refuse"))
        accepted = factory.Trait(walk=("submit", "accept"))
        processing = factory.Trait(walk=("submit", "accept", "hand_on"))
        at_signing = factory.Trait(walk=("submit", "accept", "hand_on", "approve"))
        signed = factory.Trait(walk=("submit", "accept", "hand_on", "approve", "sign"))
        numbered = factory.Trait(walk=("submit", "accept", "hand_on", "approve", "sign", "number"))
        done = factory.Trait(walk=("submit", "accept", "hand_on", "approve", "sign", "number", "issue"))
        delivered = factory.Trait(walk=("submit", "accept", "hand_on", "approve", "sign", "number", "issue", "deliver"))
        withdrawn = factory.Trait(walk=("submit", "withdraw"))
        awaiting_fee = factory.Trait(walk=("submit", "accept", "hand_on", "ask_fee"))
        proposed = factory.Trait(walk=("submit", "accept", "hand_on", "propose_supplement"))
        to_be_confirmed = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(CONFIRMED, slug="xac-nhan-truoc")),
            walk=("submit", "accept", "hand_on"),
        )
        to_be_verified = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(VERIFIED, slug="phai-xac-minh")),
            walk=("submit", "accept", "hand_on"),
        )
        verified = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(VERIFIED, slug="phai-xac-minh")),
            walk=("submit", "accept", "hand_on", "ask_verification"),
        )
        to_be_found = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(FOUND, slug="muc-do-khuyet-tat")),
            walk=("submit", "accept", "hand_on"),
        )
        policed = factory.Trait(version=factory.LazyFunction(lambda: version_of(POLICED, slug="xac-nhan-cu-tru")))
        to_be_visited = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(VISITED, slug="den-tan-noi")),
            walk=("submit", "accept", "hand_on"),
        )
        visiting = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(VISITED, slug="den-tan-noi")),
            walk=("submit", "accept", "hand_on", "ask_visit"),
        )
        visiting_at_intake = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(VISITED, slug="den-tan-noi")),
            walk=("submit", "ask_visit"),
        )
        confirming = factory.Trait(
            version=factory.LazyFunction(lambda: version_of(CONFIRMED, slug="xac-nhan-truoc")),
            walk=("submit", "accept", "hand_on", "ask_confirmation"),
        )

    ward = factory.SubFactory(WardFactory, staffed=True)
    version = factory.LazyFunction(version_of)
    owner = factory.SubFactory(UserFactory)
    answers = factory.LazyFunction(lambda: dict(ANSWERS))
    at = AT
    with_paper = True
    items = (("muc_dich", "Ghi rõ dùng để kết hôn với ai."), ("can_cuoc", "Ảnh bị mờ, chụp lại."))
    walk = ()

    @classmethod
    def _create(cls, model, *, ward, version, owner, answers, at, with_paper, items, walk, **fields):
        dossier = Dossier.objects.create(
            ward=ward, version=version, owner=owner, answers=answers, created_at=at, changed_at=at, **fields
        )
        if version.spec.agency == "police":
            for position in POLICE_POSITIONS:
                officer(position, ward)
        if with_paper:
            filing.attach(dossier, version.spec.field("can_cuoc"), photo(), by=owner, at=at)
        for number, move in enumerate(walk, start=1):
            dossier = advance(dossier, move, at=at + timedelta(minutes=5 * number), items=items)
        return dossier


def advance(dossier: Dossier, move: str, *, at: datetime, items=()) -> Dossier:
    """One move, by whoever it belongs to."""
    said = {
        "request_supplement": {"items": items, "reason": "Hồ sơ còn thiếu.", "contact": "Trần Thu Hà, 024 3827 1234"},
        "refuse": {"reason": "Không thuộc thẩm quyền của phường."},
        "ask_fee": {"amount": 15_000, "reason": "Lệ phí hộ tịch"},
        "ask_verification": {"agency": "UBND phường Bồ Đề", "reason": "Nơi cư trú từ 2015 đến 2020."},
        "record_fee": {"receipt_number": "BL-0001"},
        "propose_supplement": {
            "items": items,
            "reason": "Cần bản án đã có hiệu lực.",
            "contact": "Hoàng Minh Đức",
            "legal_basis": "Điều 11 Nghị định 118/2025/NĐ-CP",
        },
        "decline_supplement": {"reason": "Đã có trong hồ sơ."},
        "dispute": {"reason": "Sai ngày sinh."},
        "stop": {"reason": "Công dân đề nghị dừng."},
    }
    if move == "approve" and dossier.spec.findings:
        shipped = dossier.spec.findings != FOUND.findings
        said["approve"] = {"findings": filled.findings(dossier.spec, dossier.answers) if shipped else FINDINGS}
    if move == "deliver":
        result = IssuedDocument.objects.about(dossier).get(kind="result")
        render(str(result.pk), at=at)
    by = _who_makes(move, dossier)
    getattr(actions, move)(dossier, by=by, at=at, **said.get(move, {}))
    return Dossier.objects.with_people().get(pk=dossier.pk)


def _who_makes(move: str, dossier: Dossier):
    if move in {"submit", "answer_supplement", "confirm", "dispute", "withdraw"}:
        return dossier.owner
    if move in {"approve_supplement", "decline_supplement", "stop"}:
        return officer(Position.LEADER, dossier.ward)
    if move == "record_fee":
        return officer(Position.CLERK, dossier.ward)
    return _who_owes(dossier)


def _who_owes(dossier: Dossier):
    assert dossier.state != DossierState.DRAFT
    return dossier.current_step.assignee or officer(dossier.current_step.position, dossier.ward)
