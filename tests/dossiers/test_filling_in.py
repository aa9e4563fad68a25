"""The resident fills in a form through the screens, without a script, and sends it."""

from dataclasses import replace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from services.dossiers.models import Dossier
from tests.clients import as_user
from tests.factories.dossiers import ANSWERS, DEFINITION, DossierFactory, photo, publish, version_of

from .screens import page, text_of, url

pytestmark = pytest.mark.django_db


# --- Starting --------------------------------------------------------------------------------------

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


# --- Pages -----------------------------------------------------------------------------------------


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


# --- Checking and sending --------------------------------------------------------------------------


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
