"""Prepared reasons: written by the ward, offered where a reason is asked."""

import pytest
from django.urls import reverse

from services.desk.models import PreparedReason
from services.desk.reasons import prepared

from .conftest import NOW

ADD, LIST = reverse("desk:reason_add"), reverse("desk:reasons")
TEXT = "Hồ sơ thuộc thẩm quyền của phường nơi bạn thường trú."


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


def test_a_ward_adds_a_sentence_and_it_is_offered_first(client, send, clerk):
    client.post(ADD, {"kind": "refusal", "procedure": "", "text": f"  {TEXT}  "})
    dossier = send()

    assert prepared("refusal", dossier)[0] == TEXT
    assert TEXT in client.get(reverse("desk:refuse", args=[dossier.pk])).text
    assert TEXT not in prepared("return", dossier)


def test_another_ward_is_not_offered_it(client, send, clerk, other_ward, strangers):
    client.post(ADD, {"kind": "refusal", "text": TEXT})
    own = PreparedReason.objects.get()

    assert TEXT not in prepared("refusal", send(to=other_ward))
    client.force_login(strangers["leader"])
    assert TEXT not in client.get(LIST).text
    assert client.get(reverse("desk:reason_edit", args=[own.pk])).status_code == 404
    assert client.post(reverse("desk:reason_remove", args=[own.pk])).status_code == 404


@pytest.mark.parametrize("text", ["", "   ", "L03", "Mẫu 5", "LD-12/2026", "KHÔNG ĐỦ", "..."])
def test_a_reason_is_never_empty_nor_a_code(client, clerk, text):
    response = client.post(ADD, {"kind": "refusal", "text": text})

    assert response.status_code == 200
    assert response.context["form"].errors["text"]
    assert PreparedReason.objects.count() == 0


def test_a_change_keeps_what_was_written_before(client, send, clerk):
    client.post(ADD, {"kind": "return", "text": TEXT})
    old = PreparedReason.objects.get()

    client.post(reverse("desk:reason_edit", args=[old.pk]), {"kind": "return", "text": f"{TEXT} Xin nộp ở đó."})

    old.refresh_from_db()
    assert (old.text, old.removed_at) == (TEXT, NOW)
    assert prepared("return", send())[0] == f"{TEXT} Xin nộp ở đó."


def test_a_sentence_taken_away_is_not_offered_any_more(client, send, clerk):
    client.post(ADD, {"kind": "item", "text": TEXT})
    client.post(reverse("desk:reason_remove", args=[PreparedReason.objects.get().pk]))

    assert TEXT not in prepared("item", send())


def test_the_same_sentence_twice_is_one(client, clerk):
    for _time in range(2):
        response = client.post(ADD, {"kind": "refusal", "text": TEXT})

    assert "Câu này đã có." in response.text
    assert PreparedReason.objects.count() == 1


@pytest.mark.parametrize(("position", "status"), [("clerk", 200), ("leader", 200), ("specialist", 403)])
def test_clerks_and_leaders_write_them(client, officers, position, status):
    client.force_login(officers[position])

    assert client.get(LIST).status_code == 200
    assert client.get(ADD).status_code == status
