"""What art. 11–13 of the law on grassroots democracy ask for, whatever way a page takes."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.models import Page

from buildings.models import Membership
from buildings.roles import Position
from home.editing.editors import settle
from home.kinds import Kind
from home.models import AnnouncementPage, EarlyRemoval, NeverChanged, OtherPublicity, PublicityRecord
from home.publicity import actions, register, rules
from home.publicity.register import Quarter
from portal.core import audit
from portal.core.calendar import VIETNAM
from portal.core.models import CalendarDay, User
from tests.clock import stopped_at
from tests.home.conftest import AT

pytestmark = pytest.mark.django_db

DECIDED = date(2026, 11, 16)  # a Monday

clock = stopped_at(AT)


@pytest.fixture
def budget(viet_hung, announce):
    """Published now; the law keeps it up for thirty days."""
    return announce(viet_hung, "Dự toán ngân sách", days_ago=0, kind=Kind.BUDGET, decision_date=DECIDED)


@pytest.fixture
def leader(viet_hung):
    user = User.objects.create_user(email="chu-tich@portal.example", full_name="Trần Thị Chủ Tịch")
    settle(Membership.objects.create(user=user, position=Position.LEADER, ward=viet_hung.ward, began_at=AT).user)
    return user


def events(page):
    return list(PublicityRecord.objects.filter(announcement=page.translation_key).values_list("event", flat=True))


def day(number, month=12, hour=10):
    return datetime(2026, month, number, hour, tzinfo=VIETNAM)


# --- By when, until when -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decided", "due"),
    [
        (date(2026, 11, 16), date(2026, 11, 23)),  # Monday to Monday: five working days and a weekend
        (date(2026, 11, 20), date(2026, 11, 27)),
        (date(2026, 11, 30), date(2026, 12, 8)),  # over a holiday
    ],
)
def test_it_is_due_five_working_days_after_the_decision(viet_hung, decided, due):
    CalendarDay.objects.update_or_create(
        date=date(2026, 12, 2), ward_code="", defaults={"kind": "closed", "note": "Lễ"}
    )
    assert rules.due_date(viet_hung.ward, decided) == due


def test_the_record_says_whether_publishing_was_in_time(viet_hung, announce):
    fields = {"kind": Kind.BUDGET, "decision_date": DECIDED}
    in_time = announce(viet_hung, "Kịp", days_ago=0, **fields)
    late = announce(viet_hung, "Muộn", days_ago=-1, **fields)
    free = announce(viet_hung, "Tiếp dân")
    told = {record.title: record.in_time for record in PublicityRecord.objects.all()}
    assert told == {in_time.title: True, late.title: False, free.title: None}


@pytest.mark.parametrize(("at", "allowed"), [(day(22, hour=23), False), (day(23, hour=0), True)])
def test_it_stays_for_thirty_days_the_first_counted(budget, at, allowed):
    assert rules.standing_of(budget.translation_key).may_come_down(at) is allowed


def test_procedures_stay_for_good(viet_hung, announce):
    page = announce(viet_hung, kind=Kind.PROCEDURES, decision_date=DECIDED)
    standing = rules.standing_of(page.translation_key)
    assert standing.stays_until is None
    assert not standing.may_come_down(AT + timedelta(days=4000))


# --- Every way down ------------------------------------------------------------------------------
def by_action(page):
    page.unpublish()


def by_the_bare_row(page):
    Page.objects.get(pk=page.pk).unpublish()


def by_saving(page):
    page.live = False
    page.save()


def by_deleting(page):
    page.delete()


def by_deleting_the_bare_row(page):
    Page.objects.get(pk=page.pk).delete()


def by_deleting_many(page):
    AnnouncementPage.objects.filter(pk=page.pk).delete()


def by_deleting_the_list(page):
    page.get_parent().delete()


def by_taking_the_list_down_with_its_pages(page):
    root = User.objects.create_superuser("root@portal.example", "x", full_name="Vận hành")
    UnpublishPageAction(page.get_parent().specific, user=root, include_descendants=True).execute()


WAYS_DOWN = [
    by_action,
    by_the_bare_row,
    by_saving,
    by_deleting,
    by_deleting_the_bare_row,
    by_deleting_many,
    by_deleting_the_list,
    by_taking_the_list_down_with_its_pages,
]


@pytest.mark.parametrize("way", WAYS_DOWN)
def test_no_way_takes_it_down_too_early(budget, way):
    with pytest.raises(rules.TooEarly) as refused, transaction.atomic():
        way(budget)
    assert "22/12/2026" in str(refused.value)
    assert AnnouncementPage.objects.get(pk=budget.pk).live
    assert events(budget) == ["published"]


@pytest.mark.parametrize("way", WAYS_DOWN)
def test_every_way_takes_it_down_in_time_and_is_recorded(budget, clock, way):
    clock.move_to(day(23))
    way(budget)
    assert not AnnouncementPage.objects.filter(pk=budget.pk, live=True).exists()
    assert events(budget) == ["published", "taken_down"]


def test_what_no_law_obliges_to_comes_down_at_once(viet_hung, announce):
    page = announce(viet_hung)
    page.delete()
    assert events(page) == ["published", "taken_down"]


def test_another_kind_does_not_free_it(budget):
    budget.kind = Kind.OUTAGE
    budget.save_revision().publish()
    with pytest.raises(rules.TooEarly):
        AnnouncementPage.objects.get(pk=budget.pk).unpublish()


def test_an_expiry_that_comes_too_early_is_put_off_to_the_first_lawful_day(budget, client, clock):
    budget.expire_at = AT + timedelta(days=3)
    budget.save()
    budget.refresh_from_db()
    assert budget.expire_at == day(23, hour=0)
    AnnouncementPage.objects.filter(pk=budget.pk).update(expire_at=AT + timedelta(days=3))
    clock.move_to(AT + timedelta(days=4))
    call_command("publish_scheduled")
    assert client.get(budget.address).status_code == 200


def test_a_page_that_is_refused_holds_up_no_other(budget, viet_hung, announce, clock):
    other = announce(viet_hung, "Cắt nước", kind=Kind.OUTAGE)
    AnnouncementPage.objects.update(expire_at=AT + timedelta(days=3))
    clock.move_to(AT + timedelta(days=4))
    call_command("publish_scheduled")
    assert {page.title: page.live for page in AnnouncementPage.objects.all()} == {
        budget.title: True,
        other.title: False,
    }


def test_who_may_take_down_is_told_why_not_and_where_to_go(client, viet_hung, editor_of, budget):
    client.force_login(editor_of(viet_hung, position=Position.CULTURE_OFFICER))
    for name in ("unpublish", "delete"):
        response = client.post(reverse(f"wagtailadmin_pages:{name}", args=[budget.pk]), follow=True)
        assert response.redirect_chain == [(reverse("publicity:announcement", args=[budget.translation_key]), 302)]
        assert "đến hết ngày 22/12/2026" in response.content.decode()
    assert AnnouncementPage.objects.get(pk=budget.pk).live


# --- A leader's reason ---------------------------------------------------------------------------
def test_a_leader_lets_it_come_down_and_the_reason_is_kept(budget, leader):
    actions.release(budget, reason="Số liệu sai, sẽ đăng lại.", by=leader, at=AT, take_down=True)
    record = PublicityRecord.objects.get(event="taken_down")
    assert (record.reason, record.by) == ("Số liệu sai, sẽ đăng lại.", leader)
    assert not AnnouncementPage.objects.get(pk=budget.pk).live
    assert [event.action for event in audit.history_of(budget)] == ["announcement.released_early"]


def test_a_release_holds_for_this_time_alone(budget, leader, clock):
    actions.release(budget, reason="Sai.", by=leader, at=AT, take_down=True)
    clock.move_to(AT + timedelta(days=1))
    page = AnnouncementPage.objects.get(pk=budget.pk)
    page.save_revision().publish()
    with pytest.raises(rules.TooEarly):
        AnnouncementPage.objects.get(pk=budget.pk).unpublish()


def test_nobody_but_the_wards_own_leader_may_release(budget, viet_hung, giang_bien, editor_of, leader):
    elsewhere = User.objects.create_user(email="b@portal.example", full_name="B")
    settle(Membership.objects.create(user=elsewhere, position=Position.LEADER, ward=giang_bien.ward, began_at=AT).user)
    for user in (editor_of(viet_hung), elsewhere):
        with pytest.raises(PermissionDenied):
            actions.release(budget, reason="Vì thế.", by=user, at=AT, take_down=True)
    with pytest.raises(actions.PublicityRefused):
        actions.release(budget, reason="  ", by=leader, at=AT, take_down=True)
    assert not EarlyRemoval.objects.exists()


def test_the_leaders_screen(client, budget, leader):
    client.force_login(leader)
    address = reverse("publicity:release", args=[budget.translation_key])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "", "then": "now"}).context["form"].errors["reason"]
    client.post(address, {"reason": "Sai số liệu", "then": "later"})
    assert AnnouncementPage.objects.get(pk=budget.pk).live
    assert EarlyRemoval.objects.get().by == leader
    assert client.get("/bien-tap/pages/").status_code == 404  # the pages themselves are the editors'


# --- The record ----------------------------------------------------------------------------------
def test_the_record_follows_a_page_through_its_life(viet_hung, announce, editor_of, clock):
    editor = editor_of(viet_hung, "An")
    page = announce(viet_hung, "Hẹn giờ", live=False)
    page.go_live_at = AT + timedelta(hours=1)
    page.expire_at = AT + timedelta(hours=3)
    page.save_revision(user=editor).publish()
    for hours in (2, 4):
        clock.move_to(AT + timedelta(hours=hours))
        call_command("publish_scheduled")
    told = PublicityRecord.objects.filter(announcement=page.translation_key)
    assert [(record.event, record.by_name, record.at) for record in told] == [
        ("published", "An", AT + timedelta(hours=2)),
        ("taken_down", "An", AT + timedelta(hours=4)),
    ]


def test_each_revision_that_is_published_is_recorded_and_a_draft_is_not(budget, clock):
    clock.shift(60)
    budget.title = "Dự toán (đính chính)"
    budget.save_revision()
    assert events(budget) == ["published"]
    clock.shift(60)
    budget.save_revision().publish()
    assert events(budget) == ["published", "revised"]


def test_a_row_of_the_record_is_never_changed(budget):
    record = PublicityRecord.objects.get()
    record.title = "Khác"
    with pytest.raises(NeverChanged):
        record.save()
    with pytest.raises(NeverChanged):
        record.delete()


# --- Other ways, the register --------------------------------------------------------------------
def other_way(**changes):
    return {
        "way": "board",
        "place": "Nhà văn hóa tổ 5",
        "from_date_day": "20",
        "from_date_month": "11",
        "from_date_year": "2026",
        "to_date_day": "",
        "to_date_month": "",
        "to_date_year": "",
        "done_by": "Nguyễn Văn A",
        **changes,
    }


def test_an_editor_enters_another_way_and_takes_a_mistake_back(client, viet_hung, editor_of, budget):
    client.force_login(editor_of(viet_hung))
    address = reverse("publicity:announcement", args=[budget.translation_key])
    assert client.post(address, other_way()).status_code == 302
    entered = OtherPublicity.objects.get()
    assert (entered.from_date, entered.to_date) == (date(2026, 11, 20), date(2026, 11, 20))
    client.post(reverse("publicity:withdraw", args=[budget.translation_key, entered.pk]))
    entered.refresh_from_db()
    assert entered.withdrawn_at == AT
    assert "Nhà văn hóa" not in "".join(line.way for line in register.lines(viet_hung.ward, Quarter(2026, 4)))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"from_date_day": "24"}, "from_date"),  # has not come yet
        ({"to_date_day": "19", "to_date_month": "11", "to_date_year": "2026"}, "to_date"),
        ({"place": ""}, "place"),
        ({"way": "bồ câu"}, "way"),
    ],
)
def test_what_cannot_be_is_told_beside_its_field_and_kept_as_typed(
    client, viet_hung, editor_of, budget, changes, field
):
    client.force_login(editor_of(viet_hung))
    response = client.post(reverse("publicity:announcement", args=[budget.translation_key]), other_way(**changes))
    assert list(response.context["form"].errors) == [field]
    assert "Nguyễn Văn A" in response.content.decode()
    assert not OtherPublicity.objects.exists()


def test_the_register_says_what_how_when_and_by_whom(viet_hung, announce, budget, editor_of, leader):
    editor = editor_of(viet_hung, "An")
    facts = {"from_date": date(2026, 11, 24), "to_date": date(2026, 11, 26), "done_by": "Đài truyền thanh"}
    late = AT + timedelta(days=1)
    actions.record_other_way(
        budget.translation_key,
        ward=viet_hung.ward,
        way="loudspeaker",
        place="Tổ 1–12",
        by=editor,
        at=late,
        **facts,
    )
    announce(viet_hung, "Tiếp dân", days_ago=0)
    found = register.lines(viet_hung.ward, Quarter(2026, 4))
    assert [(line.record.title, line.way, line.period, line.in_time_words) for line in found] == [
        (budget.title, "Cổng thông tin của phường", "Từ 23/11/2026, đang công khai", "Đúng hạn"),
        (budget.title, "Loa truyền thanh: Tổ 1–12", "Từ 24/11/2026 đến 26/11/2026", "Muộn"),
    ]
    assert len(register.lines(viet_hung.ward, Quarter(2026, 4), obliged_only=False)) == 3
    assert register.lines(viet_hung.ward, Quarter(2026, 3)) == []


def test_the_register_keeps_what_was_deleted(viet_hung, budget, leader, client):
    actions.release(budget, reason="Đăng nhầm", by=leader, at=AT, take_down=False)
    AnnouncementPage.objects.get(pk=budget.pk).delete()
    (line,) = register.lines(viet_hung.ward, Quarter(2026, 4))
    assert (line.period, line.note) == ("Từ 23/11/2026 đến 23/11/2026", "Gỡ sớm: Đăng nhầm")
    client.force_login(leader)
    assert client.get(reverse("publicity:announcement", args=[budget.translation_key])).status_code == 200


def test_the_workbook_holds_the_same_rows_and_no_formula(client, viet_hung, announce, editor_of):
    announce(viet_hung, "=HYPERLINK(1)", slug="x", days_ago=0, kind=Kind.BUDGET, decision_date=DECIDED)
    client.force_login(editor_of(viet_hung))
    response = client.get(reverse("publicity:register_file", args=["xlsx"]))
    assert response["Content-Disposition"] == 'attachment; filename="so-cong-khai-viet-hung-quy-4-2026.xlsx"'
    sheet = load_workbook(BytesIO(response.content)).active
    cell = sheet["B6"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=HYPERLINK(1)", "s", True)
    assert [cell.value for cell in sheet[5]] == [column.label for column in register.COLUMNS]


def test_the_printed_register_is_a_pdf(client, viet_hung, budget, editor_of):
    client.force_login(editor_of(viet_hung))
    response = client.get(reverse("publicity:register_file", args=["pdf"]))
    assert response.content.startswith(b"%PDF")
    assert client.get(reverse("publicity:register_file", args=["exe"])).status_code == 404


def test_the_screen_of_the_register_asks_the_same_few_questions(client, viet_hung, announce, editor_of):
    client.force_login(editor_of(viet_hung))

    def published(count):
        for number in range(count):
            announce(viet_hung, f"Dự toán {count} {number}", kind=Kind.BUDGET, decision_date=DECIDED)

    def asked():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("publicity:register")).status_code == 200
        return len(captured)

    published(1)
    asked()
    few = asked()
    published(29)
    assert asked() == few


def test_another_wards_register_is_not_there(client, viet_hung, giang_bien, announce, editor_of):
    theirs = announce(giang_bien, "Ngân sách Giang Biên", kind=Kind.BUDGET, decision_date=DECIDED)
    client.force_login(editor_of(viet_hung))
    for address in (
        reverse("publicity:announcement", args=[theirs.translation_key]),
        reverse("publicity:release", args=[theirs.translation_key]),
    ):
        assert (client.get(address).status_code, client.post(address).status_code) == (404, 404)
    shown = client.get(reverse("publicity:register"), {"phuong": "giang-bien"})
    assert shown.context["ward"] == viet_hung.ward
    assert "Giang Biên" not in shown.content.decode()


def test_quarters_follow_each_other():
    assert [str(Quarter.of(date(2026, month, 1))) for month in (1, 3, 4, 12)] == [
        "2026-1",
        "2026-1",
        "2026-2",
        "2026-4",
    ]
    assert (str(Quarter(2026, 4).after), str(Quarter(2026, 1).before)) == ("2027-1", "2025-4")
    assert Quarter(2026, 4).period == (
        datetime(2026, 9, 30, 17, tzinfo=UTC),
        datetime(2026, 12, 31, 17, tzinfo=UTC),
    )
    assert Quarter.read("2026-5") is None
