"""Rule sets are data; a dossier keeps the one it was accepted under."""

from datetime import UTC, datetime

import pytest

from services.documents.models import IssuedDocument
from services.dossiers import rules
from services.dossiers.models import Dossier
from tests.factories.dossiers import DossierFactory, advance
from tests.factories.people import UserFactory

FORMS = {"acknowledgement", "receipt", "supplement", "refusal", "apology", "stop", "control", "register", "fee"}


def on(year, month, day):
    return datetime(year, month, day, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("day", "key"),
    [
        (on(2017, 8, 31), "pilot-2017"),
        (on(2018, 6, 20), "pilot-2017"),
        (on(2018, 6, 21), "2018"),
        (on(2025, 6, 30), "2018"),
        (on(2025, 7, 1), "2026"),
        (on(2030, 1, 1), "2026"),
        (on(2010, 1, 1), "pilot-2017"),  # before the first one, the first
    ],
)
def test_the_rule_set_in_force_follows_the_day(day, key):
    assert rules.in_force(day).key == key


def test_the_day_is_the_one_in_vietnam():
    assert rules.in_force(datetime(2025, 6, 30, 17, 30, tzinfo=UTC)).key == "2026"  # 0:30 on 1 July in Hanoi


@pytest.mark.parametrize("key", rules.rule_sets())
def test_every_rule_set_knows_every_form(key):
    assert set(rules.rule_set(key).forms) == FORMS


def test_the_circular_of_2025_has_seven_numbered_forms_and_that_of_2018_six():
    numbered = {key: sorted(f.number for f in r.forms.values() if f.number) for key, r in rules.rule_sets().items()}

    assert numbered == {
        "pilot-2017": [],
        "2018": [f"Mẫu số {n:02d}" for n in range(1, 7)],
        "2026": [f"Mẫu số {n:02d}" for n in range(1, 8)],
    }


def test_rule_sets_follow_one_another_without_gap_or_overlap():
    ordered = list(rules.rule_sets().values())

    for earlier, later in zip(ordered, ordered[1:], strict=False):
        assert (later.effective_from - earlier.effective_to).days == 1
    assert ordered[-1].effective_to is None


@pytest.mark.django_db
def test_a_dossier_pins_its_rule_set_at_acceptance_and_keeps_it(monkeypatch):
    dossier = DossierFactory(submitted=True)
    assert dossier.rule_set == ""

    dossier = advance(dossier, "accept", at=dossier.submitted_at)
    Dossier.objects.filter(pk=dossier.pk).update(rule_set="2018")  # as one accepted then would have it

    kept = Dossier.objects.get(pk=dossier.pk)
    assert (dossier.rule_set, kept.rules.key) == ("2026", "2018")


@pytest.mark.django_db
def test_slips_bear_the_title_number_and_suffix_of_their_rule_set():
    dossier = DossierFactory(refused=True)

    slip = IssuedDocument.objects.about(dossier).get(kind="refusal")

    assert (slip.title, slip.suffix, slip.context["form"]) == (
        "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
        "PTC-BPTNTKQ",
        {"number": "Mẫu số 03", "basis": "Nghị định 297/2025/NĐ-CP, Điều 6"},
    )


@pytest.mark.django_db
def test_who_files_for_somebody_else_is_named_beside_them_with_their_own_number():
    father = UserFactory(full_name="Trần Văn Bố", personal_number="000085000123", address="Phố Vạn Hạnh")
    dossier = DossierFactory(accepted=True, owner=father)  # filed for Nguyễn Thị Hường

    said = IssuedDocument.objects.about(dossier).get(kind="receipt").context

    assert (said["applicant"], said["personal_number"], said["address"]) == ("Nguyễn Thị Hường", "", "")
    assert (said["filer"], said["filer_personal_number"]) == ("Trần Văn Bố", "000085000123")
