"""Looking a dossier up: enough for whoever holds the receipt, nothing for whoever guesses."""

from datetime import timedelta

import pytest
from django.test import Client

from tests.factories.dossiers import DossierFactory

pytestmark = pytest.mark.django_db

WRONG = "Không tìm thấy hồ sơ nào có mã hồ sơ và mã tra cứu này."


@pytest.fixture
def dossier(ward):
    return DossierFactory(
        ward=ward, processing=True, owner__full_name="Đặng Bí Mật", owner__email="bi-mat@portal.example"
    )


def ask(code, secret, *, address="10.0.0.1"):
    return Client().post("/tra-cuu/", {"code": code, "secret": secret}, REMOTE_ADDR=address)


def wrong_secret(dossier) -> str:
    return "00000000" if dossier.secret != "00000000" else "11111111"


def test_the_page_is_public_and_short():
    response = Client().get("/tra-cuu/")

    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]


def test_code_and_secret_show_where_it_stands(dossier):
    response = ask(f" {dossier.code.lower()} ", f"{dossier.secret[:4]} {dossier.secret[4:]}")

    html = response.content.decode()
    for said in (
        dossier.code,
        dossier.spec.name,
        "Phường Việt Hưng",
        "Đang xử lý",
        "Thẩm định",
        "Lê Thị Ngọc Ánh, Công chức thụ lý",
    ):
        assert said in html
    assert "17:00 ngày 26/11/2026" in html
    assert "no-store" in response["Cache-Control"]


def test_no_personal_data_is_shown(dossier):
    html = ask(dossier.code, dossier.secret).content.decode()

    for private in ("Đặng Bí Mật", "bi-mat@", "Nguyễn Thị Hường", "Đăng ký kết hôn", dossier.secret, str(dossier.pk)):
        assert private not in html


def test_an_unknown_code_and_a_wrong_secret_are_answered_alike(dossier, django_assert_num_queries):
    Client().get("/tra-cuu/")  # the first visit fills what a process keeps
    answers = []
    for code in (dossier.code, "H26.004.127-261123-9999"):
        with django_assert_num_queries(1):
            response = ask(code, wrong_secret(dossier))
        assert WRONG in response.content.decode()
        answers.append(response.content.decode().replace(code, "CODE"))

    assert _without_tokens(answers[0]) == _without_tokens(answers[1])


def _without_tokens(html: str) -> str:
    return "\n".join(line for line in html.splitlines() if "csrfmiddlewaretoken" not in line)


def test_a_draft_is_not_found(ward):
    draft = DossierFactory(ward=ward)

    assert WRONG in ask("None", draft.secret).content.decode()
    assert ask("", draft.secret).status_code == 200


def test_ten_wrong_tries_an_hour_and_no_more_from_one_address(dossier, clock):
    for _try in range(10):
        assert ask(f"H26-{_try}", "12345678").status_code == 200

    assert ask(dossier.code, dossier.secret).status_code == 429
    assert ask(dossier.code, dossier.secret, address="10.0.0.2").status_code == 200
    clock.shift(timedelta(hours=1, minutes=1))
    assert ask(dossier.code, dossier.secret).status_code == 200


def test_ten_wrong_tries_an_hour_and_no_more_for_one_code(dossier):
    for number in range(10):
        ask(dossier.code, wrong_secret(dossier), address=f"10.0.1.{number}")

    assert ask(dossier.code, dossier.secret, address="10.0.2.1").status_code == 429


def test_a_forged_forwarding_header_is_not_another_address(dossier):
    for number in range(10):
        Client().post(
            "/tra-cuu/", {"code": f"X{number}", "secret": "1"}, headers={"x-forwarded-for": f"9.9.9.{number}"}
        )

    response = Client().post(
        "/tra-cuu/", {"code": dossier.code, "secret": dossier.secret}, headers={"x-forwarded-for": "8.8.8.8"}
    )
    assert response.status_code == 429


def test_right_tries_are_not_counted(dossier):
    for _try in range(15):
        assert ask(dossier.code, dossier.secret).status_code == 200


@pytest.mark.parametrize(
    ("code", "secret"),
    [("a\x00b", "1"), ("x" * 10_000, "1"), ("", ""), ("Ａ–１", "２"), ("' OR 1=1 --", "' OR 1=1 --")],
)
def test_hostile_input_is_answered_calmly(code, secret):
    assert ask(code, secret).status_code == 200


def test_the_secret_is_never_in_an_address(dossier):
    response = Client().get(f"/tra-cuu/?code={dossier.code}&secret={dossier.secret}")

    assert dossier.spec.name not in response.content.decode()


def test_a_post_without_its_token_is_refused(dossier):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post("/tra-cuu/", {"code": dossier.code, "secret": dossier.secret}).status_code == 403
