"""Asking for a place in a flat: what a code is worth, what is refused, and what a letter says."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from PIL import Image

from buildings.models import Residency, ResidencyState
from buildings.residence import actions, letters, rules
from buildings.residence.models import LetterCode
from portal.core import audit
from portal.core.calendar import VIETNAM
from tests.buildings.residence.conftest import NOW, of, told
from tests.clients import as_user
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory
from tests.factories.catalogue import SMALL, published
from tests.factories.people import UserFactory

LEASE = {"role": "tenant", "since": date(2026, 11, 1), "until": date(2027, 10, 31)}


def photo(name="hop-dong.jpg") -> SimpleUploadedFile:
    out = BytesIO()
    Image.new("RGB", (300, 400), "white").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def claim(flat, user, **more) -> Residency:
    return actions.claim(flat, by=user, at=NOW, **{"role": "owner", **more})


# --- What a code is worth -------------------------------------------------------------------------
def test_a_code_settles_a_flat_nobody_is_known_to_own(flat, lan, code, manager):
    made = claim(flat, lan, code=code.lower().replace("-", " "))

    assert (made.state, made.confirmed_as, made.confirmed_by, made.is_head) == ("confirmed", "letter", None, True)
    assert (told(lan), told(manager)) == (["confirmed"], ["confirmed_by_letter"])
    assert audit.verify(audit.history_of(made)) is None


@pytest.mark.parametrize("role", ["owner", "tenant", "member"])
def test_once_there_is_an_owner_a_code_only_speaks_for_the_claim(flat, lan, code, owner, manager, role):
    made = claim(flat, lan, code=code, **(LEASE if role == "tenant" else {"role": role}))

    assert (made.state, made.evidence) == ("asked", "letter")
    assert told(owner) == ["asked_of_owner"]
    assert told(manager) == ["asked"]


def test_two_who_say_they_own_a_flat_are_for_the_operator_to_settle(flat, lan, code):
    claim(flat, UserFactory(full_name="Người thứ nhất"), proof=photo())

    assert claim(flat, lan, code=code).state == "asked"


def test_a_code_is_used_once_and_asking_twice_is_asking_once(flat, lan, code):
    first = claim(flat, lan, code=code)

    assert claim(flat, lan, code=code) == first
    with pytest.raises(letters.WrongCode):
        claim(flat, UserFactory(), code=code, role="member")


def test_codes_of_another_flat_an_older_letter_or_too_long_ago_are_wrong(flat, lan, code, manager):
    other = ApartmentFactory(building=flat.building)
    with pytest.raises(letters.WrongCode):
        claim(other, lan, code=code)
    with pytest.raises(letters.WrongCode):
        actions.claim(flat, by=lan, at=NOW + rules.LETTER_GOOD_FOR + timedelta(days=1), role="owner", code=code)
    letters.issue(flat.building, [flat], by=manager, at=NOW)
    with pytest.raises(letters.WrongCode):
        claim(flat, lan, code=code)
    assert not Residency.objects.exists()


def test_whoever_moves_out_leaves_no_good_letter_behind(flat, owner, code, manager, lan):
    actions.leave(of(owner), by=owner, at=NOW)

    with pytest.raises(letters.WrongCode):
        claim(flat, lan, code=code)


def test_only_a_digest_of_the_code_is_kept(flat, code):
    kept = LetterCode.objects.values().get()

    assert code not in str(kept) and code.replace("-", "") not in str(kept)
    assert kept["expires_at"] == datetime(2027, 1, 23, tzinfo=VIETNAM)  # all of 22 January
    next_door = ApartmentFactory(building=flat.building)
    assert letters.digest_of(next_door, code) != letters.digest_of(flat, code) == kept["digest"]


# --- Tries ----------------------------------------------------------------------------------------
def send_url(flat, **query) -> str:
    words = "&".join(f"{name}={value}" for name, value in {"tu_cach": "owner", "cach": "letter", **query}.items())
    return f"{reverse('residence:claim_send', args=[flat.pk])}?{words}"


def test_five_wrong_codes_an_hour_are_all_a_person_has(flat, lan, code):
    home = as_user(lan)
    statuses = [home.post(send_url(flat), {"code": "AAAA-AAAA"}).status_code for _try in range(6)]

    assert statuses == [200] * 5 + [429]
    assert home.post(send_url(flat), {"code": code}).status_code == 429
    assert not Residency.objects.exists()


def test_a_flat_is_not_tried_by_many_hands(flat, code):
    for _hand in range(3):
        home = as_user(UserFactory())
        for _try in range(5):
            home.post(send_url(flat), {"code": "AAAA-AAAA"})

    assert as_user(UserFactory()).post(send_url(flat), {"code": code}).status_code == 429


def test_right_codes_are_no_tries_neither_of_the_person_nor_of_the_flat(building, manager, lan):
    """Somebody with six flats, or a flat with sixteen people, in one day."""
    home, flats = as_user(lan), [ApartmentFactory(building=building) for _flat in range(6)]
    codes = [letter.code for letter in letters.issue(building, flats, by=manager, at=NOW)]
    sent = [home.post(send_url(one), {"code": code}) for one, code in zip(flats, codes, strict=True)]

    assert [response.status_code for response in sent] == [302] * 6
    assert lan.residencies.confirmed().count() == 6
    for _person in range(16):
        (letter,) = letters.issue(building, flats[:1], by=manager, at=NOW)
        last = as_user(UserFactory()).post(send_url(flats[0], tu_cach="member"), {"code": letter.code})
    assert (last.status_code, flats[0].residencies.count()) == (302, 17)


# --- The way there --------------------------------------------------------------------------------
def test_a_tenant_goes_from_page_to_page_and_sends_a_paper(flat, lan, manager):
    home, ward = as_user(lan), flat.building.ward
    assert home.get("/can-ho/nhan/").url == f"/can-ho/nhan/{ward.slug}/"  # the only ward there is
    page = home.post(f"/can-ho/nhan/{ward.slug}/", {"toa_nha": flat.building.slug}).url
    page = home.post(page, {"so": "201"}).url
    assert page == f"/can-ho/{flat.pk}/nhan/"
    page = home.post(page, {"tu_cach": "tenant"}).url
    days = {
        "since_day": "1",
        "since_month": "11",
        "since_year": "2026",
        "until_day": "31",
        "until_month": "10",
        "until_year": "2027",
    }
    page = home.post(page, days).url
    page = home.post(page, {"cach": "proof"}).url
    shown = home.get(page).content.decode()
    assert "31/10/2027" in shown and "Người thuê" in shown and "chỉ cơ quan Công an cấp" in shown
    response = home.post(page, {"proof": photo(), "phone_shown": "on"})
    made = of(lan)

    assert response.url == f"/can-ho/cua-toi/{made.pk}/da-gui/"
    assert (made.state, made.role, made.until, made.phone_shown) == ("asked", "tenant", date(2027, 10, 31), True)
    assert home.get(f"/can-ho/cua-toi/{made.pk}/giay-to/")["Content-Type"] == "image/jpeg"
    assert "Đã gửi đề nghị" in home.get(response.url).content.decode()
    assert home.get(f"/can-ho/{flat.pk}/nhan/").url == f"/can-ho/cua-toi/{made.pk}/"


@pytest.mark.parametrize(
    ("path", "posted", "said"),
    [
        ("nhan/", {}, "Chọn một tư cách."),
        ("nhan/", {"tu_cach": "king"}, "Chọn một tư cách."),
        ("nhan/thoi-gian/?tu_cach=tenant", {}, "Nhập đủ ngày, tháng và năm."),
        (
            "nhan/thoi-gian/?tu_cach=tenant",
            {
                "since_day": "1",
                "since_month": "1",
                "since_year": "2026",
                "until_day": "1",
                "until_month": "2",
                "until_year": "2026",
            },
            "Ngày này đã qua.",
        ),
        (
            "nhan/thoi-gian/?tu_cach=tenant",
            {
                "since_day": "1",
                "since_month": "1",
                "since_year": "2028",
                "until_day": "1",
                "until_month": "2",
                "until_year": "2027",
            },
            "Ngày hết hạn phải sau ngày bắt đầu ở.",
        ),
        (
            "nhan/thoi-gian/?tu_cach=tenant",
            {
                "since_day": "1",
                "since_month": "1",
                "since_year": "2026",
                "until_day": "1",
                "until_month": "2",
                "until_year": "9999",
            },
            "không dài hơn 50 năm",
        ),
        ("nhan/chung-minh/?tu_cach=owner", {"cach": "invited"}, "Chọn một cách."),
        ("nhan/gui/?tu_cach=owner&cach=letter", {}, "Nhập mã trong thư."),
        ("nhan/gui/?tu_cach=owner&cach=letter", {"code": "sai-sai1"}, "Mã không đúng"),
        ("nhan/gui/?tu_cach=owner&cach=proof", {}, "Chọn ảnh hoặc tệp PDF"),
        (
            "nhan/gui/?tu_cach=owner&cach=proof",
            {"proof": SimpleUploadedFile("a.pdf", b"MZ no pdf at all")},
            "không phải ảnh JPEG",
        ),
    ],
)
def test_what_is_wrong_is_said_on_its_page(flat, lan, path, posted, said):
    response = as_user(lan).post(f"/can-ho/{flat.pk}/{path}", posted)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert "error-summary" in response.content.decode()
    assert not Residency.objects.exists()


@pytest.mark.parametrize(
    ("query", "page"),
    [
        ("", "nhan/"),
        ("?tu_cach=king&cach=letter", "nhan/"),
        ("?tu_cach=owner&cach=invited", "nhan/chung-minh/"),
        ("?tu_cach=tenant&cach=letter&den=yesterday", "nhan/thoi-gian/"),
        ("?tu_cach=tenant&cach=letter&den=2020-01-01", "nhan/thoi-gian/"),
    ],
)
def test_an_address_somebody_altered_leads_back_to_the_question(flat, lan, query, page):
    response = as_user(lan).get(f"/can-ho/{flat.pk}/nhan/gui/{query}")

    assert response.url.partition("?")[0] == f"/can-ho/{flat.pk}/{page}"


@pytest.mark.parametrize("typed", ["0201", "201", " 02-01 "])
def test_a_flats_number_is_found_however_it_is_typed(flat, lan, typed):
    page = f"/can-ho/nhan/{flat.building.ward.slug}/{flat.building.slug}/"

    assert as_user(lan).post(page, {"so": typed}).url == f"/can-ho/{flat.pk}/nhan/"


def test_a_flat_that_is_not_there_is_said_by_name(flat, lan):
    page = f"/can-ho/nhan/{flat.building.ward.slug}/{flat.building.slug}/"

    assert "không có căn hộ số “9999”" in as_user(lan).post(page, {"so": "9999"}).content.decode()


def test_nobody_waits_for_more_than_five_flats(flat, lan):
    for _flat in range(rules.ASKED_AT_ONCE):
        claim(ApartmentFactory(building=flat.building), lan, proof=photo())
    with pytest.raises(actions.TooManyAsked):
        claim(flat, lan, proof=photo())


# --- What the database keeps to -------------------------------------------------------------------
@pytest.mark.parametrize(
    "wrong",
    [
        {"role": "tenant", "until": None},
        {"until": date(2027, 1, 1)},
        {"state": "confirmed", "confirmed_at": None, "confirmed_by": None, "confirmed_as": ""},
        {"state": "asked"},
        {"state": "refused", "confirmed_at": None, "confirmed_by": None, "confirmed_as": "", "ended_at": NOW},
        {"confirmed_by": None, "confirmed_as": "manager"},
        {"role": "member", "since": date(2026, 2, 1), "until": date(2026, 1, 1)},
    ],
)
def test_rows_that_contradict_themselves_cannot_be(flat, wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidencyFactory(apartment=flat, **wrong)


def test_a_person_is_open_in_a_flat_once_and_a_flat_has_one_head(flat, owner):
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidencyFactory(apartment=flat, user=owner, asked=True)
    Residency.objects.update(is_head=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        ResidencyFactory(apartment=flat, is_head=True)


def test_dates_are_checked_wherever_a_claim_comes_from(flat, lan):
    with pytest.raises(ValidationError):
        claim(flat, lan, role="tenant", proof=photo())
    assert ResidencyState.ASKED == "asked"


# --- Letters --------------------------------------------------------------------------------------
def letters_url(building) -> str:
    return f"/quan-ly-toa-nha/{building.ward.slug}/{building.slug}/cu-dan/thu/"


def test_a_floors_letters_are_printed_a_sheet_a_flat_each_with_a_good_code(flat, manager, lan):
    ApartmentFactory(building=flat.building, number="0202")
    ApartmentFactory(building=flat.building, number="0301", floor=3)
    response = as_user(manager).post(letters_url(flat.building), {"floors": ["2"], "empty_only": "on"})
    pdf = pypdfium2.PdfDocument(response.content)
    pages = [pdf[number].get_textpage().get_text_range() for number in range(len(pdf))]

    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert len(pages) == 2
    assert "0201" in pages[0] and "0202" in pages[1]
    printed = next(line.strip() for line in pages[0].splitlines() if len(line.strip()) == 9 and line.strip()[4] == "-")
    assert claim(flat, lan, code=printed).state == "confirmed"
    assert audit.history_of(flat.building).get().data == {"flats": ["0201", "0202"]}


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({}, "Chọn ít nhất một tầng"),
        ({"numbers": "0201, 9999"}, "Tòa nhà không có căn hộ: 9999."),
        ({"numbers": "201", "empty_only": "on"}, "đều có người được xác nhận"),
        ({"floors": ["77"]}, "77"),
    ],
)
def test_letters_for_flats_that_are_not_there_are_not_printed(flat, owner, manager, posted, said):
    response = as_user(manager).post(letters_url(flat.building), posted)

    assert response.status_code == 200
    assert said in response.content.decode()
    assert not LetterCode.objects.exists()


def test_more_letters_than_fit_are_refused_before_anything_is_written(flat, manager, monkeypatch):
    monkeypatch.setattr(rules, "LETTERS_AT_ONCE", 1)
    ApartmentFactory(building=flat.building)
    response = as_user(manager).post(letters_url(flat.building), {"floors": ["2"]})

    assert "mỗi lần in nhiều nhất 1 thư" in response.content.decode()
    assert not LetterCode.objects.exists()


def test_only_the_operator_prints_letters(flat, owner, lan):
    for person in (owner, lan):
        with pytest.raises(PermissionDenied):
            letters.print_letters(flat.building, [flat], by=person, at=NOW)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="counts are the same everywhere; once is enough")
def test_printing_asks_the_database_no_more_for_thirty_flats(building, manager, django_assert_max_num_queries):
    flats = [ApartmentFactory(building=building) for _flat in range(30)]
    with django_assert_max_num_queries(10):
        letters.issue(building, flats, by=manager, at=NOW)


def test_a_building_of_a_closed_ward_takes_nobody_in(lan):
    closed = BuildingFactory(ward__slug="dong-cua", ward__name="Đóng", ward__code="00999", ward__is_open=False)
    flat = ApartmentFactory(building=closed)

    assert as_user(lan).get(f"/can-ho/{flat.pk}/nhan/").status_code == 404


@pytest.mark.parametrize("offered", [True, False])
def test_who_lives_there_is_led_to_register_where_the_ward_offers_it(flat, lan, offered):
    if offered:
        published(replace(SMALL, code="1.004194"), slug="dang-ky-tam-tru")
    member = ResidencyFactory(user=lan, apartment=flat, role="member")
    page = as_user(lan).get(f"/can-ho/cua-toi/{member.pk}/").content.decode()

    assert "Đăng ký tạm trú" in page
    assert ("/viet-hung/dich-vu/dang-ky-tam-tru/" in page) is offered
