"""The resident completes what the desk asked for."""

import pytest

from services.dossiers.models import Dossier, DossierState
from tests.factories.dossiers import ANSWERS, AT, DossierFactory, photo

from .screens import text_of, url

pytestmark = pytest.mark.django_db


@pytest.fixture
def asked(ward, resident):
    return DossierFactory(ward=ward, owner=resident, supplement=True)


def test_the_dossier_lists_each_thing_to_complete_with_its_way(asked, signed_in):
    html = signed_in.get(asked.get_absolute_url()).content.decode()

    assert url("supplement_item", asked, "muc_dich") in html
    assert url("supplement_item", asked, "can_cuoc") in html
    assert "Ghi rõ dùng để kết hôn với ai." in html
    assert "Trần Thu Hà, 024 3827 1234" in html


def test_a_supplement_is_answered_in_place_and_sent(asked, signed_in):
    too_early = signed_in.post(url("supplement", asked))
    assert too_early.status_code == 400
    assert "Chưa bổ sung: Ảnh bị mờ, chụp lại." in text_of(too_early)

    item = url("supplement_item", asked, "muc_dich")
    assert "Đăng ký kết hôn" in signed_in.get(item).content.decode()
    assert signed_in.post(item, {"muc_dich": "Kết hôn với ông B", "ho_ten": "Kẻ Khác"}).url == url("supplement", asked)
    paper = url("supplement_item", asked, "can_cuoc")
    old = asked.attachments.get()
    assert signed_in.post(paper, {"bo": str(old.pk)}).url == paper
    assert signed_in.post(paper, {"giay-can_cuoc": photo("ro.jpg", colour="#abcdef")}).url == url("supplement", asked)
    assert signed_in.post(url("supplement", asked)).url == asked.get_absolute_url()

    after = Dossier.objects.get(pk=asked.pk)
    assert after.state == DossierState.SUBMITTED
    assert after.answers == {**ANSWERS, "muc_dich": "Kết hôn với ông B"}
    assert [file.name for file in after.attachments.kept()] == ["ro.jpg"]


def test_a_supplement_sent_twice_is_sent_once(asked, signed_in):
    asked.supplement_requests.get().items.update(answered_at=AT)

    for _click in range(2):
        assert signed_in.post(url("supplement", asked)).url == asked.get_absolute_url()

    assert Dossier.objects.get(pk=asked.pk).state == DossierState.SUBMITTED


def test_a_paper_found_right_as_it_is_may_be_kept(asked, signed_in):
    signed_in.post(url("supplement_item", asked, "can_cuoc"), {})

    item = asked.supplement_requests.get().items.get(field="can_cuoc")
    assert item.answered_at is not None


@pytest.mark.parametrize("field", ["ho_ten", "tinh_trang", "giay_khac", "khong-co"])
def test_what_was_not_asked_cannot_be_changed(asked, signed_in, field):
    assert signed_in.get(url("supplement_item", asked, field)).status_code == 404
    assert signed_in.post(url("supplement_item", asked, field), {field: "X"}).status_code == 404


def test_a_wrong_supplement_is_explained_and_not_saved(asked, signed_in):
    response = signed_in.post(url("supplement_item", asked, "muc_dich"), {"muc_dich": ""})

    assert response.status_code == 200
    assert 'role="alert"' in response.content.decode()
    assert Dossier.objects.get(pk=asked.pk).answers == ANSWERS
