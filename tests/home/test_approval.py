"""Two hands publish: an editor writes and sends, an approver of the ward lets it out."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse
from wagtail.models import TaskState

from buildings.models import Membership
from buildings.roles import Position
from home.editing.editors import settle
from home.kinds import Kind
from home.models import AnnouncementPage
from portal.core.models import Notification, User
from tests.home.conftest import AT
from tests.home.editors_form import create, form_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(client, editor_of, viet_hung):
    client.force_login(editor_of(viet_hung, "An"))
    return client


@pytest.fixture
def approver(editor_of, viet_hung):
    return editor_of(viet_hung, "Bích", position=Position.CULTURE_OFFICER)


def sent(client, ward_page, **fields) -> AnnouncementPage:
    response = create(client, ward_page, **{"action-publish": "", "action-submit": "1", **fields})
    assert response.status_code == 302, response.context["form"].errors
    return AnnouncementPage.objects.get(slug="tin-moi")


def decide(client, page, action, comment=""):
    state = TaskState.objects.get(workflow_state__object_id=str(page.pk), status=TaskState.STATUS_IN_PROGRESS)
    address = reverse("wagtailadmin_pages:workflow_action", args=[page.pk, action, state.pk])
    return client.post(address, {"comment": comment})


def told(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("title", flat=True))


def test_an_editor_cannot_publish_only_send(writing, viet_hung):
    assert create(writing, viet_hung).status_code == 302
    page = AnnouncementPage.objects.get(slug="tin-moi")
    assert (page.live, page.workflow_in_progress) == (False, False)
    writing.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form_of())
    page.refresh_from_db()
    assert not page.live


def test_what_is_sent_waits_for_the_wards_approvers_and_they_are_told(
    writing, viet_hung, giang_bien, approver, editor_of
):
    leader = User.objects.create_user(email="ct@portal.example", full_name="Chủ tịch")
    settle(Membership.objects.create(user=leader, position=Position.LEADER, ward=viet_hung.ward, began_at=AT).user)
    elsewhere = editor_of(giang_bien, "Khác", position=Position.CULTURE_OFFICER)
    page = sent(writing, viet_hung)
    assert (page.live, page.workflow_in_progress) == (False, True)
    # The chairman never came to the editors' admin, and hears of it all the same.
    assert [told(approver), told(leader), told(elsewhere)] == [["Chờ bạn duyệt: Tin mới"]] * 2 + [[]]
    notice = Notification.objects.filter(recipient=leader).get()
    assert notice.url == f"/bien-tap/pages/{page.pk}/edit/"


def test_approving_publishes_and_its_author_hears_of_it(writing, viet_hung, approver):
    page = sent(writing, viet_hung)
    author = page.owner
    writing.force_login(approver)
    assert decide(writing, page, "approve", "Tốt").status_code == 302
    page.refresh_from_db()
    assert page.live
    assert writing.get(page.address).status_code == 200
    assert told(author) == ["Đã duyệt: Tin mới"]
    body = Notification.objects.get(recipient=author).body
    assert "Bích đã duyệt; bài đã đăng." in body
    assert "Lời nhắn: Tốt" in body


def test_asking_for_changes_carries_the_comment_back(writing, viet_hung, approver, mailoutbox):
    page = sent(writing, viet_hung)
    author = page.owner
    writing.force_login(approver)
    decide(writing, page, "reject", "Thiếu giờ tiếp dân")
    page.refresh_from_db()
    assert not page.live
    assert told(author) == ["Cần sửa: Tin mới"]
    assert "Thiếu giờ tiếp dân" in Notification.objects.get(recipient=author).body
    assert mailoutbox == []  # Wagtail's own letters, past the outbox, are not sent
    writing.force_login(author)
    assert "Thiếu giờ tiếp dân" in writing.get("/bien-tap/").content.decode()
    writing.post(
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        form_of(**{"action-publish": "", "action-restart-workflow": "1"}),
    )
    assert told(approver) == ["Chờ bạn duyệt: Tin mới"] * 2


def test_an_author_who_has_left_the_ward_hears_no_more(writing, viet_hung, approver):
    page = sent(writing, viet_hung)
    author = page.owner
    Membership.objects.filter(user=author).update(ended_at=AT)
    writing.force_login(approver)
    decide(writing, page, "reject", "Thiếu giờ")
    assert told(author) == []


def test_the_author_takes_it_back(writing, viet_hung, approver):
    page = sent(writing, viet_hung)
    address = reverse("wagtailadmin_pages:confirm_workflow_cancellation", args=[page.pk])
    assert writing.get(address, headers={"x-requested-with": "XMLHttpRequest"}).status_code == 200
    taken_back = form_of(**{"action-publish": "", "action-cancel-workflow": "1"})
    writing.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), taken_back)
    page = AnnouncementPage.objects.get(pk=page.pk)
    assert not page.workflow_in_progress


def test_an_editor_can_neither_approve_nor_take_down(writing, viet_hung, announce):
    page = sent(writing, viet_hung)
    decide(writing, page, "approve")
    page.refresh_from_db()
    assert not page.live
    up = announce(viet_hung, "Đang đăng")
    writing.post(reverse("wagtailadmin_pages:unpublish", args=[up.pk]))
    up.refresh_from_db()
    assert up.live


def test_an_approver_takes_down_what_no_law_keeps_up(writing, viet_hung, announce, approver):
    up = announce(viet_hung, "Đang đăng")
    writing.force_login(approver)
    assert writing.post(reverse("wagtailadmin_pages:unpublish", args=[up.pk])).status_code == 302
    up.refresh_from_db()
    assert not up.live


def test_the_thirty_days_are_told_before_anything_is_asked(writing, viet_hung, announce, approver):
    up = announce(viet_hung, "Dự toán", kind=Kind.BUDGET, days_ago=3, decision_date=AT.date() - timedelta(days=4))
    writing.force_login(approver)
    response = writing.get(reverse("wagtailadmin_pages:unpublish", args=[up.pk]), follow=True)
    assert response.redirect_chain == [(reverse("publicity:announcement", args=[up.translation_key]), 302)]
    assert "phải được công khai liên tục 30 ngày" in response.content.decode()
    free = announce(viet_hung, "Tiếp công dân")
    response = writing.get(reverse("wagtailadmin_pages:unpublish", args=[free.pk]))
    assert (response.status_code, response.templates[0].name) == (200, "wagtailadmin/pages/confirm_unpublish.html")


def buttons(client, page) -> list[str]:
    """What the buttons at the foot of the editor say; first the main one."""
    soup = BeautifulSoup(client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content, "html.parser")
    return [
        each.get_text(strip=True) for each in soup.select("footer button, footer a.button") if each.get_text(strip=True)
    ]


def test_the_main_button_is_what_one_came_for(writing, viet_hung, announce, approver):
    page = sent(writing, viet_hung, slug="tin-moi")
    draft = announce(viet_hung, "Nháp", live=False)
    assert buttons(writing, draft)[0] == "Gửi duyệt"
    writing.force_login(approver)
    assert buttons(writing, page)[:3] == ["Duyệt và đăng", "Thao tác khác", "Yêu cầu sửa"]
    assert buttons(writing, draft)[0] == "Đăng"


def test_enter_in_a_field_never_publishes(writing, viet_hung, announce, approver):
    writing.force_login(approver)
    page = announce(viet_hung, "Nháp", live=False)
    soup = BeautifulSoup(writing.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content, "html.parser")
    pressed = soup.select_one("[data-edit-form] button:not([type=button]), [data-edit-form] input[type=submit]")
    assert "name" not in pressed.attrs
    assert "data-workflow-action-name" not in pressed.attrs


def test_groups_follow_the_positions_held(client, viet_hung):
    user = User.objects.create_user(email="a@portal.example", full_name="An")
    held = Membership.objects.create(user=user, position=Position.LEADER, ward=viet_hung.ward, began_at=AT)
    settle(user)
    assert list(user.groups.all()) == [viet_hung.approvers]
    Membership.objects.filter(pk=held.pk).update(position=Position.WARD_EDITOR)
    settle(user)
    assert list(user.groups.all()) == [viet_hung.editors]
    client.force_login(user)
    assert client.get("/bien-tap/").status_code == 200


def test_the_leader_of_a_closed_ward_changes_its_pages_no_more(client, viet_hung, editor_of):
    leader = editor_of(viet_hung, "Chủ tịch", position=Position.LEADER)
    client.force_login(leader)
    viet_hung.ward.is_open, viet_hung.ward.closed_at = False, AT
    viet_hung.ward.save()
    assert client.get(reverse("wagtailadmin_explore", args=[viet_hung.pk])).status_code == 404
    assert client.get(reverse("publicity:register")).status_code == 200
