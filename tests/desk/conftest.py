"""A ward with one officer a position, a neighbour ward, and a dossier walked to where a test needs it."""

from datetime import UTC, datetime, timedelta

import pytest

from buildings.models import Membership, Ward
from buildings.roles import ONE_STOP_POSITIONS
from portal.core.models import User
from services.catalogue.definition import Definition, FieldSpec, Limit, Result, Section, StepSpec
from services.catalogue.models import Procedure, ProcedureVersion
from services.desk import second_factor
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import actions, filing
from services.dossiers.models import Dossier
from tests.clock import stopped_at

NOW = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)  # Thursday, 10:00 in Hanoi
SENT_AT = NOW - timedelta(minutes=30)

# Who makes which move in the ordinary course, and what is said with it.
COURSE = {
    "accept": ("clerk", {}),
    "hand_on": ("clerk", {}),
    "approve": ("specialist", {}),
    "sign": ("leader", {}),
    "number": ("registry_clerk", {}),
    "issue": ("registry_clerk", {}),
    "deliver": ("clerk", {}),
}


clock = stopped_at(NOW)


@pytest.fixture(autouse=True)
def just_confirmed(monkeypatch):
    """Whoever signs has shown again that it is them; a test about that has a fixture of this name."""
    monkeypatch.setattr(second_factor, "confirmed_lately", lambda request, method: True)


def make_ward(slug: str, name: str, code: str) -> Ward:
    return Ward.objects.create(
        slug=slug,
        name=name,
        code=code,
        agency_code=f"H26.004.{code[-3:]}",
        address="Số 1",
        phone="+842438271234",
        email=f"{slug}@portal.example",
    )


def make_person(login: str, full_name: str, **fields) -> User:
    return User.objects.create_user(f"{login}@portal.example", "x", full_name=full_name, **fields)


def make_officer(position: str, ward: Ward, full_name: str = "", login: str = "") -> User:
    user = make_person(login or f"{position}.{ward.slug}", full_name or f"{position} {ward.name}")
    Membership.objects.create(user=user, position=position, ward=ward, title="Chủ tịch", began_at=SENT_AT)
    return user


@pytest.fixture
def ward(db):
    return make_ward("viet-hung", "Việt Hưng", "00127")


@pytest.fixture
def other_ward(db):
    return make_ward("giang-bien", "Giang Biên", "00121")


@pytest.fixture
def officers(ward):
    """position → the one officer who holds it in the ward."""
    return {position.value: make_officer(position, ward) for position in ONE_STOP_POSITIONS}


@pytest.fixture
def strangers(other_ward):
    """position → the one officer who holds it in the neighbour ward."""
    return {position.value: make_officer(position, other_ward) for position in ONE_STOP_POSITIONS}


@pytest.fixture
def resident(db):
    return make_person("an", "Nguyễn Thị Ánh", phone="+84912345678", phone_verified=True)


@pytest.fixture
def version(db):
    spec = Definition(
        code="1.004873",
        name="Cấp Giấy xác nhận tình trạng hôn nhân",
        level=4,
        purpose="Để đăng ký kết hôn",
        decided_by="Ủy ban nhân dân phường",
        limit=Limit("working_days", 3),
        result=Result(
            "GIẤY XÁC NHẬN TÌNH TRẠNG HÔN NHÂN",
            "xntthn",
            "UBND-XNTTHN",
            ({"type": "paragraph", "text": "Xác nhận: {ho_ten}"},),
        ),
        sections=(
            Section(
                "nguoi-yeu-cau",
                "Người yêu cầu",
                fields=(
                    FieldSpec("text", "ho_ten", "Họ và tên", options={"profile": "full_name"}),
                    FieldSpec("text", "muc_dich", "Mục đích sử dụng"),
                ),
            ),
        ),
        papers=(FieldSpec("file", "ly_hon", "Bản án ly hôn", required=False),),
        steps=(
            StepSpec("receive", "Tiếp nhận", "receive", "clerk", 120, "Kiểm tra giấy tờ"),
            StepSpec("work", "Thẩm định", "work", "specialist", 300),
            StepSpec("sign", "Ký", "sign", "leader", 120),
            StepSpec("issue", "Cấp số", "issue", "registry_clerk", 60),
            StepSpec("deliver", "Trả kết quả", "deliver", "clerk", 60),
        ),
    )
    procedure = Procedure.objects.create(
        code=spec.code,
        slug="xac-nhan-hon-nhan",
        name=spec.name,
        purpose=spec.purpose,
        decided_by=spec.decided_by,
        result_title=spec.result.title,
        result_book=spec.result.book,
        result_suffix=spec.result.suffix,
    )
    return ProcedureVersion.objects.create(
        procedure=procedure, number=1, definition=spec.to_json(), published_at=SENT_AT
    )


@pytest.fixture
def send(version, resident, officers, ward):
    """Send a dossier to a ward's desk."""

    def send_dossier(
        name: str = "Nguyễn Thị Ánh", *, to: Ward | None = None, by: User | None = None, at=SENT_AT
    ) -> Dossier:
        draft = Dossier.objects.create(
            ward=to or ward,
            version=version,
            owner=by or resident,
            created_at=at,
            changed_at=at,
            answers={"ho_ten": name, "muc_dich": "Kết hôn"},
        )
        return actions.submit(draft, by=draft.owner, at=at)

    return send_dossier


@pytest.fixture
def walk(officers):
    """Lead a dossier up to the point where this move is the next one."""

    def walk_to(dossier: Dossier, move: str, *, with_file: bool = True) -> Dossier:
        stop = {"request_supplement": "accept", "refuse": "accept", "send_back": "sign"}.get(move, move)
        for name, (position, words) in COURSE.items():
            if name == stop:
                break
            dossier = getattr(actions, name)(dossier, by=officers[position], at=NOW - timedelta(minutes=5), **words)
        if dossier.state == "done" and with_file:
            render(str(IssuedDocument.objects.about(dossier).get(kind="result").pk), at=NOW)
        return dossier

    return walk_to


@pytest.fixture
def complete(officers, resident):
    """Let the clerk ask for one question again, and the resident answer."""

    def ask_and_answer(dossier: Dossier, *, at: datetime) -> Dossier:
        asked = {"items": [("muc_dich", "Ghi rõ")], "reason": "Thiếu", "contact": "Lan"}
        dossier = actions.request_supplement(dossier, by=officers["clerk"], at=at - timedelta(minutes=1), **asked)
        filing.answer_item(dossier, "muc_dich", by=resident, at=at)
        return actions.answer_supplement(dossier, by=resident, at=at)

    return ask_and_answer
