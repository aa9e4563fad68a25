"""Saying, reading, answering: who may, who is told, and that nothing is said twice or lost."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from buildings.roles import Position
from portal.core import outbox
from portal.core.audit import history_of, verify
from portal.core.models import Notification
from services.conversation import actions, queries, rules
from services.conversation.models import TEXT_LENGTH, Message, MessageFile
from services.dossiers.models import Dossier, Interest
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import DossierFactory, photo
from tests.factories.people import UserFactory

from .conftest import NOW, told

pytestmark = pytest.mark.django_db

NOTE, COMPLAINT = Message.Kind.NOTE, Message.Kind.COMPLAINT
STORAGE = MessageFile._meta.get_field("file").storage


# --- Who may -----------------------------------------------------------------------------------------


def test_each_side_writes_for_itself(say, dossier, resident, officers):
    asked, answered = say(resident), say(officers["registry_clerk"], "Mời bạn chờ.")

    assert (asked.side, answered.side) == (Message.Side.RESIDENT, Message.Side.DESK)
    assert list(queries.thread(resident, dossier)) == [asked, answered]
    assert list(queries.thread(officers["clerk"], dossier)) == [asked, answered]


def test_nobody_else_writes_or_reads(say, dossier, resident):
    say(resident)
    stranger, elsewhere = UserFactory(), officer(Position.LEADER, WardFactory(neighbour=True))

    for person in (stranger, elsewhere):
        with pytest.raises(PermissionDenied):
            say(person)
        assert list(queries.thread(person, dossier)) == []
        assert actions.mark_read(dossier, by=person, at=NOW) == set()
    assert Message.objects.get().read_at is None


def test_an_officer_is_the_resident_of_their_own_dossier_and_nothing_else(say, ward, officers):
    own = DossierFactory(ward=ward, owner=officers["clerk"], processing=True)
    note = say(officers["specialist"], "Cần xác minh.", about=own, kind=NOTE)

    assert say(officers["clerk"], about=own).side == Message.Side.RESIDENT
    with pytest.raises(PermissionDenied):
        say(officers["clerk"], about=own, kind=NOTE)
    with pytest.raises(PermissionDenied):
        actions.settle(own, by=officers["clerk"], at=NOW)
    assert note not in Message.objects.visible_to(officers["clerk"])
    assert note in Message.objects.visible_to(officers["leader"])
    assert list(queries.unanswered(officers["clerk"], ward)) == []
    assert list(queries.unanswered(officers["leader"], ward)) == [own]


def test_an_officer_who_declared_an_interest_reads_and_hears_nothing(say, ward, dossier, resident, officers):
    specialist, leader = officers["specialist"], officers["leader"]
    note = say(leader, "Cần xác minh.", kind=NOTE)
    for officer_ in (specialist, leader):
        Interest.objects.create(dossier=dossier, officer=officer_, relation="anh em", declared_at=NOW)
    dossier = Dossier.objects.get(pk=dossier.pk)

    say(resident, about=dossier), say(resident, about=dossier, kind=COMPLAINT)

    for officer_ in (specialist, leader):
        assert note not in Message.objects.visible_to(officer_)
        assert list(queries.complaints(officer_, ward)) == []
        assert told(officer_) == []
        with pytest.raises(PermissionDenied):
            say(officer_, about=dossier)
    assert len(told(officers["clerk"])) == 2


@pytest.mark.parametrize(("who", "kind"), [("resident", NOTE), ("desk", COMPLAINT)])
def test_notes_are_the_desks_and_complaints_the_residents(say, resident, officers, who, kind):
    with pytest.raises(PermissionDenied):
        say(resident if who == "resident" else officers["clerk"], kind=kind)


def test_the_database_itself_refuses_a_note_by_the_resident(dossier, resident):
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.create(dossier=dossier, author=resident, side="resident", kind=NOTE, text="x", sent_at=NOW)


@pytest.mark.parametrize(
    "state", ["submitted", "supplement", "refused", "accepted", "signed", "done", "delivered", "withdrawn"]
)
def test_both_sides_write_in_every_state_of_a_sent_dossier(say, ward, resident, officers, state):
    dossier = DossierFactory(ward=ward, owner=resident, **{state: True})

    said = [say(resident, about=dossier), say(officers["leader"], about=dossier)]

    assert list(queries.thread(resident, dossier)) == said


def test_a_draft_has_no_conversation(say, ward, resident):
    with pytest.raises(PermissionDenied):
        say(resident, about=DossierFactory(ward=ward, owner=resident))


def test_a_late_dossier_stops_no_resident(say, dossier, resident):
    """However far its step is past its due time: the resident asks and complains."""
    long_after = NOW + timedelta(days=60)
    Dossier.objects.filter(pk=dossier.pk).update(next_due_at=NOW - timedelta(days=1))

    assert say(resident, at=long_after).sent_at == long_after
    assert say(resident, at=long_after, kind=COMPLAINT).due_at > long_after


def test_ninety_days_after_its_end_the_conversation_closes_but_what_waits_is_still_answered(
    say, ward, resident, officers
):
    dossier = DossierFactory(ward=ward, owner=resident, withdrawn=True)
    closes = rules.closes_at(dossier)
    say(resident, "Còn một câu hỏi.", about=dossier, at=closes - timedelta(seconds=1))

    with pytest.raises(actions.Closed):
        say(resident, about=dossier, at=closes)
    say(officers["clerk"], about=dossier, at=closes)
    with pytest.raises(actions.Closed):
        say(officers["clerk"], about=dossier, at=closes)
    assert closes - dossier.changed_at == timedelta(days=90)


# --- Once and whole ----------------------------------------------------------------------------------


def test_a_button_pressed_twice_sends_one_message(say, resident):
    token = uuid4()

    first, second = (say(resident, token=token, files=[photo()]) for _click in range(2))

    assert first == second
    assert (Message.objects.count(), MessageFile.objects.count()) == (1, 1)


def test_the_token_of_somebody_elses_form_is_nobodys_answer(say, resident, officers):
    token = uuid4()

    assert [say(by, token=token).author for by in (resident, officers["clerk"])] == [resident, officers["clerk"]]


def test_two_tokens_are_two_messages_even_with_the_same_words(say, resident):
    say(resident), say(resident)

    assert Message.objects.count() == 2


@pytest.mark.parametrize("text", ["", "  \n ", "x" * (TEXT_LENGTH + 1)])
def test_a_message_is_neither_empty_nor_endless(say, resident, text):
    with pytest.raises(ValueError, match="from one to 4000"):
        say(resident, text)


@pytest.mark.bucket
def test_a_file_is_kept_encrypted(say, resident):
    kept = say(resident, files=[photo()]).files.get()

    with STORAGE.inner.open(kept.file.name) as raw:
        assert not raw.read().startswith(b"\xff\xd8\xff")
    assert kept.file.read().startswith(b"\xff\xd8\xff")


@pytest.mark.bucket
def test_a_refused_message_leaves_no_file_behind(say, monkeypatch):
    saved = []
    save = STORAGE.save
    monkeypatch.setattr(STORAGE, "save", lambda name, content: saved.append(save(name, content)) or saved[-1])

    with pytest.raises(PermissionDenied):
        say(UserFactory(), files=[photo()])

    assert [STORAGE.exists(name) for name in saved] == [False]


def test_a_message_takes_five_files(say, resident):
    colours = ("#111111", "#222222", "#333333", "#444444", "#555555", "#666666")
    with pytest.raises(ValidationError, match="nhiều nhất 5 tệp"):
        say(resident, files=[photo(colour=colour) for colour in colours])
    assert Message.objects.count() == 0


def test_every_message_is_sealed_in_a_stream_of_its_own(say, dossier, resident, officers):
    moves = history_of(dossier).count()
    message = say(resident)

    [event] = history_of(message)
    assert (event.action, event.data["kind"], verify([event])) == ("sent", "message", None)
    assert "hồ sơ" not in str(event.data)
    assert history_of(dossier).count() == moves


# --- Being told --------------------------------------------------------------------------------------


def test_the_other_side_is_told_once_until_it_reads(say, dossier, resident, officers):
    specialist = officers["specialist"]
    say(resident), say(resident), say(resident)
    assert told(specialist) == [f"Công dân nhắn về hồ sơ {dossier.code}"]

    assert len(actions.mark_read(dossier, by=officers["leader"], at=NOW)) == 3
    say(resident), say(resident)
    assert len(told(specialist)) == 2

    say(specialist), say(specialist)
    assert told(resident) == [f"Phường nhắn bạn về hồ sơ {dossier.code}"]


def test_a_notice_carries_none_of_the_words(say, resident, officers):
    say(resident, "Số điện thoại của tôi 0912 345 678")
    say(officers["clerk"], "Đã gọi 0912 345 678")

    assert not Notification.objects.filter(body__contains="0912").exists()


def test_whoever_owes_the_step_is_told_else_who_wrote_last_else_the_clerks(say, ward, resident, officers):
    at_intake = DossierFactory(ward=ward, owner=resident, submitted=True)
    say(resident, about=at_intake)
    assert [len(told(officers[position])) for position in ("clerk", "specialist")] == [1, 0]

    ended = DossierFactory(ward=ward, owner=resident, withdrawn=True)
    say(resident, about=ended)
    assert len(told(officers["clerk"])) == 2
    say(officers["registry_clerk"], about=ended)
    say(resident, about=ended)
    assert len(told(officers["registry_clerk"])) == 1


def test_reading_and_writing_at_once_loses_no_notice(say, dossier, resident, officers):
    """The second message arrives after the desk looked: it is unread, and told anew."""
    say(resident)
    actions.mark_read(dossier, by=officers["specialist"], at=NOW)
    say(resident)

    assert len(told(officers["specialist"])) == 2
    assert queries.glance(officers["specialist"], dossier, Message.Side.DESK).unread == 1


def test_the_writers_own_side_does_not_mark_its_messages_as_read(say, dossier, resident, officers):
    say(officers["clerk"])

    assert actions.mark_read(dossier, by=officers["leader"], at=NOW) == set()
    assert len(actions.mark_read(dossier, by=resident, at=NOW)) == 1
    assert (Message.objects.get().read_at, Message.objects.get().read_by) == (NOW, resident)


# --- Notes -------------------------------------------------------------------------------------------


def test_a_note_reaches_nobody_but_the_desk(say, dossier, resident, officers):
    note = say(officers["specialist"], "Nghi trùng hồ sơ năm ngoái.", kind=NOTE, files=[photo()])
    outbox.run_all(at=NOW)

    assert note not in Message.objects.visible_to(resident)
    assert not MessageFile.objects.visible_to(resident).exists()
    assert list(queries.thread(officers["leader"], dossier)) == [note]
    assert [told(user) for user in (resident, officers["leader"], officers["specialist"])] == [[], [], []]
    assert queries.glance(resident, dossier, Message.Side.RESIDENT).total == 0
    assert not any("trùng" in str(event.data) for event in history_of(dossier))
    assert not any("trùng" in str(event.data) for event in history_of(note))


def test_a_note_answers_nothing(say, ward, resident, officers):
    say(resident)
    say(officers["clerk"], kind=NOTE)

    assert queries.unanswered(officers["clerk"], ward).count() == 1


# --- Answering ---------------------------------------------------------------------------------------


def test_what_waits_for_an_answer_is_counted_until_it_is_given(say, ward, dossier, resident, officers):
    other = DossierFactory(ward=ward, owner=resident, processing=True)
    say(resident), say(resident), say(resident, about=other)
    assert set(queries.unanswered(officers["clerk"], ward)) == {dossier, other}

    say(officers["specialist"], "Đã kiểm tra.")
    assert list(queries.unanswered(officers["clerk"], ward)) == [other]
    assert list(queries.unanswered(resident, ward)) == []


def test_thanks_need_no_answer(say, ward, dossier, resident, officers):
    say(resident, "Cảm ơn.")
    say(resident, kind=COMPLAINT)

    assert actions.settle(dossier, by=officers["clerk"], at=NOW) == 1
    assert actions.settle(dossier, by=officers["clerk"], at=NOW) == 0
    assert Message.objects.waiting().get().kind == COMPLAINT
