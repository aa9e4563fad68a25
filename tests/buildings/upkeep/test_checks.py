"""A building's checks: due by their list, filled in on the way, finished once, and proved by a record."""

from datetime import timedelta

import pypdfium2
import pytest
from django.urls import reverse

from buildings.upkeep import actions, fire_book, queries, record, reminders
from buildings.upkeep.checklists import checklists
from buildings.upkeep.models import Check, CheckItem, CheckPhoto
from portal.core.models import Notification
from portal.core.workflow import IllegalMove
from tests.factories.notices import drafted, published
from tests.factories.requests import AT, picture

ESCAPE = checklists()["escape"]
LINES = range(1, len(ESCAPE.items) + 1)


def url(name: str, building, *more) -> str:
    return reverse(f"upkeep:{name}", args=[building.ward.slug, building.slug, *more])


def a_check(building, by, key: str, *, at) -> Check:
    return Check.objects.create(
        building=building,
        checklist=key,
        name=checklists()[key].name.vi,
        state="done",
        due_on=at.date(),
        begun_by=by,
        begun_at=at,
        done_by=by,
        done_at=at,
    )


@pytest.fixture
def check(building, manager):
    return actions.begin(building, ESCAPE, by=manager, at=AT, due_on=AT.date())


@pytest.fixture
def finish(check, manager):
    def finished(at=AT):
        return actions.fill_in(check, {n: actions.Found("right") for n in LINES}, by=manager, at=at, done=True)

    return finished


def test_every_list_says_how_often_after_which_rule_and_what():
    for checklist in checklists().values():
        assert checklist.days > 0
        assert checklist.source
        assert len(set(checklist.items)) == len(checklist.items) > 2


def test_a_list_is_due_again_after_its_days(building, finish, clock):
    def due(days=0):
        today = (AT + timedelta(days=days)).date()
        return next(duty for duty in queries.duties(building, today=today) if duty.checklist == ESCAPE)

    assert (due().last_done, due().days_left) == (None, 0)
    finish()
    found = [(due(days).days_left, due(days).is_soon) for days in (0, 4, 7, 9)]
    assert found == [(7, False), (3, True), (0, True), (-2, True)]


def test_pressing_twice_begins_once(client, building, manager):
    client.force_login(manager)

    first, second = (client.post(url("begin", building, "escape")).url for _each in range(2))

    assert (first, Check.objects.count(), CheckItem.objects.count()) == (second, 1, len(ESCAPE.items))
    assert client.post(url("begin", building, "khong-co")).status_code == 404


def test_what_was_looked_at_is_kept_before_the_last_line(client, building, manager, check):
    client.force_login(manager)
    page = url("check", building, check.pk)

    client.post(page, {"muc-1-result": "right"})
    unfinished = client.post(
        page, {"muc-1-result": "right", "muc-2-result": "wrong", "muc-2-note": "Cửa bị chèn", "done": "1"}
    )

    kept = list(check.items.values_list("result", "note"))
    assert kept[:3] == [("right", ""), ("wrong", "Cửa bị chèn"), ("", "")]
    assert [f"Mục {n}: chọn kết quả." in unfinished.text for n in LINES] == [n > 2 for n in LINES]
    check.refresh_from_db()
    assert check.state == "open"


def test_what_is_not_right_is_said_in_words(client, building, manager, check):
    client.force_login(manager)

    response = client.post(url("check", building, check.pk), {"muc-1-result": "wrong", "muc-1-note": " "})

    assert "Viết chỗ không đạt và việc cần làm." in response.text
    assert set(check.items.values_list("result", flat=True)) == {""}


@pytest.mark.bucket
def test_it_is_finished_once_and_printed(client, building, manager, check):
    client.force_login(manager)
    page = url("check", building, check.pk)
    said = {f"muc-{n}-result": "right" for n in LINES} | {"muc-1-result": "wrong", "muc-1-note": "Có xe đạp"}

    assert client.get(url("record", building, check.pk)).status_code == 404
    client.post(page, {**said, "muc-1-photos": picture(), "done": "1"})
    client.post(page, {**said, "muc-1-note": "Sửa sau"})

    check.refresh_from_db()
    assert (check.state, check.done_by, check.items.first().note) == ("done", manager, "Có xe đạp")
    assert client.get(url("record", building, check.pk)).content[:5] == b"%PDF-"
    photo = CheckPhoto.objects.get()
    assert client.get(url("photo", building, check.pk, photo.pk))["Content-Type"] == "image/jpeg"
    with pytest.raises(IllegalMove):
        actions.fill_in(check, {1: actions.Found("right")}, by=manager, at=AT)


@pytest.mark.parametrize("name", ["virus.exe", "trang.html"])
def test_a_file_that_is_no_picture_is_refused_in_words(client, building, manager, check, name):
    client.force_login(manager)
    bad = picture()
    bad.name = name
    bad.file.seek(0)
    bad.file.write(b"MZ\x90\x00<script>")

    response = client.post(url("check", building, check.pk), {"muc-1-result": "right", "muc-1-photos": bad})

    assert response.status_code == 200
    assert "Chưa lưu được" in response.text
    assert CheckPhoto.objects.count() == 0


def test_the_same_picture_twice_is_one_and_six_are_too_many(check, manager):
    for pictures in ([picture(1)], [picture(1)]):
        actions.fill_in(check, {1: actions.Found("right", "", pictures)}, by=manager, at=AT)
    assert CheckPhoto.objects.count() == 1

    with pytest.raises(actions.ValidationError, match="nhiều nhất 5 ảnh"):
        actions.fill_in(check, {1: actions.Found("right", "", map(picture, range(2, 8)))}, by=manager, at=AT)


def test_the_board_reads_and_does_not_write(client, building, chair, check):
    client.force_login(chair)

    assert client.get(url("check", building, check.pk)).status_code == 200
    assert client.post(url("check", building, check.pk), {"muc-1-result": "right"}).status_code == 403
    assert client.post(url("begin", building, "lifts")).status_code == 403


@pytest.mark.parametrize("number", [1, 30])
def test_the_list_takes_the_same_queries_however_many_were_made(
    client, building, manager, django_assert_max_num_queries, number
):
    Check.objects.bulk_create(
        Check(
            building=building,
            checklist="lifts",
            name="Thang máy",
            state="done",
            due_on=AT.date(),
            begun_by=manager,
            begun_at=AT,
            done_by=manager,
            done_at=AT - timedelta(days=n),
        )
        for n in range(number)
    )
    client.force_login(manager)

    with django_assert_max_num_queries(13):
        client.get(url("checks", building))


def test_staff_are_told_three_days_ahead_and_when_it_is_late_once_each(building, manager, finish):
    finish()

    for days in (1, 4, 5, 8, 9):
        reminders.remind(at=AT + timedelta(days=days))

    told = Notification.objects.filter(recipient=manager, kind="check_due").order_by("created_at")
    assert [notice.title for notice in told] == [
        "Sắp đến hạn kiểm tra: Lối thoát nạn",
        "Quá hạn kiểm tra: Lối thoát nạn",
    ]


def test_the_record_names_what_is_wrong(check, manager, finish):
    done = finish()

    assert record.print_record(Check.objects.get(pk=done.pk))[:5] == b"%PDF-"


def test_the_fire_book_holds_a_years_checks_what_was_wrong_and_the_drills(building, manager, check):
    actions.fill_in(
        check,
        {n: actions.Found("right") for n in LINES} | {1: actions.Found("wrong", "Có xe đạp ở tầng 3")},
        by=manager,
        at=AT,
        done=True,
    )
    for key, days in (("fire_alarm", 364), ("fire_alarm", 365), ("lifts", 1)):
        a_check(building, manager, key, at=AT - timedelta(days=days))
    earlier = AT - timedelta(days=9)
    published(building, "fire_drill", at=earlier, title="Diễn tập thoát nạn", place="Sân trước")
    drafted(building, "fire_drill", at=earlier, title="Diễn tập chưa báo ai", place="Sân trước")
    published(building, "fire_drill", title="Diễn tập tuần sau", place="Sân trước")

    book = fire_book.fire_book(building, on=AT.date())

    assert [(one.checklist, [item.note for item in wrong]) for one, wrong in book.checks] == [
        ("fire_alarm", []),
        ("escape", ["Có xe đạp ở tầng 3"]),
    ]
    assert (book.wrong, [drill.title for drill in book.drills]) == (1, ["Diễn tập thoát nạn"])
    assert {duty.checklist.key for duty in book.duties} == {key for key, one in checklists().items() if one.fire}


@pytest.mark.parametrize("number", [1, 30])
def test_the_fire_book_takes_the_same_queries_however_many_checks_it_holds(
    client, building, manager, django_assert_max_num_queries, number
):
    for day in range(number):
        a_check(building, manager, "escape", at=AT - timedelta(days=day))
    client.force_login(manager)

    with django_assert_max_num_queries(14):
        pdf = client.get(url("fire_book", building)).content

    text = "".join(page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf))
    assert f"Tổng số {number} lần" in " ".join(text.split())


def test_in_english_a_list_is_english_and_what_is_kept_stays_vietnamese(client, building, manager):
    client.force_login(manager)
    listed = client.get(f"/en{url('checks', building)}").text
    client.post(f"/en{url('begin', building, 'escape')}")
    begun = Check.objects.get()
    begun.items.filter(number=2).update(text="Lời của danh mục cũ")
    page = client.get(f"/en{url('check', building, begun.pk)}").text

    assert ("Escape routes" in listed, "Lối thoát nạn" in listed) == (True, False)
    assert (begun.name, begun.items.get(number=1).text) == (ESCAPE.name.vi, ESCAPE.items[0].vi)
    assert f"1. {ESCAPE.items[0].en}" in page
    assert '2. <span lang="vi">Lời của danh mục cũ</span>' in page


def test_a_reminder_names_the_list_in_its_readers_language(building, manager, finish, tomorrow):
    manager.preferred_language = "en"
    manager.save()
    finish()
    Notification.objects.all().delete()
    reminders.remind(at=AT + timedelta(days=5))

    assert "Escape routes" in Notification.objects.get(recipient=manager, kind="check_due").title
