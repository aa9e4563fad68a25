"""The document: answers in place of placeholders, and nothing else."""

from dataclasses import replace

from services.catalogue import results
from services.catalogue.definition import FieldSpec
from tests.factories.catalogue import SMALL, asking

SYSTEM = {"agency": "Ủy ban nhân dân phường Việt Hưng", "code": "H26.004.127-261123-0001", "secret": "không được in"}


def render(*blocks, answers=None, definition=SMALL):
    definition = replace(definition, result=replace(definition.result, blocks=blocks))
    return results.render_blocks(definition.result, results.values(definition, answers or {}, system=SYSTEM))


def paragraph(text, **more):
    return {"type": "paragraph", "text": text, **more}


def test_answers_take_the_place_of_their_placeholders():
    rendered = render(paragraph("{ho_ten}, hồ sơ {code}, {agency}"), answers={"ho_ten": "Hường"})
    assert rendered == [
        {"type": "paragraph", "text": "Hường, hồ sơ H26.004.127-261123-0001, Ủy ban nhân dân phường Việt Hưng"}
    ]


def test_what_is_typed_is_never_read_as_a_placeholder():
    for typed in ("{code}", "{{ code }}", "{% include 'x' %}", "{ho_ten}", "${code}", "\\1", "{0.__class__}"):
        assert render(paragraph("Tên: {ho_ten}."), answers={"ho_ten": typed}) == [
            {"type": "paragraph", "text": f"Tên: {typed}."}
        ]


def test_only_the_systems_whitelist_is_taken_from_what_the_caller_gives():
    assert render(paragraph("[{secret}]")) == [{"type": "paragraph", "text": "[]"}]


def test_rows_and_columns_are_filled_too():
    columns = [{"title": "Bạn", "rows": [{"label": "Tên", "value": "{ho_ten}"}]}]
    assert render(
        {"type": "row", "label": "Tên", "value": "{ho_ten}"},
        {"type": "columns", "columns": columns},
        answers={"ho_ten": "A"},
    ) == [
        {"type": "row", "label": "Tên", "text": "A"},
        {"type": "columns", "columns": [{"title": "Bạn", "rows": [{"label": "Tên", "text": "A"}]}]},
    ]


def test_a_block_is_printed_only_when_its_condition_holds():
    block = paragraph("có con", when={"field": "co_con", "values": ["yes"]})
    assert render(block, answers={"co_con": "no"}) == []
    assert render(block, answers={"co_con": "yes"}) == [{"type": "paragraph", "text": "có con"}]
    assert render(block) == []


def test_an_answer_that_is_no_longer_asked_is_not_printed():
    assert render(paragraph("[{ten_con}]"), answers={"co_con": "no", "ten_con": "Na"}) == [
        {"type": "paragraph", "text": "[]"}
    ]


def test_dates_can_be_written_out():
    definition = asking(FieldSpec("date", "ngay", "Ngày"))
    rendered = render(
        paragraph("{ngay}; {ngay.van_ban}; {ngay.bang_chu}"), answers={"ngay": "2020-02-05"}, definition=definition
    )
    assert rendered[0]["text"] == (
        "05/02/2020; ngày 05 tháng 02 năm 2020; ngày năm, tháng hai, năm hai nghìn không trăm hai mươi"
    )


def test_parts_of_a_person_are_placeholders_of_their_own():
    spec = FieldSpec("person", "con", "Em bé", options={"parts": ["ho_ten", "ngay_sinh", "gioi_tinh"]})
    definition = asking(spec)
    names = {name for name in results.placeholders(definition) if name.startswith("con")}
    assert names == {"con", "con.ho_ten", "con.ngay_sinh", "con.gioi_tinh", "con.ngay_sinh_bang_chu"}
    answers = {"con": {"ho_ten": "Na", "ngay_sinh": "2026-03-05", "gioi_tinh": "nu"}}
    rendered = render(paragraph("{con.ho_ten} {con.ngay_sinh} {con.gioi_tinh}"), answers=answers, definition=definition)
    assert rendered == [{"type": "paragraph", "text": "Na 05/03/2026 Nữ"}]


def test_the_rows_of_a_group_stand_numbered_one_below_the_other():
    member = {"kind": "text", "key": "ho_ten", "label": "Họ tên"}
    group = FieldSpec("group", "thanh_vien", "Thành viên", options={"fields": [member], "row_label": "Người"})
    answers = {"thanh_vien": [{"ho_ten": "An"}, {"ho_ten": "Bình"}]}
    assert render(paragraph("{thanh_vien}"), answers=answers, definition=asking(group)) == [
        paragraph("1. Họ tên: An"),
        paragraph("2. Họ tên: Bình"),
    ]
