from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page, Site

from buildings.models import Membership, Ward
from buildings.roles import Position
from home.editing.editors import settle
from home.models import AnnouncementIndexPage, RootPage, WardPage
from home.tenancy.opening import WardRefused, front_page, open_ward
from portal.core import audit
from portal.core.models import User
from tests.home.conftest import AT, ward_page

pytestmark = pytest.mark.django_db

FACTS = [
    "--name=Phúc Lợi",
    "--code=00136",
    "--agency-code=H26.004.136",
    "--address=Số 5 phố Phúc Lợi, Hà Nội",
    "--phone=02438275555",
    "--email=phuc-loi@portal.example",
]


def census():
    return [
        model.objects.count()
        for model in (
            Ward,
            Page,
            Collection,
            Group,
            GroupPagePermission,
            GroupCollectionPermission,
            Site,
            audit.AuditEvent,
        )
    ]


def test_opening_a_ward_makes_all_it_needs():
    page = ward_page("viet-hung")
    assert page.ward == Ward.objects.get(slug="viet-hung")
    assert page.url == "/viet-hung/" == page.ward.get_absolute_url()
    assert [child.url for child in AnnouncementIndexPage.objects.child_of(page)] == ["/viet-hung/thong-bao/"]
    assert page.collection.name == page.editors.name.removeprefix("Biên tập ") == "Phường Việt Hưng"
    assert Site.objects.get().root_page.specific == RootPage.objects.get()
    assert [event.action for event in audit.history_of(page.ward)] == ["ward.opened"]


def test_opening_a_ward_twice_changes_nothing():
    first = ward_page("viet-hung")
    first.intro = "Lời chào của phường"
    first.save()
    before = census()
    assert ward_page("viet-hung") == first
    assert open_ward(slug="viet-hung", by=None, at=AT) == first
    assert census() == before
    assert WardPage.objects.get().intro == "Lời chào của phường"


def test_a_ward_whose_row_was_there_gets_its_pages():
    ward_page("giang-bien").delete()
    assert ward_page("giang-bien").ward == Ward.objects.get()


@pytest.mark.parametrize("slug", ["tra-cuu", "bien-tap", "tim-kiem", "Viet-Hung", "việt-hưng", "-a", "", "a/b"])
def test_a_ward_cannot_take_an_address_of_the_portal_or_an_odd_one(slug):
    with pytest.raises(WardRefused):
        open_ward(slug=slug, by=None, at=AT, name="X")
    assert not Ward.objects.exists()


def test_the_front_page_takes_the_place_of_wagtails_welcome():
    front_page()
    assert front_page() == RootPage.objects.get()
    assert [page.specific for page in Page.get_first_root_node().get_children()] == [RootPage.objects.get()]


def test_the_command_opens_a_ward_and_may_be_repeated():
    for arguments in (["phuc-loi", *FACTS], ["phuc-loi"]):
        call_command("open_ward", *arguments, stdout=(said := StringIO()))
        assert said.getvalue() == "Phường Phúc Lợi: /phuc-loi/\n"
    assert Ward.objects.get().agency_code == "H26.004.136"


@pytest.mark.parametrize(
    "arguments", [["phuc-loi"], ["phuc-loi", *FACTS[:2], "--agency-code=136"], ["mot-cua", *FACTS]]
)
def test_the_command_says_what_is_wrong(arguments):
    with pytest.raises(CommandError):
        call_command("open_ward", *arguments)
    assert not Ward.objects.exists()


def test_an_editors_position_gives_and_takes_the_wards_group(viet_hung, giang_bien):
    user = User.objects.create_user(email="a@portal.example", full_name="An")
    membership = Membership.objects.create(user=user, position=Position.WARD_EDITOR, ward=viet_hung.ward, began_at=AT)
    for _twice in range(2):
        settle(membership.user)
        assert list(user.groups.all()) == [viet_hung.editors]
    assert User.objects.get(pk=user.pk).has_perm("wagtailadmin.access_admin")
    Membership.objects.filter(pk=membership.pk).update(ended_at=AT)
    settle(user)
    assert not user.groups.exists()


def test_an_author_of_procedures_gets_the_catalogue_and_no_pages(db):
    user = User.objects.create_user(email="a@portal.example", full_name="An")
    settle(Membership.objects.create(user=user, position=Position.CATALOGUE_AUTHOR, began_at=AT).user)
    user = User.objects.get(pk=user.pk)
    assert user.has_perms(["catalogue.add_procedure", "catalogue.change_procedure"])
    assert not GroupPagePermission.objects.filter(group__in=user.groups.all()).exists()


def test_a_clerk_has_no_place_in_the_editors_admin(viet_hung):
    user = User.objects.create_user(email="a@portal.example", full_name="An")
    settle(Membership.objects.create(user=user, position=Position.CLERK, ward=viet_hung.ward, began_at=AT).user)
    assert not user.groups.exists()
