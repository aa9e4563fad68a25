"""The control slip: every hand-over with both sides, read off what was recorded."""

from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse

from buildings.roles import Position
from services.dossiers.models import HandOver
from services.registers import control_slip
from tests.factories.buildings import officer

from .conftest import NOW


def url(dossier, name="control_slip") -> str:
    return reverse(f"registers:{name}", args=[dossier.pk])


def test_every_hand_over_is_a_line_with_both_sides(accepted, ward):
    dossier = accepted("processing")

    lines = control_slip.lines(dossier)

    recorded = list(HandOver.objects.filter(dossier=dossier).order_by("seq"))
    assert [line.given_at for line in lines] == [hand_over.given_at for hand_over in recorded]
    assert lines[0].giver.unit == "Người nộp hồ sơ"
    assert (lines[-1].receiver.unit, lines[-1].receiver.person) == (
        "Công chức thụ lý",
        str(officer(Position.SPECIALIST, ward)),
    )


def test_the_result_is_said_in_words(client, clerk, accepted):
    dossier = accepted("processing")
    last = dossier.hand_overs.order_by("seq").last()
    HandOver.objects.filter(pk=last.pk).update(result="late", note="chờ xác minh", received_at=NOW)

    text = client.get(url(dossier)).text

    assert "quá hạn" in text
    assert "chờ xác minh" in text


def test_the_print_says_what_the_screen_says(client, clerk, accepted):
    dossier = accepted("processing")
    HandOver.objects.filter(dossier=dossier).update(result="on_time")

    response = client.get(url(dossier, "control_slip_print"))

    (page,) = pypdfium2.PdfDocument(response.content)
    text = page.get_textpage().get_text_bounded()
    assert response["Cache-Control"] == "private, no-store"
    for words in ("PHIẾU KIỂM SOÁT QUÁ TRÌNH GIẢI QUYẾT HỒ SƠ", dossier.code, "Mẫu số 06", "PKS-BPTNTKQ", "Đúng hạn"):
        assert words in text


@pytest.mark.parametrize("name", ["control_slip", "control_slip_print"])
def test_it_is_for_the_desk_of_the_ward(client, accepted, neighbour, resident, name):
    dossier = accepted()
    for stranger in (resident, officer(Position.CLERK, neighbour)):
        client.force_login(stranger)
        assert client.get(url(dossier, name)).status_code == 404


@pytest.mark.parametrize("lines", [1, 30])
def test_a_slip_takes_the_same_queries_whatever_its_length(
    client, clerk, accepted, lines, django_assert_max_num_queries
):
    dossier = accepted()
    first = dossier.hand_overs.order_by("seq").last()
    HandOver.objects.bulk_create(
        HandOver(
            dossier=dossier,
            seq=first.seq + number,
            from_step=first.to_step,
            to_step=first.to_step,
            giver=clerk,
            receiver=clerk,
            given_at=NOW + timedelta(minutes=number),
        )
        for number in range(1, lines)
    )

    with django_assert_max_num_queries(12):
        response = client.get(url(dossier))

    assert len(response.context["lines"]) >= lines
