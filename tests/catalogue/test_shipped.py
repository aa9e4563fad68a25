"""The procedures that come with the project."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from services.catalogue import checks, results, shipped
from services.catalogue.forms import section_form
from services.catalogue.models import Procedure
from services.catalogue.shipped import Outcome
from tests.factories.people import UserFactory

CODES = ["1.000894", "1.001193", "1.004873", "2.000635"]
FILES = {shipped.read(path).definition.code: path for path in shipped.files()}


@pytest.fixture(params=CODES)
def definition(request):
    return shipped.read(FILES[request.param]).definition


def test_there_are_four():
    assert sorted(FILES) == CODES


def test_each_is_complete(definition):
    assert checks.mistakes(definition) == []


def test_each_names_its_law_and_costs_nothing_online(definition):
    assert any(law.startswith("Luật Hộ tịch số 60/2014/QH13") for law in definition.legal_basis)
    assert definition.fee("online").amount == 0


def test_each_page_renders_and_asks_little(definition):
    for section in definition.sections:
        form = section_form(section, definition=definition, answers={}, user=AnonymousUser())
        assert str(form)
        assert len(section.fields) <= 6, section.key


def test_marriage_alone_makes_one_come_and_says_why():
    levels = {code: shipped.read(path).definition.level for code, path in FILES.items()}
    assert levels == {"1.000894": 3, "1.001193": 4, "1.004873": 4, "2.000635": 4}
    assert "cùng có mặt" in shipped.read(FILES["1.000894"]).definition.presence_reason


def test_the_time_limits_are_those_of_the_law():
    limits = {code: shipped.read(path).definition.limit for code, path in FILES.items()}
    assert {code: (limit.kind, limit.amount) for code, limit in limits.items()} == {
        "1.000894": ("same_day", 0),
        "1.001193": ("same_day", 0),
        "1.004873": ("working_days", 3),
        "2.000635": ("same_day", 0),
    }


def test_same_day_work_is_planned_as_two_three_two_and_one_hours():
    steps = shipped.read(FILES["1.001193"]).definition.steps
    assert [step.minutes // 60 for step in steps if step.kind != "deliver"] == [2, 3, 2, 1]


@pytest.mark.parametrize(
    ("answers", "wording"),
    [
        ({"tinh_trang": "chua_ket_hon"}, "Hiện tại chưa đăng ký kết hôn với ai."),
        (
            {"tinh_trang": "da_ly_hon", "ban_an_ly_hon": "số 45/2023"},
            "Có đăng ký kết hôn, nhưng đã ly hôn theo Bản án/Quyết định ly hôn số 45/2023. "
            "Hiện tại chưa đăng ký kết hôn với ai.",
        ),
    ],
)
def test_the_certificate_uses_the_wordings_the_law_fixes(answers, wording):
    definition = shipped.read(FILES["1.004873"]).definition
    values = results.values(definition, {**answers, "muc_dich": "nha_dat"}, system={})
    blocks = results.render_blocks(definition.result, values)
    assert [block["text"] for block in blocks if block.get("label") == "Tình trạng hôn nhân"] == [wording]
    assert "Giấy này được sử dụng để: Mua bán, tặng cho nhà đất." in [block["text"] for block in blocks]


@pytest.mark.django_db
def test_loading_publishes_each_once(capsys):
    call_command("load_procedures")
    call_command("load_procedures")
    assert list(Procedure.objects.published().order_by("code").values_list("code", flat=True)) == CODES
    assert [procedure.versions.count() for procedure in Procedure.objects.all()] == [1, 1, 1, 1]
    assert capsys.readouterr().out.count("không đổi") == 4


@pytest.mark.django_db
def test_a_loaded_procedure_says_what_its_file_says(definition):
    shipped.load(shipped.read(FILES[definition.code]))
    spec = Procedure.objects.get().current.spec
    assert spec.steps == definition.steps
    assert spec.fees == definition.fees
    assert [(field.key, field.kind, field.when, field.required) for field in spec.fields()] == [
        (field.key, field.kind, field.when, field.required) for field in definition.fields()
    ]
    assert results.placeholders(spec) == results.placeholders(definition)
    assert checks.mistakes(spec) == []


@pytest.mark.django_db
def test_a_changed_file_is_published_as_the_next_version():
    first = shipped.read(FILES["1.004873"])
    assert shipped.load(first) == Outcome.CREATED
    changed = replace(first, definition=replace(first.definition, decided_by="Chủ tịch"))
    assert shipped.load(changed) == Outcome.CHANGED
    assert shipped.load(changed) == Outcome.SAME
    assert Procedure.objects.get().current.number == 2


@pytest.mark.django_db
def test_what_an_author_has_edited_is_left_alone():
    first = shipped.read(FILES["1.004873"])
    shipped.load(first)
    procedure = Procedure.objects.get()
    procedure.purpose = "Do người soạn viết."
    procedure.save_revision(user=UserFactory())
    changed = replace(first, definition=replace(first.definition, decided_by="Chủ tịch"))
    assert shipped.load(changed) == Outcome.EDITED
    assert Procedure.objects.get().current.number == 1


@pytest.mark.django_db
def test_a_broken_file_is_named(tmp_path, monkeypatch):
    (tmp_path / "hong.toml").write_text('code = "1.000001"\n')
    monkeypatch.setattr(shipped, "files", lambda: [tmp_path / "hong.toml"])
    with pytest.raises(CommandError, match="hong.toml"):
        call_command("load_procedures")
