"""The resident's way through the screens, without a script: filing, following, completing."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.forms import MultiValueField
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from buildings.roles import POLICE_POSITIONS
from portal.core import workflow
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.dossiers import actions
from services.dossiers import transitions as moves
from services.dossiers.models import Dossier, DossierState
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import ANSWERS, AT, DEFINITION, DossierFactory, advance, photo, publish, version_of
from tests.factories.people import UserFactory

from .conftest import NOW, as_user

pytestmark = pytest.mark.django_db


def url(name: str, dossier: Dossier, *more) -> str:
    return reverse(f"dossiers:{name}", args=[dossier.pk, *more])


def page(dossier: Dossier, key: str) -> str:
    return url("page", dossier, key)


def text_of(response) -> str:
    """What a reader sees, without marks and with single spaces."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


@pytest.fixture
def draft(ward, resident):
    return DossierFactory(ward=ward, owner=resident)


@pytest.fixture
def empty(ward, resident):
    return DossierFactory(ward=ward, owner=resident, empty=True)


# --- Starting ------------------------------------------------------------------------------------

START = "/viet-hung/dich-vu/xac-nhan-hon-nhan/nop/"


def test_starting_asks_to_sign_in_and_comes_back(ward):
    version_of()

    response = Client().get(START)

    assert response.status_code == 302
    assert response.url == f"/tai-khoan/login/?next={START}"


def test_the_start_page_says_what_is_needed_and_how_long_it_takes(ward, signed_in):
    version_of()

    shown = text_of(signed_in.get(START))

    assert "Ảnh thẻ căn cước" in shown
    assert " 3 ngày làm việc" in shown
    assert "Không thu phí" in shown


def test_a_start_leads_to_the_first_page_and_a_second_click_to_the_same_draft(ward, signed_in, resident):
    version_of()

    responses = [signed_in.post(START) for _click in range(2)]

    draft = Dossier.objects.get(owner=resident)
    assert {response.url for response in responses} == {page(draft, "nguoi-yeu-cau")}
    assert draft.ward == ward


def test_a_draft_begun_before_is_offered(ward, signed_in, draft):
    assert draft.get_absolute_url() in signed_in.get(START).content.decode()


def test_a_get_begins_nothing(ward, signed_in):
    version_of()

    signed_in.get(START)

    assert not Dossier.objects.exists()


@pytest.mark.parametrize(
    "address",
    ["/khong-co/dich-vu/xac-nhan-hon-nhan/nop/", "/viet-hung/dich-vu/khong-co/nop/", "/viet-hung/dich-vu/a%00b/nop/"],
)
def test_nothing_starts_in_an_unknown_ward_or_procedure(ward, signed_in, address):
    version_of()

    assert signed_in.get(address).status_code == 404
    assert signed_in.post(address).status_code == 404


def test_a_closed_ward_takes_nothing(ward, signed_in):
    version_of()
    type(ward).objects.update(is_open=False)

    assert signed_in.post(START).status_code == 404


# --- Pages ---------------------------------------------------------------------------------------


def test_the_whole_way_without_a_script(ward, signed_in, resident, printed):
    version_of()

    at = signed_in.post(START).url
    response = signed_in.get(at)
    assert 'value="Nguyễn Thị Hường"' in response.content.decode()  # from the account
    assert "Bước 1/5" in text_of(response)

    at = signed_in.post(at, {"ho_ten": "Nguyễn Thị Hường"}).url
    at = signed_in.post(at, {"tinh_trang": "chua", "muc_dich": "Đăng ký kết hôn"}).url
    at = signed_in.post(at, {"delivery": "counter"}).url
    assert "Bước 4/5" in text_of(signed_in.get(at))
    stays = signed_in.post(
        at, {"giay-can_cuoc": [photo(), photo("mat-sau.jpg", colour="#123456")], "tai-len": "can_cuoc"}
    )
    assert stays.url == at
    assert "1 trang" in text_of(signed_in.get(at))
    at = signed_in.post(at).url
    checked = text_of(signed_in.get(at))
    for answer in ("Nguyễn Thị Hường", "Chưa đăng ký kết hôn", "Đăng ký kết hôn", "mat-sau.jpg", "Không thu phí"):
        assert answer in checked
    at = signed_in.post(at, {"agreed": "on"}).url

    dossier = Dossier.objects.get(owner=resident)
    assert (dossier.state, dossier.delivery) == ("submitted", "counter")
    assert at == url("confirmation", dossier)
    confirmed = text_of(signed_in.get(at))
    for said in (dossier.code, dossier.secret, "Trần Thu Hà", "024 3827 1234", "Phiếu đang được lập"):
        assert said in confirmed
    printed()
    assert "Phiếu xác nhận nộp hồ sơ trực tuyến" in text_of(signed_in.get(at))


def test_a_mistake_keeps_what_was_typed_and_leads_to_its_field(empty, signed_in):
    response = signed_in.post(page(empty, "nguoi-yeu-cau"), {"ho_ten": "", "ghi_chu": "Nhớ giúp tôi"})

    assert response.status_code == 200
    html = response.content.decode()
    assert 'role="alert"' in html
    assert 'href="#id_ho_ten"' in html
    assert "Nhớ giúp tôi" in html
    assert "<title>Lỗi:" in html


def test_files_are_kept_when_another_field_is_wrong(ward, resident, signed_in):
    mixed = replace(
        DEFINITION,
        sections=(
            replace(DEFINITION.sections[0], fields=(*DEFINITION.sections[0].fields, DEFINITION.field("can_cuoc"))),
            DEFINITION.sections[1],
        ),
        papers=(),
    )
    draft = DossierFactory(ward=ward, owner=resident, empty=True, version=version_of(mixed, slug="hon-hop"))

    wrong = signed_in.post(page(draft, "nguoi-yeu-cau"), {"ho_ten": "", "giay-can_cuoc": photo()})

    assert wrong.status_code == 200
    assert "can-cuoc.jpg" in text_of(wrong)
    right = signed_in.post(page(draft, "nguoi-yeu-cau"), {"ho_ten": "Hường"})
    assert right.url == page(draft, "hon-nhan")
    assert draft.attachments.count() == 1


def test_uploading_on_a_page_with_questions_keeps_what_was_typed_and_complains_of_nothing(ward, resident, signed_in):
    mixed = replace(
        DEFINITION,
        sections=(
            replace(DEFINITION.sections[0], fields=(*DEFINITION.sections[0].fields, DEFINITION.field("can_cuoc"))),
        ),
        papers=(),
    )
    draft = DossierFactory(ward=ward, owner=resident, empty=True, version=version_of(mixed, slug="hon-hop"))

    response = signed_in.post(
        page(draft, "nguoi-yeu-cau"),
        {"ho_ten": "", "ghi_chu": "Đang viết dở", "giay-can_cuoc": photo(), "tai-len": "can_cuoc"},
    )

    assert "Đang viết dở" in response.content.decode()
    assert 'role="alert"' not in response.content.decode()
    draft.refresh_from_db()
    assert draft.answers == {"ghi_chu": "Đang viết dở"}


def test_saving_for_later_keeps_what_is_right_of_an_unfinished_page(empty, signed_in):
    response = signed_in.post(
        page(empty, "hon-nhan"), {"tinh_trang": "ly_hon", "ban_an": "", "muc_dich": "", "de-sau": "1"}
    )

    assert response.url == reverse("dossiers:list")
    empty.refresh_from_db()
    assert empty.answers == {"tinh_trang": "ly_hon"}


def test_a_draft_is_resumed_where_something_is_missing(draft, signed_in):
    draft.attachments.all().delete()

    assert signed_in.get(draft.get_absolute_url()).url == page(draft, "giay-to")


def test_extra_fields_are_ignored(draft, signed_in):
    posted = {
        "ho_ten": "Hường",
        "state": "done",
        "owner": "1",
        "ward": "2",
        "code": "X",
        "delivery": "post",
        "muc_dich": "Không phải trang này",
        "tinh_trang": "ly_hon",
        "answers": "{}",
    }

    signed_in.post(page(draft, "nguoi-yeu-cau"), posted)

    after = Dossier.objects.get(pk=draft.pk)
    assert after.answers == {**ANSWERS, "ho_ten": "Hường", "ghi_chu": None}
    assert (after.state, after.owner, after.ward, after.code, after.delivery) == (
        "draft",
        draft.owner,
        draft.ward,
        None,
        "portal",
    )


def test_a_change_from_the_check_returns_to_the_check(draft, signed_in):
    link = f"{page(draft, 'hon-nhan')}?ve=kiem-tra"
    assert link in signed_in.get(url("check", draft)).content.decode()

    response = signed_in.post(link, {"tinh_trang": "chua", "muc_dich": "Vay vốn"})

    assert response.url == url("check", draft)


@pytest.mark.parametrize("key", ["khong-co", "draft", "nguoi-yeu-cau-2"])
def test_an_unknown_page_is_not_found(draft, signed_in, key):
    assert signed_in.get(page(draft, key)).status_code == 404
    assert signed_in.post(page(draft, key), {}).status_code == 404


@pytest.mark.parametrize(
    "hostile",
    [
        {"ho_ten": "a\x00b"},
        {"ho_ten": "x" * 100_000},
        {"ho_ten": ["a", "b"]},
        {"giay-can_cuoc": "not a file"},
        {"bo": "not-a-uuid"},
        {"bo": "\x00"},
        {"tai-len": "\x00"},
        {"ghi_chu-count": "99999999999999999999"},
    ],
)
@pytest.mark.parametrize("key", ["nguoi-yeu-cau", "giay-to"])
def test_hostile_input_never_breaks_a_page(draft, signed_in, hostile, key):
    assert signed_in.post(page(draft, key), hostile).status_code in {200, 302}


def test_markup_in_an_answer_is_shown_as_text(draft, signed_in):
    attack = "<script>alert(1)</script>"
    signed_in.post(page(draft, "nguoi-yeu-cau"), {"ho_ten": attack})

    for address in (url("check", draft), page(draft, "nguoi-yeu-cau")):
        html = signed_in.get(address).content.decode()
        assert escape(attack) in html
        assert attack not in html


def test_an_unknown_delivery_is_refused(draft, signed_in):
    response = signed_in.post(url("delivery", draft), {"delivery": "drone"})

    assert response.status_code == 200
    draft.refresh_from_db()
    assert draft.delivery == "portal"


def test_after_the_session_ended_one_signs_in_and_goes_on(draft, resident, signed_in):
    signed_in.post(page(draft, "nguoi-yeu-cau"), {"ho_ten": "Đã lưu"})
    signed_in.logout()

    refused = signed_in.post(page(draft, "hon-nhan"), {"tinh_trang": "chua"})
    assert refused.url == f"/tai-khoan/login/?next={page(draft, 'hon-nhan')}"

    assert as_user(resident).get(page(draft, "nguoi-yeu-cau")).status_code == 200
    draft.refresh_from_db()
    assert draft.answers["ho_ten"] == "Đã lưu"


# --- Papers --------------------------------------------------------------------------------------


def test_a_refused_file_is_explained_beside_its_paper(empty, signed_in):
    fake = SimpleUploadedFile("luong.pdf.jpg", b"MZ\x90 not a picture", "image/jpeg")

    response = signed_in.post(page(empty, "giay-to"), {"giay-can_cuoc": [fake, photo()], "tai-len": "can_cuoc"})

    assert response.status_code == 200
    html = response.content.decode()
    assert "không phải ảnh JPEG, PNG, HEIC hoặc tệp PDF" in html
    assert 'href="#id_giay-can_cuoc"' in html
    assert "can-cuoc.jpg" in html  # the good one of the two is kept


def test_a_paper_that_must_be_there_is_asked_for(empty, signed_in):
    response = signed_in.post(page(empty, "giay-to"))

    assert "Tải lên ít nhất một ảnh hoặc tệp PDF." in text_of(response)


def test_a_file_is_taken_back(draft, signed_in):
    attachment = draft.attachments.get()

    response = signed_in.post(page(draft, "giay-to"), {"bo": str(attachment.pk)})

    assert response.url == page(draft, "giay-to")
    assert not draft.attachments.exists()


def test_files_stand_in_the_order_they_were_chosen_in(empty, signed_in):
    names = [f"trang-{number}.jpg" for number in range(5)]

    signed_in.post(
        page(empty, "giay-to"),
        {
            "giay-can_cuoc": [photo(name, colour=f"#{number}{number}0000") for number, name in enumerate(names)],
            "tai-len": "x",
        },
    )

    assert [attachment.name for attachment in empty.attachments.all()] == names


def test_nobody_takes_back_a_file_of_another_dossier(draft, ward):
    thief = UserFactory()
    own = DossierFactory(ward=ward, owner=thief)

    as_user(thief).post(page(own, "giay-to"), {"bo": str(draft.attachments.get().pk)})

    assert draft.attachments.count() == 1


def test_papers_are_shown_to_their_owner_and_kept_by_no_cache(draft, signed_in):
    attachment = draft.attachments.get()

    for address in (attachment.url, attachment.thumbnail_url):
        response = signed_in.get(address)
        assert response.status_code == 200
        assert response.content.startswith(b"\xff\xd8")
        assert response["Content-Type"] == "image/jpeg"
        assert "no-store" in response["Cache-Control"]
        assert response["X-Content-Type-Options"] == "nosniff"


def test_papers_are_seen_by_the_desk_of_the_ward_once_sent_and_by_nobody_else(ward, resident):
    draft = DossierFactory(ward=ward, owner=resident)
    sent = DossierFactory(ward=ward, owner=resident, submitted=True)
    clerk = as_user(officer("clerk", ward))
    neighbours = as_user(officer("clerk", WardFactory(neighbour=True)))
    stranger = as_user(UserFactory())

    for dossier, who, expected in (
        (draft, clerk, 404),
        (sent, clerk, 200),
        (sent, neighbours, 404),
        (sent, stranger, 404),
        (draft, stranger, 404),
    ):
        attachment = dossier.attachments.get()
        assert who.get(attachment.url).status_code == expected
        assert who.get(attachment.thumbnail_url).status_code == expected


def test_a_paper_is_not_reached_through_another_dossier(draft, resident, signed_in):
    other = DossierFactory(ward=draft.ward, owner=resident)

    assert signed_in.get(url("file", other, draft.attachments.get().pk)).status_code == 404


# --- Checking and sending ------------------------------------------------------------------------


def test_without_the_declaration_nothing_is_sent(draft, signed_in):
    response = signed_in.post(url("check", draft), {})

    assert response.status_code == 400
    assert "Đánh dấu vào ô cam đoan" in text_of(response)
    draft.refresh_from_db()
    assert draft.is_draft


def test_what_is_missing_is_listed_with_the_way_to_it(empty, signed_in):
    response = signed_in.post(url("check", empty), {"agreed": "on"})

    assert response.status_code == 400
    html = response.content.decode()
    assert 'role="alert"' in html
    assert f'<a href="{page(empty, "nguoi-yeu-cau")}?ve=kiem-tra">' in html
    assert f'<a href="{page(empty, "giay-to")}?ve=kiem-tra">' in html
    empty.refresh_from_db()
    assert (empty.state, empty.code) == ("draft", None)


def test_sending_again_shows_the_same_confirmation(draft, signed_in):
    first = signed_in.post(url("check", draft), {"agreed": "on"})
    code = Dossier.objects.get(pk=draft.pk).code
    second = signed_in.post(url("check", draft), {"agreed": "on"})

    assert first.url == second.url == url("confirmation", draft)
    assert Dossier.objects.get(pk=draft.pk).code == code
    assert signed_in.get(second.url).status_code == 200


def test_a_sent_dossier_is_not_filled_in_any_more(ward, resident, signed_in):
    sent = DossierFactory(ward=ward, owner=resident, submitted=True)

    for address in (page(sent, "nguoi-yeu-cau"), url("delivery", sent), url("delete", sent), url("supplement", sent)):
        assert signed_in.get(address).url == sent.get_absolute_url()
        assert signed_in.post(address, {"ho_ten": "X", "delivery": "post"}).url == sent.get_absolute_url()
    sent.refresh_from_db()
    assert (sent.answers, sent.delivery) == (ANSWERS, "portal")


def test_a_ward_without_officers_says_so_and_keeps_the_draft(resident, signed_in):
    draft = DossierFactory(owner=resident, ward__staffed=False)

    response = signed_in.post(url("check", draft), {"agreed": "on"})

    assert response.status_code == 400
    assert "chưa nhận được hồ sơ trực tuyến" in text_of(response)
    draft.refresh_from_db()
    assert draft.is_draft


def test_the_new_version_of_a_procedure_leaves_a_draft_as_it_was_begun(draft, signed_in):
    publish(draft.version.procedure, replace(DEFINITION, sections=()))

    assert signed_in.get(page(draft, "hon-nhan")).status_code == 200


# --- Strangers -----------------------------------------------------------------------------------


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


# --- My dossiers ---------------------------------------------------------------------------------


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


# --- One dossier ---------------------------------------------------------------------------------

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


# --- Completing ----------------------------------------------------------------------------------


@pytest.fixture
def asked(ward, resident):
    return DossierFactory(ward=ward, owner=resident, supplement=True)


def test_the_dossier_lists_each_thing_to_complete_with_its_way(asked, signed_in):
    html = signed_in.get(asked.get_absolute_url()).content.decode()

    assert url("supplement_item", asked, "muc_dich") in html
    assert url("supplement_item", asked, "can_cuoc") in html
    assert "Ghi rõ dùng để kết hôn với ai." in html
    assert "Trần Thu Hà, 024 3827 1234" in html


def test_a_supplement_is_answered_in_place_and_sent(asked, signed_in):
    too_early = signed_in.post(url("supplement", asked))
    assert too_early.status_code == 400
    assert "Chưa bổ sung: Ảnh bị mờ, chụp lại." in text_of(too_early)

    item = url("supplement_item", asked, "muc_dich")
    assert "Đăng ký kết hôn" in signed_in.get(item).content.decode()
    assert signed_in.post(item, {"muc_dich": "Kết hôn với ông B", "ho_ten": "Kẻ Khác"}).url == url("supplement", asked)
    paper = url("supplement_item", asked, "can_cuoc")
    old = asked.attachments.get()
    assert signed_in.post(paper, {"bo": str(old.pk)}).url == paper
    assert signed_in.post(paper, {"giay-can_cuoc": photo("ro.jpg", colour="#abcdef")}).url == url("supplement", asked)
    assert signed_in.post(url("supplement", asked)).url == asked.get_absolute_url()

    after = Dossier.objects.get(pk=asked.pk)
    assert after.state == DossierState.SUBMITTED
    assert after.answers == {**ANSWERS, "muc_dich": "Kết hôn với ông B"}
    assert [file.name for file in after.attachments.kept()] == ["ro.jpg"]


def test_a_supplement_sent_twice_is_sent_once(asked, signed_in):
    asked.supplement_requests.get().items.update(answered_at=AT)

    for _click in range(2):
        assert signed_in.post(url("supplement", asked)).url == asked.get_absolute_url()

    assert Dossier.objects.get(pk=asked.pk).state == DossierState.SUBMITTED


def test_a_paper_found_right_as_it_is_may_be_kept(asked, signed_in):
    signed_in.post(url("supplement_item", asked, "can_cuoc"), {})

    item = asked.supplement_requests.get().items.get(field="can_cuoc")
    assert item.answered_at is not None


@pytest.mark.parametrize("field", ["ho_ten", "tinh_trang", "giay_khac", "khong-co"])
def test_what_was_not_asked_cannot_be_changed(asked, signed_in, field):
    assert signed_in.get(url("supplement_item", asked, field)).status_code == 404
    assert signed_in.post(url("supplement_item", asked, field), {field: "X"}).status_code == 404


def test_a_wrong_supplement_is_explained_and_not_saved(asked, signed_in):
    response = signed_in.post(url("supplement_item", asked, "muc_dich"), {"muc_dich": ""})

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert Dossier.objects.get(pk=asked.pk).answers == ANSWERS


# --- The procedures shipped with the project -----------------------------------------------------


def acceptable(field) -> object:
    """Something this field takes, found by trying."""
    choices = [value for value, _label in getattr(field, "choices", ()) if value]
    texts = ["Điều gì đó", "000085000123", "0912345678", "2", "2010", "ai-do@example.vn"]
    dates = [["27", "3", "1985"], ["5", "2", "1950"], ["23", "11", "2026"], ["21", "12", "2026"]]
    for candidate in choices or (dates if isinstance(field, MultiValueField) else texts):
        try:
            field.clean(candidate)
        except ValidationError:
            continue
        return candidate
    raise AssertionError(f"nothing suits {field.label}")


def filled_in(form) -> dict:
    posted = {}
    for name, field in form.fields.items():
        value = acceptable(field)
        if isinstance(value, list):
            posted |= {f"{name}_{part}": text for part, text in zip(("day", "month", "year"), value, strict=True)}
        else:
            posted[name] = value
    return posted


def test_every_shipped_procedure_is_filed_and_decided_on_its_screens(ward, resident, signed_in, printed):
    call_command("load_procedures")
    for position in POLICE_POSITIONS:
        officer(position, ward)
    procedures = list(Procedure.objects.offered_in(ward))
    assert len(procedures) == 12

    for procedure in procedures:
        at = signed_in.post(f"/viet-hung/dich-vu/{procedure.slug}/nop/").url
        while not at.endswith("/kiem-tra/"):
            response = signed_in.get(at)
            posted = filled_in(response.context["form"])
            wanted = [row["field"] for row in response.context.get("papers", ()) if row["field"].field.required]
            posted |= {field.html_name: photo(colour="#8c1c3c") for field in wanted}
            saved = signed_in.post(at, posted)
            assert saved.status_code == 302, text_of(saved)
            at = saved.url
        sent = signed_in.post(at, {"agreed": "on"})
        assert sent.status_code == 302, text_of(sent)
        assert signed_in.get(sent.url).status_code == 200

    for dossier in Dossier.objects.owned_by(resident).with_people():
        minutes = 0
        while dossier.is_open:
            minutes += 1
            if dossier.state == "confirming":
                dossier = advance(dossier, "confirm", at=NOW + timedelta(minutes=minutes))
                continue
            if dossier.state == "done":
                render(str(IssuedDocument.objects.about(dossier).get(kind="result").pk), at=NOW)
            offered = workflow.available(moves.DESK_MOVES, dossier, dossier.current_step.assignee, at=AT)
            move = next(each.name for each in offered if each.name != "record_findings")  # they come with approving
            dossier = advance(dossier, move, at=NOW + timedelta(minutes=minutes))
        assert dossier.state == "delivered"
        assert signed_in.get(dossier.get_absolute_url()).status_code == 200
