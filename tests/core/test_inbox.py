"""The inbox, the demo's mailbox, and what the operator asks."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from portal.core import health, outbox
from portal.core.models import Job, MailboxMessage, Notification, User

pytestmark = pytest.mark.django_db
INBOX = "/thong-bao-cua-toi/"


@pytest.fixture
def alice():
    return User.objects.create_user("alice@example.vn", full_name="Nguyễn Thị An")


@pytest.fixture
def bob():
    return User.objects.create_user("bob@example.vn", full_name="Trần Văn Bình")


def tell(user, number=1, url="/"):
    return Notification.objects.create(
        recipient=user,
        kind="test",
        key=f"{user.pk}:{number}",
        title=f"Hồ sơ số {number} đã được tiếp nhận",
        body="Hẹn trả kết quả ngày 27/11/2026.",
        url=url,
        created_at=timezone.now() + timedelta(seconds=number),
    )


# --- Inbox ---------------------------------------------------------------------------------------
def test_an_inbox_shows_its_owner_what_they_were_told_newest_first(client, alice, bob):
    for number in (1, 2):
        tell(alice, number)
    tell(bob, 3)
    client.force_login(alice)
    response = client.get(INBOX)
    assert [notice.title for notice in response.context["page"]] == [
        "Hồ sơ số 2 đã được tiếp nhận",
        "Hồ sơ số 1 đã được tiếp nhận",
    ]
    assert "2 thông báo chưa đọc" in response.content.decode()


def test_reading_the_page_marks_nothing_opening_a_notice_marks_it(client, alice):
    notice = tell(alice, url="/ho-so/")
    client.force_login(alice)
    client.get(INBOX)
    assert Notification.objects.unread().count() == 1
    response = client.post(f"{INBOX}{notice.id}/mo/")
    assert response["Location"] == "/ho-so/"
    assert Notification.objects.unread().count() == 0


def test_opening_again_keeps_the_moment_of_the_first_time(client, alice):
    notice = tell(alice)
    client.force_login(alice)
    client.post(f"{INBOX}{notice.id}/mo/")
    first = Notification.objects.get().read_at
    client.post(f"{INBOX}{notice.id}/mo/")
    assert Notification.objects.get().read_at == first


def test_a_strangers_notice_does_not_exist(client, alice, bob):
    notice = tell(bob)
    client.force_login(alice)
    assert client.post(f"{INBOX}{notice.id}/mo/").status_code == 404
    assert Notification.objects.unread().count() == 1


@pytest.mark.parametrize("url", ["https://evil.test/", "//evil.test/", "javascript:alert(1)", ""])
def test_a_notice_leads_nowhere_but_into_the_portal(client, alice, url):
    notice = tell(alice, url=url)
    client.force_login(alice)
    assert client.post(f"{INBOX}{notice.id}/mo/")["Location"] == INBOX


def test_marking_all_as_read_leaves_other_peoples_alone(client, alice, bob):
    tell(alice, 1)
    tell(alice, 2)
    tell(bob, 3)
    client.force_login(alice)
    client.post(f"{INBOX}da-doc/")
    assert list(Notification.objects.unread().values_list("recipient", flat=True)) == [bob.pk]


def test_a_get_changes_nothing(client, alice):
    notice = tell(alice)
    client.force_login(alice)
    assert client.get(f"{INBOX}{notice.id}/mo/").status_code == 405
    assert client.get(f"{INBOX}da-doc/").status_code == 405


def test_visitors_are_asked_to_sign_in(client):
    assert client.get(INBOX)["Location"].startswith("/tai-khoan/login/")


def test_thirty_notices_cost_as_many_queries_as_one(client, alice):
    client.force_login(alice)
    client.get(INBOX)  # what the first look fills the cache with
    counts = []
    for number in range(1, 31):
        tell(alice, number)
        if number in (1, 30):
            with CaptureQueriesContext(connection) as queries:
                response = client.get(INBOX)
            counts.append(len(queries))
    assert counts[0] == counts[1]
    assert len(response.context["page"].object_list) == 20


# --- The demo's mailbox --------------------------------------------------------------------------
def test_the_mailbox_is_open_to_all_in_the_demo_and_absent_elsewhere(client, settings):
    MailboxMessage.objects.create(channel="sms", to="+84912345678", body="123456 là mã xác nhận")
    settings.DEMO = True
    assert "123456" in client.get("/hop-thu-thu/").content.decode()
    settings.DEMO = False
    assert client.get("/hop-thu-thu/").status_code == 404


@pytest.mark.parametrize("query", ["0912 345 678", "+84912345678", "912345"])
def test_the_mailbox_finds_a_recipient_however_they_are_written(client, settings, query):
    settings.DEMO = True
    wanted = MailboxMessage.objects.create(channel="sms", to="+84912345678", body="x")
    MailboxMessage.objects.create(channel="email", to="an@example.vn", subject="y", body="y")
    page = client.get("/hop-thu-thu/", {"q": query}).context["page"]
    assert list(page) == [wanted]


def test_what_a_message_says_is_text_not_markup(client, settings):
    settings.DEMO = True
    MailboxMessage.objects.create(channel="email", to="an@example.vn", subject="<b>s", body="<script>x</script>")
    content = client.get("/hop-thu-thu/").content.decode()
    assert "<script>x" not in content
    assert "&lt;script&gt;x" in content


# --- Operations ----------------------------------------------------------------------------------
def test_livez_answers_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/livez").status_code == 200


def test_readyz_names_each_check(client):
    response = client.get("/readyz")
    assert response.json() == {
        "ready": True,
        "checks": {"database": "ok", "migrations": "ok", "cache": "ok", "outbox": "ok", "files": "ok"},
    }


def test_readyz_is_503_when_the_database_is_gone_and_says_no_more_than_that(client, monkeypatch):
    def gone():
        raise OSError("password=secret host=db")

    monkeypatch.setitem(health.CHECKS, "database", gone)
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["checks"]["database"] == "failed"
    assert "secret" not in response.content.decode()


def test_readyz_shows_work_that_stands_still_but_keeps_serving(client):
    @outbox.handles("test.nothing")
    def nothing():
        pass

    Job.objects.create(kind="test.nothing", key="late", run_at=timezone.now() - timedelta(hours=1))
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.json()["checks"]["outbox"].startswith("late")
    Job.objects.update(state=Job.State.PARKED)
    response = client.get("/readyz")
    assert (response.status_code, response.json()["checks"]["outbox"]) == (200, "1 parked")
