"""The dossier for a board's recognition starts from the building's page with what its book knows, and its decision
comes back into the book."""

from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from buildings.models import BoardMember
from buildings.registry import boards
from portal.core import outbox
from portal.core.audit import history_of, verify
from portal.core.models import Notification
from services.catalogue import shipped
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.dossiers import actions, filing, recognition
from services.dossiers.models import Dossier
from tests.buildings.registry.conftest import AT
from tests.factories import answers as filled
from tests.factories.buildings import (
    ApartmentFactory,
    BuildingFactory,
    ResidencyFactory,
    WardFactory,
    manager_of,
    officer,
)
from tests.factories.dossiers import advance, photo

pytestmark = pytest.mark.django_db
START = "/viet-hung/dich-vu/cong-nhan-ban-quan-tri/nop/"
Role = BoardMember.Role


@pytest.fixture
def procedure(db):
    (path,) = (path for path in shipped.files() if path.name.startswith(recognition.PROCEDURE))
    shipped.load(shipped.read(path))
    return Procedure.objects.get(code=recognition.PROCEDURE)


@pytest.fixture
def elected(building, head):
    flats = [ApartmentFactory(building=building, number=f"030{number}") for number in range(1, 4)]
    members = [
        boards.Member("Hồ Sĩ Lâm", Role.CHAIR, flats[0]),
        boards.Member("Đinh Thị Thu", Role.DEPUTY, flats[1]),
        boards.Member("Vương Quốc Việt", Role.MEMBER),
    ]
    return boards.elect(building, members, elected_on=date(2026, 11, 8), by=head, at=AT)


def started(person, house: str = "?toa-nha=sen-hong") -> dict:
    client = Client()
    client.force_login(person)
    client.post(f"{START}{house}")
    return Dossier.objects.get(owner=person).answers


def test_the_managers_start_with_the_building_and_whom_the_owners_elected(procedure, building, elected, chair):
    assert started(chair) == {
        "pham_vi": "toa_nha",
        "ten_nha": "Chung cư Sen Hồng",
        "dia_chi": {"chi_tiet": "Số 12 phố Hoa Sữa", "phuong": "Việt Hưng", "tinh": "Hà Nội"},
        "so_can": 3,
        "ngay_hoi_nghi": "2026-11-08",
        "thanh_vien": [
            {"ho_ten": "Hồ Sĩ Lâm", "chuc_danh": "truong_ban", "can_ho": "0301"},
            {"ho_ten": "Đinh Thị Thu", "chuc_danh": "pho_ban", "can_ho": "0302"},
            {"ho_ten": "Vương Quốc Việt", "chuc_danh": "thanh_vien", "can_ho": None},
        ],
    }


def test_started_twice_it_is_one_draft(procedure, building, elected, chair):
    first = started(chair)
    assert started(chair) == first


def test_a_resident_starts_with_what_is_public(procedure, building, elected):
    owner = ResidencyFactory(apartment=building.apartments.first()).user
    assert set(started(owner)) == {"pham_vi", "ten_nha", "dia_chi", "so_can"}


def test_strangers_managers_next_door_and_unknown_houses_start_with_nothing(procedure, building, elected):
    next_door = manager_of(BuildingFactory(slug="bang-lang", name="Bằng Lăng"))
    assert started(next_door) == {}
    assert started(manager_of(building), house="?toa-nha=khong-co") == {}


def test_the_button_stands_on_the_buildings_page_of_the_board(desk, procedure, building, elected):
    shown = desk.get("/quan-ly-toa-nha/viet-hung/sen-hong/ban-quan-tri/").content.decode()
    assert f'href="{START}?toa-nha=sen-hong"' in shown
    page = desk.get(f"{START}?toa-nha=sen-hong").content.decode()
    assert "Điền sẵn từ sổ tòa nhà" in page


# --- The decision comes back -------------------------------------------------------------------------------

FOUND = [
    ("Hồ Sĩ Lâm", "truong_ban", "0301"),
    ("Đinh Thị Thu", "pho_ban", "0302"),
    ("Mai Văn Nam", "thanh_vien", "9999"),
]


def ready_to_issue(chair, *, at=AT, **said) -> Dossier:
    """The chair's dossier, filled in, sent, examined, signed and numbered. One of the elected was another's name."""
    started(chair)
    draft = Dossier.objects.with_people().get(owner=chair)
    draft.answers = {**filled.answers(draft.spec), **draft.answers, **said}
    draft.answers["thanh_vien"][2]["can_ho"] = "0303"  # the book does not know where the third lives
    draft.save()
    for number, paper in enumerate(spec for spec in draft.spec.fields() if spec.kind == "file"):
        filing.attach(draft, paper, photo(colour=f"#8c1c{number}c"), by=chair, at=at)
    dossier = draft
    for move in ("submit", "accept", "hand_on"):
        dossier = advance(dossier, move, at=at)
    members = [{"ho_ten": name, "chuc_danh": role, "can_ho": flat} for name, role, flat in FOUND]
    findings = {**filled.findings(dossier.spec, dossier.answers), "thanh_vien_cong_nhan": members}
    actions.approve(dossier, by=dossier.current_step.assignee, at=at, findings=findings)
    dossier = Dossier.objects.with_people().get(pk=dossier.pk)
    for move in ("sign", "number"):
        dossier = advance(dossier, move, at=at)
    return dossier


def issued(dossier: Dossier) -> IssuedDocument:
    dossier = advance(dossier, "issue", at=AT)
    outbox.run_all(at=AT)
    return IssuedDocument.objects.about(dossier).get(kind="result")


@pytest.fixture
def staffed(procedure, building, elected):
    return WardFactory(staffed=True)


def test_what_the_ward_decides_is_in_the_book_by_itself_with_its_document(staffed, building, elected, chair, desk):
    dossier = ready_to_issue(chair)
    clerk = Client()
    clerk.force_login(officer("registry_clerk", staffed))
    told = clerk.get(reverse("desk:dossier", args=[dossier.pk])).content.decode()
    assert "sổ tòa nhà tự ghi" in told
    document = issued(dossier)
    term = building.board_terms.get()

    assert (term.decision, term.decided_on, term.until) == (
        document.official_number,
        date(2026, 11, 23),
        date(2029, 11, 23),
    )
    assert (term.elected_on, term.decision_token) == (date(2026, 11, 8), document.token)
    assert [(each.name, each.role, str(each.apartment and each.apartment.number)) for each in term.members.all()] == [
        ("Hồ Sĩ Lâm", "chair", "0301"),
        ("Đinh Thị Thu", "deputy", "0302"),
        ("Mai Văn Nam", "member", "None"),
    ]
    for page in ("/quan-ly-toa-nha/viet-hung/sen-hong/ban-quan-tri/", "/viet-hung/toa-nha/sen-hong/"):
        assert f'href="{document.check_address}"' in desk.get(page).content.decode()
    assert desk.get(document.check_address).status_code == 200
    notice = Notification.objects.get(recipient=chair, kind="board_recognised")
    assert document.official_number in notice.body
    assert verify(history_of(building)) is None


def test_told_twice_it_is_written_once_and_what_was_typed_by_hand_gets_its_document(staffed, building, elected, chair):
    dossier = ready_to_issue(chair)
    number = IssuedDocument.objects.about(dossier).get(kind="result").official_number
    boards.recognise(elected, decision=number, decided_on=AT.date(), by=chair, at=AT)
    document = issued(dossier)
    recognition.write_down(dossier, document, at=AT)
    term = building.board_terms.get()

    assert (term.pk, term.decision_token) == (elected.pk, document.token)
    assert not Notification.objects.filter(kind="board_recognised").exists()


def test_a_board_that_was_recognised_later_stays(staffed, building, elected, chair):
    dossier = ready_to_issue(chair)
    boards.recognise(elected, decision="99/QĐ-UBND", decided_on=date(2026, 11, 24), by=chair, at=AT)
    issued(dossier)

    assert building.board_terms.get().decision == "99/QĐ-UBND"


def test_a_form_about_another_house_writes_nothing_into_this_ones_book(staffed, building, elected, chair):
    dossier = ready_to_issue(chair, ten_nha="Cụm nhà Bằng Lăng")
    issued(dossier)

    assert not recognition.follows(dossier)
    assert building.board_terms.get().decided_on is None


def test_a_mistake_put_right_changes_the_number_and_not_the_term(staffed, building, elected, chair):
    document = issued(ready_to_issue(chair))
    until = building.board_terms.get().until
    boards.decision_replaced(building, old=document.token, token="moi" * 6, decision="46/QĐ-UBND", at=AT)
    boards.decision_replaced(building, old=document.token, token="khac" * 5, decision="47/QĐ-UBND", at=AT)
    term = building.board_terms.get()

    assert (term.decision, term.decision_token, term.until) == ("46/QĐ-UBND", "moi" * 6, until)
    assert Notification.objects.filter(recipient=chair, kind="board_recognised").count() == 2
