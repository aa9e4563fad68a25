"""Every move of the desk, by everybody who might try it."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from portal.core.audit import history_of
from services.desk import draft, phrases
from services.desk.pages import PAGES
from services.dossiers import actions
from services.dossiers.models import Dossier, Step

from .conftest import make_officer
from .test_more_moves import MORE

REASON = {"reason": "Sai <b>họ tên</b>"}
# move, who owes it, what is said, the state and the kind of step it leads to
MOVES = [
    ("accept", "clerk", {}, "accepted", "receive"),
    ("hand_on", "clerk", {}, "processing", "work"),
    ("approve", "specialist", {"note": "Đã đối chiếu"}, "processing", "sign"),
    ("sign", "leader", {}, "processing", "issue"),
    ("number", "registry_clerk", {}, "processing", "issue"),
    ("issue", "registry_clerk", {}, "done", "deliver"),
    ("deliver", "clerk", {"way": "portal"}, "delivered", None),
    (
        "request_supplement",
        "clerk",
        {**REASON, "contact": "Lan, 024 3827 1234", "tick-ly_hon": "on", "what-ly_hon": "Chụp lại trang 2"},
        "supplement",
        "receive",
    ),
    ("refuse", "clerk", REASON, "refused", None),
    ("send_back", "leader", REASON, "processing", "work"),
]
NAMES = [name for name, *_rest in MOVES]


def test_every_move_with_a_page_is_tried_here_or_beside():
    assert set(NAMES) | set(MORE) | {"reassign", "approve_interest", "record_findings"} == set(PAGES)


def post(client, user, dossier, name, said=(), *, step=None):
    client.force_login(user)
    if step is None:
        dossier.refresh_from_db()
        step = dossier.current_step.turn if dossier.current_step else ""
    if name == "sign":
        said = {"seen": draft.digest(dossier, signer=user, at=timezone.now()), **dict(said)}
    return client.post(reverse(f"desk:{name}", args=[dossier.pk]), {"step": step, **dict(said)})


@pytest.mark.parametrize(("name", "position", "said", "state", "kind"), MOVES, ids=NAMES)
def test_whoever_owes_the_step_makes_the_move(client, send, walk, officers, name, position, said, state, kind):
    dossier = walk(send(), name)

    assert client.get(reverse(f"desk:{name}", args=[dossier.pk])).status_code == 302  # to sign in
    client.force_login(officers[position])
    assert client.get(reverse(f"desk:{name}", args=[dossier.pk])).status_code == 200
    response = post(client, officers[position], dossier, name, said)

    assert response.status_code == 302
    dossier.refresh_from_db()
    assert dossier.state == state
    assert (dossier.current_step.kind if dossier.current_step else None) == kind
    last = history_of(dossier).last()
    assert (last.action, last.actor_id, last.at) == (name, officers[position].pk, timezone.now())


@pytest.mark.parametrize(
    ("name", "wrong", "said"),
    [
        (name, wrong, said)
        for name, position, said, *_end in MOVES
        for wrong in ("clerk", "specialist", "registry_clerk", "leader")
        if wrong != position
    ],
)
def test_another_position_gets_403(client, send, walk, officers, name, wrong, said):
    dossier = walk(send(), name)
    before = Dossier.objects.values().get(pk=dossier.pk)

    response = post(client, officers[wrong], dossier, name, said)

    assert response.status_code == 403
    assert client.get(reverse(f"desk:{name}", args=[dossier.pk])).status_code == 403
    assert Dossier.objects.values().get(pk=dossier.pk) == before


@pytest.mark.parametrize(("name", "position", "said"), [row[:3] for row in MOVES], ids=NAMES)
def test_the_same_position_of_another_ward_gets_404(client, send, walk, strangers, name, position, said):
    dossier = walk(send(), name)
    before = Dossier.objects.values().get(pk=dossier.pk)

    assert post(client, strangers[position], dossier, name, said).status_code == 404
    assert client.get(reverse(f"desk:{name}", args=[dossier.pk])).status_code == 404
    assert Dossier.objects.values().get(pk=dossier.pk) == before


@pytest.mark.parametrize(("name", "said"), [(row[0], row[2]) for row in MOVES], ids=NAMES)
def test_a_resident_gets_404_for_their_own_dossier(client, send, walk, resident, name, said):
    dossier = walk(send(), name)

    assert post(client, resident, dossier, name, said).status_code == 404


@pytest.mark.parametrize(("name", "position", "said"), [row[:3] for row in MOVES], ids=NAMES)
def test_a_move_out_of_turn_gets_409(client, send, walk, officers, name, position, said):
    elsewhere = {"accept": "sign", "request_supplement": "sign", "refuse": "sign"}.get(name, "accept")
    dossier = walk(send(), elsewhere)
    state = dossier.state

    response = post(client, officers[position], dossier, name, said)

    assert response.status_code == 409
    dossier.refresh_from_db()
    assert dossier.state == state


@pytest.mark.parametrize(("name", "position", "said"), [row[:3] for row in MOVES], ids=NAMES)
def test_a_post_without_the_step_it_was_made_on_changes_nothing(client, send, walk, officers, name, position, said):
    dossier = walk(send(), name)
    state = dossier.state

    assert post(client, officers[position], dossier, name, said, step="").status_code == 409
    dossier.refresh_from_db()
    assert dossier.state == state


def test_whoever_hands_a_dossier_on_is_told_who_has_it_now(client, send, walk, officers):
    answer = post(client, officers["clerk"], walk(send(), "hand_on"), "hand_on")

    told = client.get(answer.url).text
    assert f"Người làm tiếp: {officers['specialist']} (Công chức thụ lý)." in told


@pytest.mark.parametrize("name", ["refuse", "send_back", "request_supplement"])
def test_a_move_that_needs_a_reason_says_so_and_keeps_what_was_typed(client, send, walk, officers, name):
    dossier = walk(send(), name)
    state = dossier.state

    response = post(
        client, officers["leader" if name == "send_back" else "clerk"], dossier, name, {"contact": "Lan 0912"}
    )

    assert response.status_code == 200
    assert "Chọn một câu soạn sẵn hoặc viết lý do." in response.text
    nothing_ticked = "Đánh dấu ít nhất một nội dung cần bổ sung." in response.text  # said at once, not the next time
    assert nothing_ticked == (name == "request_supplement")
    dossier.refresh_from_db()
    assert dossier.state == state


def test_a_prepared_reason_and_own_words_are_one_reason(client, send, walk, officers):
    dossier = walk(send(), "refuse")
    prepared = phrases.REFUSAL_REASONS[0]

    post(client, officers["clerk"], dossier, "refuse", {"phrase": prepared, "reason": "Hãy nộp tại phường Giang Biên."})

    assert history_of(dossier).last().data["reason"] == f"{prepared} Hãy nộp tại phường Giang Biên."


def test_a_null_byte_in_a_reason_is_a_mistake_not_a_crash(client, send, walk, officers):
    assert post(client, officers["clerk"], walk(send(), "refuse"), "refuse", {"reason": "a\0b"}).status_code == 200


# --- Somebody was quicker ----------------------------------------------------------------------------


def test_the_second_of_two_officers_is_told_who_was_quicker_and_when(client, send, walk, officers, ward, clock):
    colleague = make_officer("clerk", ward, "Trần Thị Mai", login="mai")
    dossier = walk(send(), "accept")
    seen = dossier.current_step.turn
    clock.shift(timedelta(minutes=7))
    assert post(client, colleague, dossier, "accept", step=seen).status_code == 302
    clock.shift(timedelta(minutes=1))

    response = post(client, officers["clerk"], dossier, "refuse", REASON, step=seen)

    assert response.status_code == 409
    assert "Trần Thị Mai" in response.text
    assert "Đã tiếp nhận hồ sơ" in response.text
    assert "10:07" in response.text
    dossier.refresh_from_db()
    assert dossier.state == "accepted"


def test_a_screen_from_before_the_supplement_cannot_accept_what_came_after(client, send, walk, officers, complete):
    dossier = walk(send(), "accept")
    seen = dossier.current_step.turn
    complete(dossier, at=timezone.now())

    assert post(client, officers["clerk"], dossier, "accept", step=seen).status_code == 409
    dossier.refresh_from_db()
    assert dossier.state == "submitted"


def test_a_signing_page_from_before_the_return_cannot_sign(client, send, walk, officers, clock):
    dossier = walk(send(), "sign")
    seen = dossier.current_step.turn
    clock.shift(timedelta(minutes=1))
    actions.send_back(dossier, by=officers["leader"], at=timezone.now(), reason="Sai")
    clock.shift(timedelta(minutes=1))
    actions.approve(dossier, by=officers["specialist"], at=timezone.now())

    assert post(client, officers["leader"], dossier, "sign", step=seen).status_code == 409
    dossier.refresh_from_db()
    assert dossier.signed_at is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("rival", ["refuse", "accept"])
def test_of_two_officers_acting_at_once_one_wins(send, officers, ward, rival):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite lets one writer in at a time")
    colleague = make_officer("clerk", ward, "Trần Thị Mai", login="mai")
    dossier = send()
    turn, barrier, outcomes = dossier.current_step.turn, threading.Barrier(2), []

    def act(officer, name, words):
        client = Client()
        client.force_login(officer)
        barrier.wait(timeout=10)
        response = client.post(reverse(f"desk:{name}", args=[dossier.pk]), {"step": turn, **words})
        outcomes.append((response.status_code, name, response.text))
        connection.close()

    threads = [
        threading.Thread(target=act, args=(officers["clerk"], "accept", {})),
        threading.Thread(target=act, args=(colleague, rival, REASON if rival == "refuse" else {})),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(status for status, _name, _text in outcomes) == [302, 409]
    winner = next(name for status, name, _text in outcomes if status == 302)
    loser_reads = next(text for status, _name, text in outcomes if status == 409)
    dossier.refresh_from_db()
    assert dossier.state == {"accept": "accepted", "refuse": "refused"}[winner]
    made = [event for event in history_of(dossier) if event.action != "submit"]
    assert [event.action for event in made] == [winner]
    assert made[0].actor_name in loser_reads


# --- Odd wards and procedures ------------------------------------------------------------------------


def test_an_officer_makes_no_move_on_their_own_dossier(client, send, officers, ward):
    officer = make_officer("clerk", ward, "Lê Văn Tự", login="tu")
    dossier = send(by=officer)

    assert dossier.current_step.assignee == officers["clerk"]
    assert post(client, officer, dossier, "accept").status_code == 403
    assert "Đây là hồ sơ của chính bạn" in client.get(reverse("desk:dossier", args=[dossier.pk])).text


def test_a_step_that_nobody_can_own_is_said_in_words(client, send, walk, officers):
    dossier = walk(send(), "hand_on")
    for position in ("specialist", "leader"):
        officers[position].memberships.update(ended_at=timezone.now())

    response = post(client, officers["clerk"], dossier, "hand_on")

    assert response.status_code == 200
    assert "Chưa có ai giữ vị trí của bước sau" in response.text
    dossier.refresh_from_db()
    assert dossier.state == "accepted"


def test_a_result_that_nobody_examined_cannot_be_sent_back(client, send, walk, officers):
    dossier = walk(send(), "sign")
    Step.objects.filter(dossier=dossier, kind="work").update(kind="receive")

    assert post(client, officers["leader"], dossier, "send_back", REASON).status_code == 409


def test_after_the_last_thing_to_do_comes_the_list(client, send, walk, officers):
    dossier = walk(send(), "accept")

    assert post(client, officers["clerk"], dossier, "accept").url == reverse("desk:dossier", args=[dossier.pk])
    assert post(client, officers["clerk"], dossier, "hand_on").url == reverse("desk:work")


def test_nothing_is_delivered_before_its_signed_file_exists(client, send, walk, officers):
    dossier = walk(send(), "deliver", with_file=False)
    client.force_login(officers["clerk"])

    assert "Văn bản kết quả đang được lập và ký số" in client.get(reverse("desk:dossier", args=[dossier.pk])).text
    assert post(client, officers["clerk"], dossier, "deliver").status_code == 409
