"""What the resident is told when the ward is late, and that their own rights are never behind the gate."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from buildings.roles import Position
from portal.core.lateness import LatenessState
from services.dossiers import lateness
from services.dossiers.models import DossierState
from tests.clients import as_user
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, DossierFactory
from tests.factories.lateness import APOLOGY, EXPLANATION, late_case

pytestmark = pytest.mark.django_db
L = LatenessState

LATE_AT = AT + timedelta(days=1)
NEW_DUE = AT + timedelta(days=4, hours=7)  # Friday, 16:00


@pytest.fixture
def dossier(ward, resident, clock):
    made = DossierFactory(ward=ward, owner=resident, processing=True)
    clock.move_to(LATE_AT)
    return made


def looked_up(dossier) -> str:
    cache.clear()
    return Client().post("/tra-cuu/", {"code": dossier.code, "secret": dossier.secret}).text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (None, "Người phụ trách đang giải trình với lãnh đạo phường."),
        (L.EXPLAINING, "Người phụ trách đang giải trình với lãnh đạo phường."),
        (L.EXPLAINED, "Lãnh đạo phường đang xem giải trình."),
        (L.APOLOGISING, "Phường đang soạn thư xin lỗi gửi bạn."),
        (L.DRAFTED, "Thư xin lỗi đang chờ lãnh đạo phường ký."),
        (L.SIGNED, "Thư xin lỗi đã được ký và đang được gửi đến bạn."),
        (L.SENT, "Hồ sơ được giải quyết tiếp khi thư đến nơi."),
    ],
)
def test_the_owner_and_whoever_looks_it_up_are_told_what_happens_now(dossier, signed_in, printed, state, words):
    if state:
        late_case(dossier, state, at=LATE_AT - timedelta(minutes=10), text="NỘI BỘ")

    for page in (signed_in.get(dossier.get_absolute_url()).text, looked_up(dossier)):
        assert "Hồ sơ đang bị chậm" in page
        assert "Bước “Thẩm định” đã quá hạn từ" in page
        assert words in page
        assert "NỘI BỘ" not in page
        assert EXPLANATION["remedy"] not in page


def test_after_the_apology_the_letter_and_the_new_date_are_there(dossier, signed_in, printed):
    late_case(dossier, L.TOLD, at=LATE_AT - timedelta(minutes=10), new_due_at=NEW_DUE)

    page = signed_in.get(dossier.get_absolute_url()).text
    assert "Phường đã xin lỗi" in page
    assert "Phiếu xin lỗi và đề nghị gia hạn thời gian giải quyết" in page
    assert page.count("16:00 ngày 27/11/2026") >= 3  # the label, the notice, the facts
    assert "Đã hẹn lại" in page
    public = looked_up(dossier)
    assert "16:00 ngày 27/11/2026" in public
    assert APOLOGY not in public  # the reason stands in the letter alone


def test_what_a_leader_let_go_on_is_not_called_an_apology(dossier, signed_in):
    case = late_case(dossier, at=LATE_AT)
    leader = officer(Position.LEADER, dossier.ward)
    lateness.process.override(case, by=leader, at=LATE_AT, reason="Công dân cần gấp.")

    page = signed_in.get(dossier.get_absolute_url()).text
    assert "Hồ sơ đã bị chậm ở bước “Thẩm định”." in page
    assert "Lãnh đạo phường cho giải quyết tiếp" in page
    assert "xin lỗi" not in page.split("Quá trình giải quyết")[0].split("<main")[1]
    assert "Công dân cần gấp." not in page


def test_a_late_dossier_can_be_taken_back_on_the_screen(dossier, signed_in):
    late_case(dossier, at=LATE_AT)
    there = f"{dossier.get_absolute_url()}rut/"
    assert there in signed_in.get(dossier.get_absolute_url()).text

    signed_in.post(there, {"reason": "Không cần nữa."})

    dossier.refresh_from_db()
    assert dossier.state == DossierState.WITHDRAWN


def test_of_an_error_the_public_reads_no_more_than_that_it_happened(dossier, signed_in):
    specialist = officer(Position.SPECIALIST, dossier.ward)
    on_time = DossierFactory(ward=dossier.ward, owner=dossier.owner, processing=True, at=timezone.now())
    lateness.report_error(on_time, by=specialist, at=timezone.now(), what="In sai tên mẹ", responsible=specialist)

    public = looked_up(on_time)
    assert "Phường đã để xảy ra sai sót" in public
    assert "In sai tên mẹ" not in public


def test_a_dossier_in_good_time_says_nothing_of_lateness(ward, resident, signed_in):
    made = DossierFactory(ward=ward, owner=resident, processing=True)

    page = signed_in.get(made.get_absolute_url()).text
    assert "bị chậm" not in page
    assert "xin lỗi" not in page.split("<footer")[0].split("<main")[1]


def test_a_promise_made_anew_stands_in_the_label_until_it_passes(dossier, resident, printed, clock):
    late_case(dossier, L.TOLD, at=LATE_AT - timedelta(minutes=10), new_due_at=NEW_DUE)

    clock.move_to(NEW_DUE - timedelta(days=1))
    assert "Đã hẹn lại" in as_user(resident).get("/ho-so/").text
    clock.move_to(NEW_DUE + timedelta(minutes=1))
    assert "Quá hạn" in as_user(resident).get("/ho-so/").text
