"""The first screen of the editors' admin says what waits for whoever signs in, of their wards alone."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from buildings.roles import Position
from home.editing import dashboard
from home.kinds import Kind
from home.models import AnnouncementPage
from home.readership import counting

pytestmark = pytest.mark.django_db


def lists(user) -> dict[str, list[tuple[str, str]]]:
    shown = dashboard.of(user)
    return {
        section.heading: [(row.title, row.tone) for row in section.rows]
        for section in shown.get_context_data()["sections"]
        if section.rows
    }


def write_everything(ward_page, announce, author, mark="", times=1):
    now = timezone.now()
    for number in range(times):
        announce(ward_page, f"Nháp {mark}{number}", live=False, days_ago=1).save_revision(user=author)
        waiting = announce(ward_page, f"Chờ {mark}{number}", live=False)
        waiting.save_revision(user=author)
        waiting.get_workflow().start(waiting, author)
        announce(ward_page, f"Khẩn {mark}{number}", urgent_until=now + timedelta(days=1))
        announce(ward_page, f"Hết hạn {mark}{number}", expire_at=now + timedelta(days=2))
        late = announce(ward_page, f"Trễ {mark}{number}", live=False, kind=Kind.BUDGET, decision_date=date(2026, 1, 5))
        scheduled = announce(ward_page, f"Hẹn {mark}{number}", live=False, go_live_at=now + timedelta(days=3))
        scheduled.save_revision(user=author).publish()
        AnnouncementPage.objects.filter(pk__in=[late.pk, scheduled.pk, waiting.pk]).update(first_published_at=None)
        AnnouncementPage.objects.filter(title=f"Nháp {mark}{number}").update(first_published_at=None)


def test_an_editor_sees_what_is_theirs_and_where_it_is(viet_hung, announce, editor_of):
    editor = editor_of(viet_hung)
    write_everything(viet_hung, announce, editor)
    assert lists(editor) == {
        "Bạn đã gửi duyệt": [("Chờ 0", "")],
        "Hạn công khai": [("Trễ 0", "late")],
        "Đang khẩn": [("Khẩn 0", "")],
        "Hẹn giờ đăng": [("Hẹn 0", "")],
        "Sắp hết hạn": [("Hết hạn 0", "")],
        "Bản nháp": [("Nháp 0", ""), ("Trễ 0", "")],
        "Người đọc": [("Hết hạn 0", ""), ("Khẩn 0", "")],
    }


def test_an_approver_sees_first_what_waits(viet_hung, announce, editor_of):
    write_everything(viet_hung, announce, editor_of(viet_hung))
    found = lists(editor_of(viet_hung, "Bích", position=Position.LEADER))
    assert next(iter(found.items())) == ("Chờ bạn duyệt", [("Chờ 0", "")])
    assert "Bạn đã gửi duyệt" not in found


def test_nothing_of_another_ward_is_listed_or_counted(client, viet_hung, giang_bien, announce, editor_of):
    write_everything(giang_bien, announce, editor_of(giang_bien, "Khác"), mark="CANARY")
    for position in (Position.WARD_EDITOR, Position.CULTURE_OFFICER):
        user = editor_of(viet_hung, "An", position=position)
        assert lists(user) == {}
        client.force_login(user)
        page = client.get("/bien-tap/").content.decode()
        assert "CANARY" not in page
        assert "Thông báo mới" in page


@pytest.mark.parametrize("position", [Position.WARD_EDITOR, Position.CULTURE_OFFICER])
def test_the_queries_stay_the_same(viet_hung, announce, editor_of, position, django_assert_max_num_queries):
    author, reader = editor_of(viet_hung), editor_of(viet_hung, "Bích", position=position)
    dashboard.of(reader).get_context_data()  # what Django remembers of its models from now on
    counts = []
    for times in (1, 30):
        write_everything(viet_hung, announce, author, mark=f"{times}-", times=times)
        reader.__dict__.pop("_editor_scope", None)
        with django_assert_max_num_queries(16) as asked:
            dashboard.of(reader).get_context_data()
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_an_editor_sees_how_the_newest_are_read(viet_hung, giang_bien, announce, editor_of):
    read, unread = announce(viet_hung, "Đã đọc", days_ago=1), announce(viet_hung, "Chưa đọc", days_ago=2)
    elsewhere = announce(giang_bien, "Nơi khác")
    now = timezone.now()
    for page, times in ((read, 3), (elsewhere, 1)):
        for _time in range(times):
            counting.read(page, at=now)
    counting.answer(read, useful=True, text="", at=now)
    counting.answer(read, useful=False, text="", at=now)
    shown = dashboard.of(editor_of(viet_hung)).get_context_data()["sections"]
    (section,) = (each for each in shown if each.heading == "Người đọc")
    assert [(row.title, row.says) for row in section.rows] == [
        (read.title, "3 lượt đọc; 1 trên 2 góp ý thấy hữu ích"),
        (unread.title, "0 lượt đọc"),
    ]


def test_an_author_of_procedures_gets_the_catalogues_list_and_no_wards(client, viet_hung, editor_of):
    author = editor_of(viet_hung, "Chi", position=Position.CATALOGUE_AUTHOR)
    client.force_login(author)
    page = client.get("/bien-tap/").content.decode()
    assert "Thủ tục mới" in page
    assert "Thông báo mới" not in page
