from datetime import UTC, datetime

import pytest
from django.db import transaction

from buildings.models import Membership, Ward
from portal.core import outbox
from portal.core.models import User
from services.documents.issuing import Paper, issue
from services.documents.models import IssuedDocument

AT = datetime(2026, 2, 5, 3, 0, tzinfo=UTC)  # 10:00 in Hanoi


@pytest.fixture
def ward(db):
    return Ward.objects.create(
        slug="viet-hung",
        name="Việt Hưng",
        code="00127",
        agency_code="H26.004.127",
        address="Phố Vạn Hạnh",
        phone="+842438271234",
        email="viethung@portal.example",
    )


@pytest.fixture
def other_ward(db):
    return Ward.objects.create(
        slug="giang-bien",
        name="Giang Biên",
        code="00121",
        agency_code="H26.004.121",
        address="Phố Hội Xá",
        phone="+842438271235",
        email="giangbien@portal.example",
    )


@pytest.fixture
def person(db):
    """Make a person; with a position, one who holds it in that ward."""

    def make(email, full_name="Nguyễn Văn An", position=None, ward=None) -> User:
        user = User.objects.create_user(email, "x", full_name=full_name)
        if position:
            Membership.objects.create(user=user, position=position, ward=ward, began_at=AT)
        return user

    return make


@pytest.fixture
def owner(person):
    return person("an@portal.example")


@pytest.fixture
def leader(person, ward):
    return person("hang@portal.example", "Nguyễn Thị Hằng", "leader", ward)


CONTEXT = {
    "capacity": "TM. ỦY BAN NHÂN DÂN",
    "role": "CHỦ TỊCH",
    "signer": "Nguyễn Thị Hằng",
    "addressee": "Ông Trần Văn Đức",
    "paragraphs": ["Xét đề nghị của ông Trần Văn Đức về việc cấp Giấy xác nhận tình trạng hôn nhân."],
    "facts": [["Họ, chữ đệm, tên", "TRẦN VĂN ĐỨC"], ["Ngày, tháng, năm sinh", "05/02/1990"]],
    "items": ["Bản sao Giấy khai sinh;", "Tờ khai."],
    "papers": [["Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", 1]],
}


@pytest.fixture
def paper(ward, owner):
    """What a document is made from: a certificate of marital status, unless told otherwise."""

    def made(key="1", **changes) -> Paper:
        facts = {
            "key": key,
            "ward": ward,
            "owner": owner,
            "subject": ward,
            "kind": "result",
            "title": "Giấy xác nhận tình trạng hôn nhân",
            "book": "XNTTHN",
            "suffix": "UBND-XNTTHN",
            "template": "example.html",
            "context": CONTEXT,
        }
        return Paper(**{**facts, **changes})

    return made


@pytest.fixture
def issue_document(paper, leader):
    """Issue a document as an action would; the worker has not run yet."""

    def make(key="1", *, at=AT, **changes) -> IssuedDocument:
        with transaction.atomic():
            return issue(paper(key, **changes), at=at, by=leader)

    return make


@pytest.fixture
def issued(issue_document):
    """An issued document with its signed file."""
    document = issue_document()
    assert outbox.run_all(at=AT) == 1
    document.refresh_from_db()
    return document
