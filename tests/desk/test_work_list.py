"""The list: whose work, in which order, how many, how quickly."""

from datetime import timedelta
from functools import partial

import pytest
from django.urls import reverse
from django.utils import timezone

from services.conversation import actions as conversation
from services.desk import queries
from services.dossiers import actions
from services.dossiers.models import Dossier

from .conftest import NOW, SENT_AT, make_officer, make_person

WORK = reverse("desk:work")


def listed(response) -> list[str]:
    return [row.code for row in (line.dossier for line in response.context["lines"])]


def counted(response) -> dict[str, int | None]:
    return {scope.value: response.context["counts"].get(scope) for scope, _said in response.context["scopes"]}


@pytest.fixture
def clerk(client, officers):
    client.force_login(officers["clerk"])
    return officers["clerk"]


def test_residents_and_managers_find_no_desk(client, resident, ward):
    manager = make_officer("building_manager", ward, login="manager")
    for user in (resident, manager):
        client.force_login(user)
        assert client.get(WORK).status_code == 404


def test_visitors_are_asked_to_sign_in(client, db):
    assert client.get(WORK).url.startswith("/tai-khoan/")


def test_my_work_is_what_i_owe_in_order_of_due_time(client, send, walk, clerk):
    later = send(at=SENT_AT + timedelta(minutes=10))
    sooner = send(at=SENT_AT)
    walk(send(), "approve")  # somebody else's now

    response = client.get(WORK)

    assert listed(response) == [sooner.code, later.code]
    assert counted(response) == {"toi": 2, "phuong": 3, "qua-han": 0, "tin-nhan": 0, "xong": None}


def test_counts_agree_with_the_lists(client, send, walk, clerk, resident, clock):
    send(), walk(send(), "sign"), walk(send(), "deliver")
    actions.withdraw(send(), by=resident, at=timezone.now())
    asked = send()
    actions.request_supplement(asked, by=clerk, at=timezone.now(), items=[("muc_dich", "a")], reason="b", contact="c")
    clock.shift(timedelta(days=1, hours=1))  # eight hours to receive, two to sign, one to deliver: all are over
    client.force_login(clerk)

    counts = counted(client.get(WORK))

    assert counts == {"toi": 2, "phuong": 4, "qua-han": 3, "tin-nhan": 0, "xong": None}
    for scope in ("toi", "phuong", "qua-han"):
        assert len(listed(client.get(WORK, {"xem": scope}))) == counts[scope]
    assert len(listed(client.get(WORK, {"xem": "xong"}))) == 1


def test_residents_who_wait_for_an_answer_are_listed_complaints_first(client, send, clerk, resident, clock):
    asked, complained, answered = send(), send(), send()
    say = partial(conversation.write, by=resident, text="Bao giờ xong ạ?")
    say(asked, at=NOW), say(complained, at=NOW, kind="complaint"), say(answered, at=NOW)
    conversation.write(answered, by=clerk, at=NOW, text="Ngày mai.")
    clock.shift(timedelta(minutes=90))

    response = client.get(WORK, {"xem": "tin-nhan"})

    assert listed(response) == [complained.code, asked.code]
    assert counted(response)["tin-nhan"] == 2
    assert [line.wait.tone for line in response.context["lines"]] == ["progress", "waiting"]
    assert "Chờ 1 giờ" in response.text
    assert reverse("desk:conversation", args=[asked.pk]) in response.text


def test_one_who_may_not_read_a_conversation_is_not_sent_to_it(client, send, clerk):
    own = send(by=clerk)
    conversation.write(own, by=clerk, at=NOW, text="Bao giờ xong ạ?")

    response = client.get(WORK, {"xem": "tin-nhan"})

    assert (listed(response), counted(response)["tin-nhan"]) == ([], 0)


def test_late_and_waiting_are_told_in_words(client, send, clerk, clock):
    actions.request_supplement(send(), by=clerk, at=NOW, items=[("muc_dich", "a")], reason="b", contact="c")
    send()
    clock.shift(timedelta(days=1, hours=2))
    client.force_login(clerk)

    text = client.get(WORK, {"xem": "phuong"}).text

    assert "Quá hạn 2 giờ" in text
    assert "Tạm dừng: chờ công dân" in text


def test_another_wards_dossiers_are_in_no_list_search_or_count(client, send, officers, strangers, other_ward, clerk):
    theirs = send("CANARYB", to=other_ward)
    own = send()

    for query in (
        {},
        {"xem": "phuong"},
        {"xem": "qua-han"},
        {"xem": "xong"},
        {"q": "canaryb"},
        {"phuong": "giang-bien"},
    ):
        response = client.get(WORK, query)
        assert theirs.code not in listed(response)
        assert "CANARYB" not in response.text
    assert counted(client.get(WORK))["phuong"] == 1

    client.force_login(strangers["clerk"])
    assert listed(client.get(WORK)) == [theirs.code]
    assert listed(client.get(WORK, {"q": own.code})) == []


def test_drafts_are_nobodys_work(client, version, resident, ward, clerk):
    Dossier.objects.create(ward=ward, version=version, owner=resident, created_at=NOW, changed_at=NOW)

    assert listed(client.get(WORK, {"xem": "phuong"})) == []


def test_an_officer_of_two_wards_has_two_desks(client, send, officers, strangers, other_ward, clerk):
    make_membership = officers["clerk"].memberships.create
    make_membership(position="clerk", ward=other_ward, began_at=SENT_AT)
    own, theirs = send(), send(to=other_ward)

    assert listed(client.get(WORK, {"xem": "phuong", "phuong": "viet-hung"})) == [own.code]
    assert listed(client.get(WORK, {"xem": "phuong", "phuong": "giang-bien"})) == [theirs.code]


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["đặng", "DANG", "thi anh dang", "  Đặng   Ánh "])
def test_a_name_is_found_without_diacritics(client, send, clerk, words):
    wanted = send("Đặng Thị Ánh")
    send("Trần Văn Bình")

    assert listed(client.get(WORK, {"q": words})) == [wanted.code]


@pytest.mark.postgres
def test_a_word_is_found_by_its_beginning_where_no_name_has_it_whole(client, send, clerk):
    anh, an = send("Đặng Thị Ánh"), send("Trần Bình An")

    assert listed(client.get(WORK, {"q": "an"})) == [an.code]
    assert listed(client.get(WORK, {"q": "dan"})) == [anh.code]
    assert listed(client.get(WORK, {"q": "dan anh"})) == [anh.code]
    assert listed(client.get(WORK, {"q": "tranbinh"})) == []


@pytest.mark.postgres
def test_a_search_is_cut_into_pages_the_newest_first(client, send, clerk):
    numbers = range(queries.A_PAGE + 1)
    codes = [send("Đặng Thị Ánh", at=SENT_AT + timedelta(seconds=number)).code for number in numbers]

    first, second = client.get(WORK, {"q": "anh"}), client.get(WORK, {"q": "anh", "trang": "2"})

    assert (listed(first), listed(second)) == (codes[:0:-1], codes[:1])
    assert first.context["count"] == str(len(codes))


@pytest.mark.postgres
@pytest.mark.parametrize("words", ["0912345678", "0912 345 678", "+84 912 345 678", "345678"])
def test_a_phone_number_is_found_however_it_is_written(client, send, clerk, words):
    wanted = send()
    send(by=make_person("binh", "Trần Văn Bình", phone="+84987654321"))

    assert listed(client.get(WORK, {"q": words})) == [wanted.code]


def test_a_code_is_found_whole_or_in_part_even_when_the_dossier_has_ended(client, send, resident, clerk):
    wanted = send()
    send()
    actions.withdraw(wanted, by=resident, at=timezone.now())

    assert listed(client.get(WORK, {"q": wanted.code})) == [wanted.code]
    assert listed(client.get(WORK, {"q": wanted.code.lower()})) == [wanted.code]
    assert listed(client.get(WORK, {"q": wanted.code[-4:]})) == [wanted.code]


def test_filters_narrow_by_state_step_and_procedure(client, send, walk, version, clerk):
    fresh, signing = send(), walk(send(), "sign")

    assert listed(client.get(WORK, {"xem": "phuong", "trang_thai": "submitted"})) == [fresh.code]
    assert listed(client.get(WORK, {"xem": "phuong", "buoc": "sign"})) == [signing.code]
    assert len(listed(client.get(WORK, {"xem": "phuong", "thu_tuc": version.procedure_id}))) == 2
    assert "Không có hồ sơ nào khớp" in client.get(WORK, {"xem": "phuong", "buoc": "deliver"}).text


@pytest.mark.postgres
@pytest.mark.parametrize(
    "query",
    [
        {"q": "a\0b"},
        {"q": "x" * 5000},
        {"q": "%_'\"\\"},
        {"q": "++--"},
        {"trang_thai": "draft"},
        {"thu_tuc": "zzz"},
        {"thu_tuc": "9" * 40},
        {"trang": "-1"},
        {"trang": "zzz"},
        {"xem": "tat-ca"},
        {"phuong": "\0"},
    ],
)
def test_nonsense_in_the_address_is_passed_over(client, send, clerk, query):
    send()

    assert client.get(WORK, query).status_code == 200


def test_a_hostile_name_is_text(client, send, clerk):
    dossier = send("<script>alert(1)</script>")

    for url in (WORK, reverse("desk:dossier", args=[dossier.pk]), reverse("desk:refuse", args=[dossier.pk])):
        text = client.get(url).text
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


@pytest.mark.parametrize("rows", [1, 30])
@pytest.mark.parametrize("query", [{}, {"xem": "phuong", "q": "nguyen"}, {"xem": "tin-nhan"}])
def test_the_list_takes_as_many_queries_whatever_its_length(
    client, send, clerk, resident, rows, query, django_assert_max_num_queries
):
    for _number in range(rows):
        conversation.write(send(), by=resident, at=NOW, text="Bao giờ xong ạ?")

    with django_assert_max_num_queries(15):
        response = client.get(WORK, query)

    assert len(listed(response)) == min(rows, 25)


def test_a_long_list_has_pages_and_keeps_its_filters(client, send, clerk):
    for _number in range(26):
        send()

    first = client.get(WORK, {"xem": "phuong", "buoc": "receive"})
    second = client.get(WORK, {"xem": "phuong", "buoc": "receive", "trang": 2})

    assert (len(listed(first)), len(listed(second))) == (25, 1)
    assert set(listed(first)).isdisjoint(listed(second))
    assert "buoc=receive" in first.text


@pytest.mark.parametrize("back", ["khong-co", "9" * 40, "https://evil.test/", "//evil.test/", "/\\evil.test", ""])
def test_the_switch_of_the_keys_leads_back_into_the_portal_whatever_it_is_told(client, officers, back):
    client.force_login(officers["clerk"])

    assert client.post(reverse("desk:keys"), {"bat": "1", "ve": back}).url == reverse("desk:work")
