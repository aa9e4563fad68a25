"""Each kind of question: what it takes, what it refuses, how it is stored, shown and kept."""

from datetime import date

import pytest
import time_machine
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from services.catalogue.blocks import KINDS, kind_of
from services.catalogue.definition import FieldSpec
from services.catalogue.forms import SectionForm
from tests.factories.catalogue import asking
from tests.factories.people import UserFactory

PERSON = {
    "nguoi-ho_ten": "Trần Văn Bình",
    "nguoi-ngay_sinh_day": "5",
    "nguoi-ngay_sinh_month": "2",
    "nguoi-ngay_sinh_year": "1990",
    "nguoi-gioi_tinh": "nam",
    "nguoi-dan_toc": "Kinh",
    "nguoi-quoc_tich": "Việt Nam",
    "nguoi-so_dinh_danh": "000090000123",
    "nguoi-noi_cu_tru": "Căn hộ 5, phường Việt Hưng, Hà Nội",
}


def ask(spec: FieldSpec, data=None, *, answers=None, user=None):
    definition = asking(spec)
    typed = None
    if data is not None:
        typed = QueryDict(mutable=True)
        typed.update(data)
    return SectionForm(
        definition.sections[0], definition=definition, answers=answers or {}, user=user or AnonymousUser(), data=typed
    )


def choices(*values):
    return {"choices": [{"value": value, "label": value.upper()} for value in values]}


ROWS = {
    "fields": [
        {"kind": "text", "key": "noi", "label": "Nơi", "options": {}},
        {"kind": "date", "key": "tu", "label": "Từ ngày", "required": False, "options": {}},
    ],
    "minimum": 1,
    "maximum": 3,
    "row_label": "Nơi ở",
}


@pytest.mark.parametrize(
    ("spec", "typed", "stored", "shown"),
    [
        (FieldSpec("text", "k", "Câu"), {"k": "  Hường "}, "Hường", "Hường"),
        (FieldSpec("long_text", "k", "Câu"), {"k": "một\r\nhai"}, "một\r\nhai", "một, hai"),
        (FieldSpec("number", "k", "Câu", options={"unit": "bản"}), {"k": "3"}, 3, "3 bản"),
        (FieldSpec("number", "k", "Câu", options={"minimum": 0}), {"k": "0"}, 0, "0"),
        (FieldSpec("money", "k", "Câu"), {"k": "1.500.000 đ"}, 1_500_000, "1.500.000 đồng"),
        (FieldSpec("money", "k", "Câu"), {"k": "2 000"}, 2000, "2.000 đồng"),
        (FieldSpec("date", "k", "Câu"), {"k_day": "5", "k_month": "2", "k_year": "2020"}, "2020-02-05", "05/02/2020"),
        (FieldSpec("choice", "k", "Câu", options=choices("a", "b")), {"k": "b"}, "b", "B"),
        (FieldSpec("yes_no", "k", "Câu"), {"k": "no"}, "no", "Không"),
        (FieldSpec("personal_number", "k", "Câu"), {"k": "000 085 001 234"}, "000085001234", "000085001234"),
        (FieldSpec("phone", "k", "Câu"), {"k": "0912 345 678"}, "+84912345678", "0912 345 678"),
        (
            FieldSpec("address", "k", "Câu"),
            {"k-chi_tiet": "Số 5 phố Sen", "k-phuong": "Việt Hưng", "k-tinh": "Hà Nội"},
            {"chi_tiet": "Số 5 phố Sen", "phuong": "Việt Hưng", "tinh": "Hà Nội"},
            "Số 5 phố Sen, phường Việt Hưng, Hà Nội",
        ),
        (
            FieldSpec("person", "nguoi", "Câu", options={"parts": ["ho_ten", "gioi_tinh"]}),
            PERSON,
            {"ho_ten": "Trần Văn Bình", "gioi_tinh": "nam"},
            "Trần Văn Bình, Giới tính: Nam",
        ),
        (
            FieldSpec("group", "k", "Câu", options=ROWS),
            {
                "k-count": "2",
                "k-0-noi": "Đức Giang",
                "k-1-noi": "Bồ Đề",
                "k-1-tu_day": "1",
                "k-1-tu_month": "3",
                "k-1-tu_year": "2015",
            },
            [{"noi": "Đức Giang", "tu": None}, {"noi": "Bồ Đề", "tu": "2015-03-01"}],
            "Nơi: Đức Giang, Nơi: Bồ Đề; Từ ngày: 01/03/2015",
        ),
    ],
    ids=lambda value: value.kind if isinstance(value, FieldSpec) else "",
)
def test_an_answer_is_stored_as_json_and_shown_in_words(spec, typed, stored, shown):
    form = ask(spec, typed)
    assert form.errors == {}
    assert form.answers() == {spec.key: stored}
    assert str(kind_of(spec).display(spec, stored)) == shown
    assert kind_of(spec).problems(spec, stored) == []


@pytest.mark.parametrize(
    ("spec", "typed", "where", "message"),
    [
        (FieldSpec("text", "k", "Câu", options={"max_length": 3}), {"k": "dài quá"}, "k", None),
        (FieldSpec("text", "k", "Câu", options={"profile": "email"}), {"k": "không phải"}, "k", None),
        (FieldSpec("number", "k", "Câu"), {"k": "hai"}, "k", "Chỉ điền chữ số, ví dụ 2."),
        (FieldSpec("number", "k", "Câu", options={"maximum": 20}), {"k": "21"}, "k", "Điền số không quá 20."),
        (FieldSpec("money", "k", "Câu"), {"k": "1.50.000"}, "k", "Điền số tiền bằng chữ số, ví dụ 1.500.000."),
        (FieldSpec("date", "k", "Câu"), {"k_day": "31", "k_month": "2", "k_year": "2020"}, "k", None),
        (FieldSpec("choice", "k", "Câu", options=choices("a", "b")), {"k": "z"}, "k", "Chọn một câu trong danh sách."),
        (FieldSpec("yes_no", "k", "Câu"), {}, "k", "Chọn “Có” hoặc “Không”."),
        (
            FieldSpec("personal_number", "k", "Câu"),
            {"k": "00008500123"},
            "k",
            "Số định danh có đúng 12 chữ số, in trên mặt trước thẻ căn cước.",
        ),
        (FieldSpec("phone", "k", "Câu"), {"k": "12"}, "k", "Số điện thoại chưa đúng. Ví dụ đúng: 0912 345 678."),
        (
            FieldSpec("address", "k", "Câu"),
            {"k-chi_tiet": "Số 5", "k-tinh": "Hà Nội"},
            "k-phuong",
            "Hãy điền phường hoặc xã.",
        ),
        (
            FieldSpec("person", "nguoi", "Câu"),
            {**PERSON, "nguoi-so_dinh_danh": "12"},
            "nguoi-so_dinh_danh",
            "Số định danh có đúng 12 chữ số, in trên mặt trước thẻ căn cước.",
        ),
        (FieldSpec("group", "k", "Câu", options=ROWS), {"k-count": "1"}, "k-0-noi", "Hãy điền câu trả lời."),
    ],
    ids=lambda value: value.kind if isinstance(value, FieldSpec) else "",
)
def test_a_wrong_answer_is_told_at_its_control_and_kept_as_typed(spec, typed, where, message):
    form = ask(spec, typed)
    assert list(form.errors) == [where]
    if message:
        assert form.errors[where] == [message]
    shown = str(form)
    if spec.kind != "choice":  # a choice nobody offered cannot be shown
        assert [text for text in typed.values() if text not in shown] == []


def test_every_kind_can_be_authored_and_has_a_label():
    assert {name for name in KINDS if not (KINDS[name].block() and KINDS[name].label)} == set()


@time_machine.travel("2026-11-23 09:00+07:00")
def test_a_spouse_must_be_old_enough_to_the_day():
    spec = FieldSpec("person", "nguoi", "Chồng", options={"parts": ["ho_ten", "ngay_sinh"], "min_age": 20})
    born = {"nguoi-ho_ten": "A", "nguoi-ngay_sinh_month": "11", "nguoi-ngay_sinh_year": "2006"}
    assert ask(spec, {**born, "nguoi-ngay_sinh_day": "23"}).is_valid()
    late = ask(spec, {**born, "nguoi-ngay_sinh_day": "24"})
    assert late.errors == {"nguoi-ngay_sinh": ["Phải đủ 20 tuổi."]}


@time_machine.travel("2026-11-23 09:00+07:00")
def test_a_past_date_may_be_today_but_not_tomorrow():
    spec = FieldSpec("date", "k", "Ngày sinh", options={"range": "past"})
    today = {"k_day": "23", "k_month": "11", "k_year": "2026"}
    assert ask(spec, today).is_valid()
    assert not ask(spec, {**today, "k_day": "24"}).is_valid()


@time_machine.travel("2026-11-23 09:00+07:00", tick=False)
def test_a_stored_answer_that_no_longer_holds_is_a_problem():
    spec = FieldSpec("date", "k", "Ngày hẹn", options={"range": "future"})
    assert kind_of(spec).problems(spec, "2026-11-23") == []
    assert len(kind_of(spec).problems(spec, "2026-11-22")) == 1


def test_an_optional_answer_may_be_empty():
    for spec in (
        FieldSpec("text", "k", "Câu", required=False),
        FieldSpec("date", "k", "Câu", required=False),
        FieldSpec("address", "k", "Câu", required=False),
        FieldSpec("person", "k", "Câu", required=False),
        FieldSpec("group", "k", "Câu", required=False, options=ROWS),
    ):
        form = ask(spec, {})
        assert form.errors == {}, spec.kind
        assert form.answers() == {"k": None}, spec.kind


# --- Groups without JavaScript -------------------------------------------------------------------

GROUP = FieldSpec("group", "k", "Những nơi", options=ROWS)
TWO = {"k-count": "2", "k-0-noi": "Một", "k-1-noi": "Hai", "k-1-tu_day": "x"}


def shown(form):
    return [form[name].value() for name in form.fields if name.endswith("-noi")]


def test_adding_a_row_keeps_what_was_typed_and_scolds_nobody():
    form = ask(GROUP, {**TWO, "k-add": "1"})
    assert not form.is_valid()
    assert form.errors == {}
    assert shown(form) == ["Một", "Hai", None]
    assert 'value="x"' in str(form)


def test_removing_a_row_moves_the_later_ones_up():
    form = ask(GROUP, {**TWO, "k-count": "3", "k-2-noi": "Ba", "k-remove": "0"})
    assert shown(form) == ["Hai", "Ba"]
    assert form["k-0-tu"].value()[0] == "x"


def test_rows_never_exceed_what_the_author_allows():
    assert len(shown(ask(GROUP, {**TWO, "k-count": "3", "k-add": "1"}))) == 3
    assert len(shown(ask(GROUP, {"k-count": "999"}))) == 3
    assert len(shown(ask(GROUP, {"k-count": "-1"}))) == 1
    assert len(shown(ask(GROUP, {"k-count": "9" * 5000}))) == 1


def test_an_empty_row_beyond_those_needed_is_dropped():
    form = ask(GROUP, {"k-count": "3", "k-0-noi": "Một", "k-1-noi": "", "k-2-noi": "Ba"})
    assert form.errors == {}
    assert form.answers() == {"k": [{"noi": "Một", "tu": None}, {"noi": "Ba", "tu": None}]}


# --- What the account knows ----------------------------------------------------------------------


@pytest.fixture
def resident(db):
    return UserFactory(
        full_name="Nguyễn Thị Hường",
        birth_date=date(1990, 2, 5),
        personal_number="000190000123",
        phone="+84912345678",
        email="huong@portal.example",
        address="Căn hộ 5, phố Sen, phường Việt Hưng, TP Hà Nội",
    )


@pytest.mark.parametrize(
    ("spec", "known"),
    [
        (FieldSpec("text", "k", "Câu", options={"profile": "full_name"}), "Nguyễn Thị Hường"),
        (FieldSpec("text", "k", "Câu", options={"profile": "email"}), "huong@portal.example"),
        (FieldSpec("date", "k", "Câu", options={"profile": "birth_date"}), "1990-02-05"),
        (FieldSpec("personal_number", "k", "Câu", options={"profile": "personal_number"}), "000190000123"),
        (FieldSpec("phone", "k", "Câu", options={"profile": "phone"}), "+84912345678"),
        (
            FieldSpec("address", "k", "Câu", options={"profile": "address"}),
            {"chi_tiet": "Căn hộ 5, phố Sen", "phuong": "Việt Hưng", "tinh": "Hà Nội"},
        ),
        (
            FieldSpec("person", "k", "Câu", options={"profile": True, "parts": ["ho_ten", "ngay_sinh", "gioi_tinh"]}),
            {"ho_ten": "Nguyễn Thị Hường", "ngay_sinh": "1990-02-05"},
        ),
        (FieldSpec("text", "k", "Câu"), None),
    ],
)
def test_a_question_is_filled_in_from_the_account(resident, spec, known):
    assert kind_of(spec).prefill(spec, resident) == known


def test_a_stored_answer_goes_before_the_account(resident):
    spec = FieldSpec("text", "k", "Câu", options={"profile": "full_name"})
    assert ask(spec, user=resident)["k"].value() == "Nguyễn Thị Hường"
    assert ask(spec, answers={"k": "Tên khác"}, user=resident)["k"].value() == "Tên khác"


def test_what_was_emptied_on_purpose_is_not_filled_in_again(resident):
    spec = FieldSpec("text", "k", "Câu", required=False, options={"profile": "email"})
    assert ask(spec, answers={"k": None}, user=resident)["k"].value() is None
