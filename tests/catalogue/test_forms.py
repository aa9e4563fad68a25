"""A page of a procedure's form: conditions, what is kept, what is told before sending."""

from dataclasses import replace

from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict

from services.catalogue.answers import Problem, applicant, applicant_name, asked_answers, file_fields, problems, summary
from services.catalogue.definition import Condition, FieldSpec, Section
from services.catalogue.forms import SectionForm
from tests.factories.catalogue import PAPER, SMALL

FIRST, SECOND = SMALL.sections


def page(section=FIRST, data=None, answers=None, definition=SMALL):
    typed = QueryDict(mutable=True) if data is not None else None
    if data:
        typed.update(data)
    return SectionForm(section, definition=definition, answers=answers or {}, user=AnonymousUser(), data=typed)


# --- Conditions ----------------------------------------------------------------------------------


def test_a_dependent_question_is_shown_with_its_condition_in_words():
    shown = str(page())
    assert "Chỉ trả lời nếu bạn chọn “Có” ở câu “Bạn có con không?”." in shown
    assert 'data-asked-when="co_con" data-asked-values="yes"' in shown
    assert "required" not in shown  # the browser must not insist on what may not be asked


def test_a_dependent_question_is_insisted_on_only_when_it_is_asked():
    assert page(data={"ho_ten": "A", "co_con": "no"}).is_valid()
    form = page(data={"ho_ten": "A", "co_con": "yes"})
    assert form.errors == {"ten_con": ["Hãy điền câu trả lời."]}


def test_what_was_typed_for_a_question_not_asked_is_dropped_with_its_mistakes():
    long = "x" * 500
    form = page(data={"ho_ten": "A", "co_con": "no", "ten_con": long})
    assert form.errors == {}
    assert form.answers() == {"ho_ten": "A", "co_con": "no", "ten_con": None}


def test_a_question_decided_on_an_earlier_page_is_there_or_not():
    assert list(page(SECOND, answers={"co_con": "yes"}).fields) == ["truong"]
    assert list(page(SECOND, answers={"co_con": "no"}).fields) == []
    form = page(SECOND, data={"truong": "posted all the same"}, answers={"co_con": "no"})
    assert form.is_valid()
    assert form.answers() == {"truong": None}


def test_a_chain_of_conditions_breaks_where_the_first_does():
    last = FieldSpec("text", "lop", "Lớp", when=Condition("di_hoc", ("yes",)))
    middle = FieldSpec("yes_no", "di_hoc", "Con đi học chưa?", when=Condition("co_con", ("yes",)))
    section = replace(FIRST, fields=(*FIRST.fields, middle, last))
    definition = replace(SMALL, sections=(section,))
    form = page(section, {"ho_ten": "A", "co_con": "no", "di_hoc": "yes", "lop": ""}, definition=definition)
    assert form.errors == {}
    assert asked_answers(definition, {"co_con": "no", "di_hoc": "yes", "lop": "1A"}) == {"co_con": "no"}


def test_stale_answers_of_a_changed_mind_are_nowhere():
    answers = {"ho_ten": "A", "co_con": "no", "ten_con": "B", "truong": "C"}
    assert asked_answers(SMALL, answers) == {"ho_ten": "A", "co_con": "no"}
    assert [section.key for section, _rows in summary(SMALL, answers)] == ["ban"]
    assert problems(SMALL, answers, set()) == []
    assert file_fields(Section("giay-to", "", fields=SMALL.papers), answers) == []


# --- What is posted ------------------------------------------------------------------------------


def test_unknown_names_are_never_looked_at():
    form = page(data={"ho_ten": "A", "co_con": "no", "state": "delivered", "is_superuser": "1", "truong": "x"})
    assert form.is_valid()
    assert form.answers() == {"ho_ten": "A", "co_con": "no", "ten_con": None}


def test_everything_typed_is_kept_when_something_is_wrong():
    form = page(data={"ho_ten": "", "co_con": "yes", "ten_con": "Bé <b>Na</b>"})
    assert form.errors == {"ho_ten": ["Hãy điền câu trả lời."]}
    shown = str(form)
    assert "Bé &lt;b&gt;Na&lt;/b&gt;" in shown
    assert form["co_con"].value() == "yes"
    assert form.answers() == {"ho_ten": None, "co_con": "yes", "ten_con": "Bé <b>Na</b>"}


def test_a_form_that_was_not_sent_has_no_answers():
    assert page().answers() == {}


def test_papers_are_not_in_the_form_but_listed():
    section = Section("giay-to", "Giấy tờ", fields=(PAPER,))
    assert list(page(section, answers={"co_con": "yes"}).fields) == []
    assert file_fields(section, {"co_con": "yes"}) == [PAPER]
    assert file_fields(section, {}) == []


# --- Before sending ------------------------------------------------------------------------------


def test_problems_name_the_page_the_question_and_what_is_missing():
    assert problems(SMALL, {"co_con": "yes", "ten_con": "Na"}, set()) == [
        Problem("ban", "ho_ten", "“Họ và tên của bạn”: Bạn chưa trả lời câu này."),
        Problem("con", "truong", "“Trường của con”: Bạn chưa trả lời câu này."),
        Problem("giay-to", "khai_sinh", "“Giấy khai sinh của con”: Bạn chưa tải lên giấy tờ này."),
    ]


def test_nothing_stands_in_the_way_of_a_complete_form():
    answers = {"ho_ten": "A", "co_con": "yes", "ten_con": "Na", "truong": "Đô thị Việt Hưng"}
    assert problems(SMALL, answers, {"khai_sinh"}) == []


def test_the_summary_says_what_was_answered_in_words():
    rows = [
        (section.key, [(spec.key, str(text)) for spec, text in rows])
        for section, rows in summary(SMALL, {"ho_ten": "A", "co_con": "no"})
    ]
    assert rows == [("ban", [("ho_ten", "A"), ("co_con", "Không")])]


def test_the_applicant_is_who_the_form_is_about():
    assert applicant_name(SMALL, {"ho_ten": "Nguyễn Thị Hường"}) == "Nguyễn Thị Hường"
    assert applicant(SMALL, {}) == {}


def test_the_applicant_of_a_couple_is_the_one_who_files():
    options = {"parts": ["ho_ten", "so_dinh_danh"], "profile": True}
    side = {"choices": [{"value": "nam", "label": "Nam"}, {"value": "nu", "label": "Nữ"}]}
    definition = replace(
        SMALL,
        sections=(
            Section("ai", "Ai", fields=(FieldSpec("choice", "vai", "Bên nào", options=side),)),
            Section(
                "nam",
                "Nam",
                fields=(FieldSpec("person", "chong", "Chồng", options={**options, "profile_when": "vai=nam"}),),
            ),
            Section(
                "nu", "Nữ", fields=(FieldSpec("person", "vo", "Vợ", options={**options, "profile_when": "vai=nu"}),)
            ),
        ),
    )
    answers = {
        "vai": "nu",
        "chong": {"ho_ten": "Anh", "so_dinh_danh": "000000000001"},
        "vo": {"ho_ten": "Chị", "so_dinh_danh": "000000000002"},
    }
    assert applicant(definition, answers) == {"full_name": "Chị", "personal_number": "000000000002"}
