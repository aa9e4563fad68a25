"""The procedures that come with the project."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command

from services.catalogue import checks, results, shipped
from services.catalogue.forms import SectionForm
from services.catalogue.models import Procedure
from services.catalogue.shipped import Outcome
from tests.factories.people import UserFactory

CODES = [
    "1.000656",
    "1.000894",
    "1.001193",
    "1.001699",
    "1.004194",
    "1.004873",
    "1.010041",
    "1.012888",
    "1.014027",
    "2.000635",
    "2.000815",
    "2.000884",
]
CIVIL_STATUS = {"1.000656", "1.000894", "1.001193", "1.004873", "2.000635"}
POLICE = {"1.004194", "1.010041"}
FILES = {shipped.read(path).definition.code: path for path in shipped.files()}


@pytest.fixture(params=CODES)
def definition(request):
    return shipped.read(FILES[request.param]).definition


def test_there_are_the_twelve_of_the_brief():
    assert sorted(FILES) == CODES


def test_each_is_complete(definition):
    assert checks.mistakes(definition) == []


def test_each_names_its_law_and_costs_nothing_online(definition):
    registry_law = any(law.startswith("Luật Hộ tịch số 60/2014/QH13") for law in definition.legal_basis)
    assert registry_law == (definition.code in CIVIL_STATUS)
    assert definition.legal_basis
    assert definition.fee("online").amount == 0


def test_each_page_renders_and_asks_little(definition):
    for section in definition.sections:
        form = SectionForm(section, definition=definition, answers={}, user=AnonymousUser())
        assert bool(str(form)) == bool(form.questions)
        assert len(section.fields) <= 6, section.key


def test_three_make_one_come_and_say_why_for_what_and_how_long():
    all_of_them = [shipped.read(path).definition for path in FILES.values()]
    partial = {each.code: each for each in all_of_them if each.level == 3}
    assert sorted(partial) == ["1.000894", "2.000815", "2.000884"]
    assert [each.level for each in all_of_them if each.code not in partial] == [4] * 9
    assert "cùng có mặt" in partial["1.000894"].presence_reason
    assert {code: each.visit.minutes for code, each in partial.items()} == {
        "1.000894": 30,
        "2.000815": 15,
        "2.000884": 20,
    }


def test_the_time_limits_are_those_of_the_law():
    limits = {code: shipped.read(path).definition.limit for code, path in FILES.items()}
    assert {code: (limit.kind, limit.amount) for code, limit in limits.items()} == {
        "1.000656": ("same_day", 0),
        "1.000894": ("same_day", 0),
        "1.001193": ("same_day", 0),
        "1.001699": ("working_days", 25),
        "1.004194": ("working_days", 3),
        "1.004873": ("working_days", 3),
        "1.010041": ("working_minutes", 240),
        "1.012888": ("working_days", 7),
        "1.014027": ("working_days", 10),
        "2.000635": ("same_day", 0),
        "2.000815": ("same_day", 0),
        "2.000884": ("same_day", 0),
    }


def test_the_police_decide_on_residence_with_their_own_slips(definition):
    police = definition.code in POLICE
    assert (definition.decided_by == "Trưởng Công an phường") == police
    assert definition.slip_family == ("cu_tru" if police else "mot_cua")


def test_what_is_entered_in_the_registers_is_confirmed_by_the_resident(definition):
    assert definition.confirm_draft == (definition.code in CIVIL_STATUS - {"2.000635"})


def test_disability_waits_for_the_council_and_five_days_of_posting():
    steps = {step.key: step.minutes for step in shipped.read(FILES["1.001699"]).definition.steps}
    assert steps["niem-yet"] == 5 * checks.WORKING_DAY
    assert list(steps).index("hop-hoi-dong") + 1 == list(steps).index("niem-yet")


def test_no_identity_paper_is_asked_that_a_database_replaces(definition):
    identity = [paper for paper in definition.papers if "căn cước" in paper.label]
    assert [paper.options.get("replaced_by") for paper in identity] == ["population"] * len(identity)


def test_same_day_work_is_planned_as_two_three_two_and_one_hours():
    steps = shipped.read(FILES["1.001193"]).definition.steps
    assert [step.minutes // 60 for step in steps if step.kind != "deliver"] == [2, 3, 2, 1]


@pytest.mark.parametrize(
    ("found", "wording"),
    [
        ({"tinh_trang_xac_minh": "chua_ket_hon"}, "Hiện tại chưa đăng ký kết hôn với ai."),
        (
            {"tinh_trang_xac_minh": "da_ly_hon", "ban_an_xac_minh": "số 45/2023"},
            "Có đăng ký kết hôn, nhưng đã ly hôn theo Bản án/Quyết định ly hôn số 45/2023. "
            "Hiện tại chưa đăng ký kết hôn với ai.",
        ),
    ],
)
def test_the_certificate_uses_the_wordings_the_law_fixes_for_what_was_verified(found, wording):
    definition = shipped.read(FILES["1.004873"]).definition
    said = {"tinh_trang": "chua_ket_hon", "muc_dich": "nha_dat"}
    values = results.values(definition, said, system={}, findings=found)
    blocks = results.render_blocks(definition.result, values)
    assert [block["text"] for block in blocks if block.get("label") == "Tình trạng hôn nhân"] == [wording]
    assert "Giấy này được sử dụng để: Mua bán, tặng cho nhà đất." in [block["text"] for block in blocks]


@pytest.mark.django_db
def test_loading_publishes_each_once(capsys):
    call_command("load_procedures")
    call_command("load_procedures")
    assert list(Procedure.objects.published().order_by("code").values_list("code", flat=True)) == CODES
    assert [procedure.versions.count() for procedure in Procedure.objects.all()] == [1] * len(CODES)
    assert capsys.readouterr().out.count("không đổi") == len(CODES)


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
