"""Remarks on a page reach those who take part in it and work for its ward today; nobody else."""

import pytest
from django.urls import reverse
from wagtail.models import Comment, CommentReply, PageSubscription

from buildings.models import Membership
from buildings.roles import Position
from home.models import AnnouncementPage
from portal.core.models import Notification
from tests.home.conftest import AT
from tests.home.editors_form import form_of, no_forms

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(viet_hung, announce):
    return announce(viet_hung, "Tin mới", live=False)


@pytest.fixture
def following(page):
    def following(user):
        PageSubscription.objects.create(page=page, user=user, comment_notifications=True)
        return user

    return following


def remark(client, page, text="Ghi rõ giờ tiếp dân"):
    """Saves the draft with one more remark, as the editor's script sends it."""
    fields = form_of(**{"slug": page.slug, "action-publish": ""})
    fields |= no_forms("comments-0-replies") | {
        "comments-TOTAL_FORMS": 1,
        "comments-0-id": "",
        "comments-0-text": text,
        "comments-0-contentpath": "title",
        "comments-0-position": "",
        "comments-0-DELETE": "",
        "comments-0-resolved": "",
    }
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), fields)
    assert response.status_code == 302, response.context["form"].errors
    return Comment.objects.get(page=page, text=text)


def told(user) -> list[str]:
    return list(Notification.objects.filter(recipient=user).order_by("pk").values_list("body", flat=True))


def test_a_remark_reaches_who_follows_the_page_through_the_portals_inbox(
    client, page, viet_hung, editor_of, following, mailoutbox
):
    author, bystander = following(editor_of(viet_hung, "An")), editor_of(viet_hung, "Dung")
    approver = editor_of(viet_hung, "Bích", position=Position.CULTURE_OFFICER)
    client.force_login(approver)
    remark(client, page)
    assert told(author) == ["Bích để lại nhận xét trên bài.\n\n– Ghi rõ giờ tiếp dân"]
    assert [told(approver), told(bystander)] == [[], []]
    notice = Notification.objects.get(recipient=author)
    assert (notice.title, notice.url) == ("Nhận xét mới: Tin mới", f"/bien-tap/pages/{page.pk}/edit/")
    assert mailoutbox == []  # Wagtail's own letters, past the outbox, are not sent


@pytest.mark.parametrize("text", ["@Lê Văn Dũng xem giúp", "Nhờ @le van dung, ghi rõ giờ"])
def test_who_is_called_by_name_hears_of_it_though_they_took_no_part(
    client, page, viet_hung, giang_bien, editor_of, text
):
    called, namesake = editor_of(viet_hung, "Lê Văn Dũng"), editor_of(giang_bien, "Lê Văn Dũng")
    longer, author = editor_of(viet_hung, "Lê Văn Dũngg"), editor_of(viet_hung, "Bích")
    client.force_login(author)
    remark(client, page, text)
    assert [told(each) for each in (called, namesake, longer, author)] == [
        [f"Bích để lại nhận xét trên bài.\n\n– {text}"],
        [],
        [],
        [],
    ]


def test_who_once_remarked_hears_of_the_next_remark(client, page, viet_hung, editor_of):
    first, second, third = (editor_of(viet_hung, name) for name in ("An", "Bích", "Chi"))
    thread = Comment.objects.create(page=page, user=first, text="Vì sao?", contentpath="title")
    CommentReply.objects.create(comment=thread, user=second, text="Đã sửa")
    client.force_login(third)
    fields = form_of(**{"slug": page.slug, "action-publish": ""})
    fields |= no_forms("comments-0-replies") | {
        "comments-TOTAL_FORMS": 1,
        "comments-INITIAL_FORMS": 1,
        "comments-0-id": thread.pk,
        "comments-0-text": "Vì sao?",
        "comments-0-contentpath": "title",
        "comments-0-position": "",
        "comments-0-resolved": "on",
        "comments-0-replies-TOTAL_FORMS": 1,
        "comments-0-replies-INITIAL_FORMS": 1,
        "comments-0-replies-0-id": CommentReply.objects.get().pk,
        "comments-0-replies-0-text": "Đã sửa",
    }
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), fields)
    assert [told(each) for each in (first, second, third)] == [
        ["Chi đã giải quyết hoặc bỏ nhận xét."],
        ["Chi đã giải quyết hoặc bỏ nhận xét."],
        [],
    ]


@pytest.mark.parametrize("left", ["the position", "the portal"])
def test_who_has_left_hears_no_more(client, page, viet_hung, editor_of, following, left, mailoutbox):
    gone = following(editor_of(viet_hung, "An"))
    Comment.objects.create(page=page, user=gone, text="Vì sao?", contentpath="title")
    if left == "the position":
        Membership.objects.filter(user=gone).update(ended_at=AT)
    else:
        gone.is_active = False
        gone.save()
    client.force_login(editor_of(viet_hung, "Bích"))
    remark(client, page)
    assert told(gone) == []
    assert mailoutbox == []


def test_who_moved_to_another_ward_hears_no_more_of_the_first(
    client, page, viet_hung, giang_bien, editor_of, following
):
    moved = following(editor_of(viet_hung, "An"))
    Membership.objects.filter(user=moved).update(ward=giang_bien.ward)
    client.force_login(editor_of(viet_hung, "Bích"))
    remark(client, page)
    assert told(moved) == []


def test_saving_without_a_remark_tells_nobody(client, page, viet_hung, editor_of, following):
    follower = following(editor_of(viet_hung, "An"))
    client.force_login(editor_of(viet_hung, "Bích"))
    fields = form_of(**{"slug": page.slug, "title": "Tin sửa", "action-publish": ""})
    client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), fields)
    assert AnnouncementPage.objects.get(pk=page.pk).draft_title == "Tin sửa"
    assert told(follower) == []
