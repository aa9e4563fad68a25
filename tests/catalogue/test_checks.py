"""What an author may not publish, and where on the screen it is said."""

from dataclasses import replace

import pytest

from services.catalogue.checks import Mistake, as_validation_error, mistakes
from services.catalogue.definition import Condition, Fee, FieldSpec, Limit, Section, Visit
from tests.factories.catalogue import NAME, SMALL, STEPS, VISIT


def found(**changes):
    return mistakes(replace(SMALL, **changes))


def with_fields(*fields):
    return found(
        sections=(Section("ban", "Bạn", fields=fields),),
        papers=(),
        result=replace(SMALL.result, blocks=({"type": "heading", "text": "x"},)),
    )


def with_result(*blocks):
    return found(result=replace(SMALL.result, blocks=blocks))


def with_steps(*steps):
    return [mistake.message for mistake in found(steps=steps)]


def test_a_complete_procedure_has_no_mistakes():
    assert found() == []


def test_level_three_says_why_one_must_come():
    message = "Thủ tục mức 3 phải nói vì sao người dân cần đến phường."
    assert found(level=3, visit=VISIT) == [Mistake(("presence_reason",), message)]
    assert found(level=3, visit=VISIT, presence_reason="Hai bên cùng ký.") == []


def test_level_three_says_what_one_comes_for_and_for_how_long():
    paths = [
        [mistake.path for mistake in found(level=3, presence_reason="Hai bên cùng ký.", visit=visit)]
        for visit in (None, Visit("Ký", 0), Visit("Ký", 15))
    ]
    assert paths == [[("visit_purpose",)], [("visit_minutes",)], []]


def test_the_committed_limit_is_not_longer_than_the_law_allows():
    day, days, half = Limit("same_day"), Limit("working_days", 2), Limit("working_minutes", 240)
    message = "Thời hạn cam kết không được dài hơn thời hạn luật định."
    assert found(limit=days, legal_limit=day) == [Mistake(("limit_amount",), message)]
    assert found(limit=day, legal_limit=half) == [Mistake(("limit_amount",), message)]
    assert found(limit=day, legal_limit=days) == found(limit=day, legal_limit=day) == []
    assert [mistake.path for mistake in found(legal_limit=Limit("working_days"))] == [("legal_limit_amount",)]


def test_the_limit_after_a_verification_is_the_longer_one():
    day, three = Limit("same_day"), Limit("working_days", 3)
    message = "Thời hạn khi phải xác minh dài hơn thời hạn khi không phải xác minh."
    path = ("verification_limit_amount",)
    assert found(limit=three, limit_after_verification=Limit("days", 23)) == []
    assert found(limit=day, limit_after_verification=three) == []
    assert found(limit=three, limit_after_verification=Limit("days", 5)) == [
        Mistake(path, message)
    ]  # one weekend in it
    assert found(limit=day, legal_limit=three, limit_after_verification=three) == [Mistake(path, message)]
    assert [mistake.path for mistake in found(limit_after_verification=Limit("days"))] == [path]


def test_a_step_says_how_its_person_is_chosen():
    unknown = (replace(STEPS[0], assign="dice"), *STEPS[1:])
    assert [mistake.path for mistake in found(steps=unknown)] == [("steps", 0, "assign")]
    for assign in ("only", "load", "by_hand"):
        assert found(steps=(replace(STEPS[0], assign=assign), *STEPS[1:])) == []


def test_keys_are_unique_over_the_whole_form():
    again = replace(NAME, label="Tên lần nữa")
    path = ("sections", 1, "fields", 0, "key")
    sections = (SMALL.sections[0], Section("con", "Con", fields=(again,)))
    assert found(sections=sections) == [Mistake(path, "Khóa này đã dùng trong tờ khai hoặc thuộc về hệ thống.")]


@pytest.mark.parametrize("key", ["Họ tên", "ho-ten", "1a", "", "_x"])
def test_a_key_is_made_of_plain_letters(key):
    assert [mistake.path for mistake in with_fields(replace(NAME, key=key))] == [("sections", 0, "fields", 0, "key")]


@pytest.mark.parametrize("key", ["agency", "code", "bo", "csrfmiddlewaretoken"])
def test_a_key_is_not_one_the_system_uses(key):
    assert [mistake.path for mistake in with_fields(replace(NAME, key=key))] == [("sections", 0, "fields", 0, "key")]


@pytest.mark.parametrize("key", ["giay-to", "kiem-tra", "nhan-ket-qua", "Trang một", ""])
def test_a_page_key_is_an_address_nobody_else_uses(key):
    sections = (replace(SMALL.sections[0], key=key), SMALL.sections[1])
    assert [mistake.path for mistake in found(sections=sections)] == [("sections", 0, "key")]


@pytest.mark.parametrize(
    ("condition", "input_", "message"),
    [
        (Condition("khong_co", ("yes",)), "field", "Không có câu hỏi “khong_co” ở phía trước."),
        (Condition("sau", ("yes",)), "field", "Không có câu hỏi “sau” ở phía trước."),
        (Condition("ho_ten", ("A",)), "field", "Điều kiện chỉ dựa được vào câu hỏi chọn một, hoặc có hay không."),
        (Condition("hoi", ("maybe",)), "values", "Không có lựa chọn: maybe."),
        (Condition("hoi", ()), "values", "Hãy ghi câu trả lời làm điều kiện."),
    ],
)
def test_a_condition_refers_to_an_earlier_choice_and_its_answers(condition, input_, message):
    asked = FieldSpec("yes_no", "hoi", "Hỏi")
    dependent = FieldSpec("text", "sau_do", "Sau đó", when=condition)
    later = FieldSpec("yes_no", "sau", "Sau")
    path = ("sections", 0, "fields", 2, "when", input_)
    assert with_fields(NAME, asked, dependent, later) == [Mistake(path, message)]


def test_a_condition_does_not_hang_on_another_page_through_a_third():
    root = FieldSpec("yes_no", "goc", "Gốc")
    middle = FieldSpec("yes_no", "giua", "Giữa", when=Condition("goc", ("yes",)))
    leaf = FieldSpec("text", "la", "Lá", when=Condition("giua", ("yes",)))
    pages = tuple(Section(spec.key, "Trang", fields=(spec,)) for spec in (root, middle, leaf))
    result = replace(SMALL.result, blocks=({"type": "heading", "text": "x"},))
    assert [mistake.path for mistake in found(sections=pages, papers=(), result=result)] == [
        ("sections", 2, "fields", 0, "when", "field")
    ]


def test_options_of_a_question_are_checked_too():
    twice = {"choices": [{"value": "a", "label": "A"}, {"value": "a", "label": "B"}]}
    path = ("sections", 0, "fields", 0, "choices")
    assert with_fields(FieldSpec("choice", "c", "Chọn", options=twice)) == [
        Mistake(path, "Mỗi lựa chọn cần một mã riêng.")
    ]


def test_a_group_is_checked_inside():
    inner = [
        {"kind": "text", "key": "noi", "label": "Nơi", "options": {}},
        {"kind": "text", "key": "noi", "label": "Nơi", "options": {}, "when": {"field": "x", "values": ["y"]}},
    ]
    paths = [mistake.path for mistake in with_fields(FieldSpec("group", "g", "Nhóm", options={"fields": inner}))]
    stem = ("sections", 0, "fields", 0, "fields", 1)
    assert paths == [(*stem, "key"), (*stem, "when", "field")]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("{khong_co}", "{khong_co}"),
        ("{ho_ten.tuoi}", "{ho_ten.tuoi}"),
        ("{ho_ten.__class__}", "{ho_ten.__class__}"),
        ("{{ ho_ten }}", "{ ho_ten }"),
        ("{0}", "{0}"),
        ("{ho_ten!r}", "{ho_ten!r}"),
        ("{% load x %}", "{% load x %}"),
        ("một { ngoặc", "{"),
    ],
)
def test_a_result_knows_only_placeholders_of_the_whitelist(text, named):
    path = ("result_blocks", 0, "text")
    assert with_result({"type": "paragraph", "text": text}) == [Mistake(path, f"Không có chỗ điền tên là {named}.")]


def test_a_result_may_name_questions_their_parts_and_the_system():
    texts = "{ho_ten} {co_con} {agency} {ward} {code} {applicant} {date}"
    assert with_result({"type": "paragraph", "text": texts}) == []


def test_a_placeholder_deep_in_a_column_is_found_there():
    columns = [{"title": "A", "rows": [{"label": "x", "value": "{khong_co}"}]}]
    assert [mistake.path for mistake in with_result({"type": "columns", "columns": columns})] == [
        ("result_blocks", 0, "columns", 0, "rows", 0, "value")
    ]


def test_steps_go_from_receiving_to_handing_over():
    receive, work, sign, issue, deliver = STEPS
    assert with_steps() == ["Hãy ghi các bước giải quyết, từ tiếp nhận đến trả kết quả."]
    assert with_steps(work, sign, issue, deliver) == ["Bước đầu tiên phải là tiếp nhận."]
    assert with_steps(receive, work, sign, issue) == ["Bước cuối cùng phải là trả kết quả."]
    assert with_steps(receive, work, issue, deliver) == ["Còn thiếu bước ký."]
    assert with_steps(receive, work, sign, deliver) == ["Còn thiếu bước phát hành."]
    assert with_steps(receive, work, issue, sign, deliver) == ["Phải ký trước khi phát hành."]
    assert with_steps(receive, sign, work, issue, deliver) == ["Thẩm định phải xong trước khi ký."]
    again = replace(sign, key="ky-lai", minutes=1)
    assert with_steps(receive, work, sign, again, issue, deliver)[0] == "Chỉ có một bước ký."


def test_the_leader_signs_and_nobody_else():
    receive, work, sign, issue, deliver = STEPS
    message = "Người đứng đầu cơ quan ký, và chỉ người đó ký."
    assert with_steps(receive, work, replace(sign, position="clerk"), issue, deliver) == [message]
    assert with_steps(receive, replace(work, position="leader"), sign, issue, deliver) == [message]
    assert with_steps(receive, replace(work, position="inspector"), sign, issue, deliver) == [
        "Vị trí này không giải quyết hồ sơ của cơ quan này."
    ]


def test_internal_times_never_lengthen_the_limit():
    slow = tuple(replace(step, minutes=181) if step.key == "tham-dinh" else step for step in STEPS)
    assert found(steps=slow) == [Mistake(("steps", 1, "minutes"), "Các bước cộng lại 481 phút, quá thời hạn 480 phút.")]
    assert found(steps=slow, limit=Limit("working_days", 2)) == []
    assert found(steps=slow, limit=Limit("working_minutes", 480)) != []
    assert [mistake.path for mistake in found(limit=Limit("working_days", 0))][0] == ("limit_amount",)


def test_a_channel_has_one_fee():
    assert found(fees=(Fee("online", 0), Fee("online", 1))) == [
        Mistake(("fees", 1, "channel"), "Mỗi cách nộp chỉ có một mức phí.")
    ]


def test_a_mistake_is_shown_beside_its_input():
    error = as_validation_error(
        [
            Mistake(("presence_reason",), "vì sao"),
            Mistake(("sections", 1, "fields", 0, "key"), "khóa"),
            Mistake(("result_blocks", 0, "columns", 1, "rows", 0, "value"), "chỗ điền"),
        ]
    ).error_dict
    assert error["presence_reason"][0].message == "vì sao"
    section = error["sections"][0].block_errors[1]
    assert section.block_errors["fields"].block_errors[0].block_errors["key"].message == "khóa"
    column = error["result_blocks"][0].block_errors[0].block_errors["columns"].block_errors[1]
    assert column.block_errors["rows"].block_errors[0].block_errors["value"].message == "chỗ điền"


# --- What the officer is asked -------------------------------------------------------------------------

DEGREE = FieldSpec("text", "muc_do", "Mức độ")


def with_findings(*findings, **changes):
    return [(mistake.path, mistake.message) for mistake in found(findings=findings, **changes)]


def test_findings_have_keys_of_their_own():
    taken = "Khóa này đã dùng trong tờ khai hoặc thuộc về hệ thống."
    for key in ("ho_ten", "ward", "note", "to", "step"):
        assert with_findings(replace(DEGREE, key=key)) == [(("findings", 0, "key"), taken)]
    assert with_findings(DEGREE, DEGREE) == [(("findings", 1, "key"), taken)]
    assert with_findings(DEGREE) == []


def test_a_finding_is_no_paper_and_nothing_the_account_knows():
    assert with_findings(FieldSpec("file", "bien_ban", "Biên bản")) == [
        (("findings", 0, "key"), "Nội dung công chức ghi không nhận tệp đính kèm.")
    ]
    assert with_findings(replace(DEGREE, options={"profile": "full_name"})) == [
        (("findings", 0, "profile"), "Không điền sẵn từ tài khoản: người trả lời là công chức.")
    ]


def test_a_finding_depends_on_the_whole_form_and_on_findings_before_it():
    of_parents = replace(DEGREE, when=Condition("co_con", ("yes",)))
    yes_no = FieldSpec("yes_no", "da_hop", "Đã họp?")
    assert with_findings(of_parents) == with_findings(yes_no, replace(DEGREE, when=Condition("da_hop", ("no",)))) == []
    assert with_findings(replace(DEGREE, when=Condition("da_hop", ("no",))), yes_no) == [
        (("findings", 0, "when", "field"), "Không có câu hỏi “da_hop” ở phía trước.")
    ]


def test_a_finding_begins_with_an_answer_of_its_own_kind():
    assert with_findings(replace(DEGREE, options={"answer": "ho_ten"})) == []
    for key in ("co_con", "khong_co"):
        message = f"Không có câu cùng loại với khóa “{key}” trong tờ khai."
        assert with_findings(replace(DEGREE, options={"answer": key})) == [(("findings", 0, "answer"), message)]


def test_somebody_must_be_there_to_find_it():
    without = tuple(step for step in STEPS if step.kind != "work")
    assert with_findings(DEGREE, steps=without) == [
        (("steps",), "Có nội dung công chức ghi thì phải có bước thẩm định.")
    ]


def test_a_result_may_print_findings_and_depend_on_them():
    by_degree = {"type": "row", "label": "Mức độ", "value": "{da_hop}", "when": {"field": "da_hop", "values": ["yes"]}}
    result = replace(SMALL.result, blocks=(by_degree,))
    assert with_findings(FieldSpec("yes_no", "da_hop", "Đã họp?"), result=result) == []
    assert [path for path, _message in with_findings(result=result)] == [
        ("result_blocks", 0, "value"),
        ("result_blocks", 0, "when", "field"),
    ]


def test_the_head_of_the_agency_that_decides_signs():
    receive, work, sign, issue, deliver = STEPS
    police = tuple(replace(step, position="police_officer") for step in (receive, work, issue, deliver))
    receive_p, work_p, issue_p, deliver_p = police
    headed = replace(sign, position="police_head")
    assert [m.message for m in found(agency="police", steps=(receive, work_p, headed, issue_p, deliver_p))] == []
    assert [m.message for m in found(agency="police", steps=(receive_p, work_p, sign, issue_p, deliver_p))] == [
        "Vị trí này không giải quyết hồ sơ của cơ quan này."
    ]
    assert [m.message for m in found(steps=(receive, work, headed, issue, deliver))] == [
        "Vị trí này không giải quyết hồ sơ của cơ quan này."
    ]
    assert [m.path for m in found(agency="navy")] == [("agency",)]
