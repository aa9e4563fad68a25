"""The resident's list and the page of one dossier: what they say, to whom alone."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.dossiers import actions
from services.dossiers.models import Dossier, DossierState
from tests.clients import as_user
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, DEFINITION, DossierFactory, version_of
from tests.factories.people import UserFactory

from .screens import page, text_of, url

pytestmark = pytest.mark.django_db


# --- Strangers -------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("who", ["stranger", "clerk"])
def test_the_resident_s_pages_do_not_exist_for_others(ward, resident, who, method):
    """Officers of the very ward included: they have their desk."""
    someone = as_user(UserFactory() if who == "stranger" else officer("clerk", ward))
    draft = DossierFactory(ward=ward, owner=resident)
    sent = DossierFactory(ward=ward, owner=resident, supplement=True)

    for dossier in (draft, sent):
        for address in (
            dossier.get_absolute_url(),
            page(dossier, "nguoi-yeu-cau"),
            *(url(name, dossier) for name in ("delivery", "check", "confirmation", "withdraw", "delete", "supplement")),
            url("supplement_item", dossier, "muc_dich"),
        ):
            assert getattr(someone, method)(address).status_code in ({404} if method == "get" else {404, 405})
    assert Dossier.objects.get(pk=sent.pk).state == "supplement"
    assert Dossier.objects.filter(pk=draft.pk).exists()


@pytest.mark.parametrize(
    "address", ["/ho-so/00000000-0000-4000-8000-000000000000/", "/ho-so/1/", "/ho-so/khong-co/", "/ho-so/%00/"]
)
def test_what_is_not_there_is_not_found(signed_in, address):
    assert signed_in.get(address).status_code == 404


# --- My dossiers -----------------------------------------------------------------------------------


def test_the_list_is_empty_kindly(signed_in):
    assert "Bạn chưa có hồ sơ nào" in text_of(signed_in.get("/ho-so/"))


def test_the_list_shows_ones_own_and_filters_by_state(ward, resident, signed_in):
    draft = DossierFactory(ward=ward, owner=resident)
    waiting = DossierFactory(ward=ward, owner=resident, supplement=True)
    ended = DossierFactory(ward=ward, owner=resident, delivered=True)
    foreign = DossierFactory(ward=ward, submitted=True)

    def listed(query: str) -> set:
        html = signed_in.get(f"/ho-so/{query}").content.decode()
        return {dossier for dossier in (draft, waiting, ended, foreign) if dossier.get_absolute_url() in html}

    assert listed("") == {draft, waiting, ended}
    assert listed("?loc=nhap") == {draft}
    assert listed("?loc=can-bo-sung") == {waiting}
    assert listed("?loc=dang-giai-quyet") == {waiting}
    assert listed("?loc=da-xong") == {ended}
    assert listed("?loc=%00&trang=khong") == {draft, waiting, ended}


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_asks_the_database_as_often_for_one_as_for_thirty(
    ward, resident, signed_in, number, django_assert_num_queries
):
    for _each in range(number):
        DossierFactory(ward=ward, owner=resident, submitted=True, with_paper=False, version=_paperless())

    with django_assert_num_queries(LIST_QUERIES):
        signed_in.get("/ho-so/")


# Session, person, hosts; states counted, rows counted, rows; positions and notices for the page's head.
LIST_QUERIES = 8


def _paperless():
    return version_of(replace(DEFINITION, papers=()), slug="khong-giay-to")


def test_a_draft_is_thrown_away_after_being_asked(draft, signed_in):
    assert "Xóa bản nháp?" in text_of(signed_in.get(url("delete", draft)))
    assert Dossier.objects.exists()

    assert signed_in.post(url("delete", draft)).url == "/ho-so/"
    assert not Dossier.objects.exists()


# --- One dossier -----------------------------------------------------------------------------------

STATES = [
    ("submitted", "Chờ tiếp nhận"),
    ("supplement", "Chờ công dân bổ sung"),
    ("refused", "Không được tiếp nhận"),
    ("accepted", "Đã tiếp nhận"),
    ("processing", "Đang xử lý"),
    ("signed", "Đang xử lý"),
    ("done", "Đã có kết quả"),
    ("delivered", "Đã trả kết quả"),
    ("withdrawn", "Công dân đã rút"),
]


@pytest.mark.parametrize(("trait", "words"), STATES)
def test_every_state_is_said_in_words(ward, resident, signed_in, trait, words):
    dossier = DossierFactory(ward=ward, owner=resident, **{trait: True})

    shown = text_of(signed_in.get(dossier.get_absolute_url()))

    assert words in shown
    assert dossier.spec.name in shown
    assert text_of(signed_in.get(url("confirmation", dossier)))


def test_the_page_names_who_holds_it_what_is_next_and_by_when(ward, resident, signed_in):
    dossier = DossierFactory(ward=ward, owner=resident, processing=True)

    shown = text_of(signed_in.get(dossier.get_absolute_url()))

    assert "Lê Thị Ngọc Ánh, Công chức thụ lý" in shown
    assert "Hẹn trả kết quả 17:00 ngày 26/11/2026" in shown
    happened = ["Đã nộp hồ sơ", "Đã tiếp nhận hồ sơ", "Đã chuyển đến người giải quyết", "Ký giấy xác nhận"]
    places = [shown.index(entry) for entry in happened]
    assert places == sorted(places)


def test_officers_notes_between_themselves_are_not_told(ward, resident, signed_in):
    dossier = DossierFactory(ward=ward, owner=resident, processing=True)
    actions.approve(dossier, by=dossier.current_step.assignee, at=AT + timedelta(hours=1), note="NOIBO")
    dossier = Dossier.objects.get(pk=dossier.pk)
    actions.send_back(dossier, by=dossier.current_step.assignee, at=AT + timedelta(hours=1), reason="NOIBO")

    assert "NOIBO" not in signed_in.get(dossier.get_absolute_url()).content.decode()


def test_a_refusal_tells_its_reason(ward, resident, signed_in):
    dossier = DossierFactory(ward=ward, owner=resident, refused=True)

    assert "Không thuộc thẩm quyền của phường." in text_of(signed_in.get(dossier.get_absolute_url()))


def test_documents_are_listed_once_they_have_their_file(ward, resident, signed_in, printed):
    dossier = DossierFactory(ward=ward, owner=resident, delivered=True)
    assert "Đang lập và ký số" in text_of(signed_in.get(dossier.get_absolute_url()))

    printed()

    html = signed_in.get(dossier.get_absolute_url()).content.decode()
    for title in (
        "Phiếu xác nhận nộp hồ sơ trực tuyến",
        "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
        "GIẤY XÁC NHẬN TÌNH TRẠNG",
    ):
        assert title in html
    assert html.count("/tai-lieu/") == 4
    assert html.count("/xac-thuc/") >= 3


def test_one_dossier_asks_the_database_as_often_at_its_end_as_at_its_beginning(
    ward, resident, signed_in, django_assert_max_num_queries
):
    for trait in ("submitted", "delivered"):
        dossier = DossierFactory(ward=ward, owner=resident, **{trait: True})
        with django_assert_max_num_queries(16):
            signed_in.get(dossier.get_absolute_url())


def test_a_dossier_is_withdrawn_after_being_asked(ward, resident, signed_in):
    dossier = DossierFactory(ward=ward, owner=resident, accepted=True)
    assert "Rút hồ sơ?" in text_of(signed_in.get(url("withdraw", dossier)))

    for _click in range(2):
        assert signed_in.post(url("withdraw", dossier), {"reason": "Không cần nữa"}).url == dossier.get_absolute_url()

    dossier.refresh_from_db()
    assert dossier.state == DossierState.WITHDRAWN
    assert "Không cần nữa" in text_of(signed_in.get(dossier.get_absolute_url()))


@pytest.mark.parametrize("trait", ["signed", "done", "delivered", "refused"])
def test_what_is_signed_or_ended_is_not_withdrawn(ward, resident, signed_in, trait):
    dossier = DossierFactory(ward=ward, owner=resident, **{trait: True})
    state = dossier.state

    assert "Rút hồ sơ" not in signed_in.get(dossier.get_absolute_url()).content.decode()
    assert signed_in.post(url("withdraw", dossier), {}).url == dossier.get_absolute_url()
    dossier.refresh_from_db()
    assert dossier.state == state
