"""A ward's editor, let loose on every address of the editors' admin with another ward's keys."""

from itertools import product

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from wagtail.models import Collection, Page, Revision, Task, TaskState, WorkflowState

from buildings.models import Membership, Ward
from buildings.roles import Position
from home.editing import wall
from home.editing.editors import settle
from home.models import AnnouncementPage, Picture, PublicFile, WardPage
from home.tenancy.opening import open_ward
from portal.core.models import User
from tests.home.conftest import AT
from tests.home.editors_form import create, form_of, rich_text, stream

pytestmark = pytest.mark.django_db
CANARY = "CANARYB"


@pytest.fixture
def theirs(announce, picture, public_file, editor_of):
    """Another ward in which everything carries the canary's name."""
    page = open_ward(
        slug="canaryb",
        by=None,
        at=AT,
        name=CANARY,
        code="00999",
        agency_code="H26.004.999",
        address=CANARY,
        phone="02438279999",
        email="canaryb@portal.example",
    )
    editor = editor_of(page, CANARY)
    page.owner = editor
    page.save_revision(user=editor, log_action=True).publish()
    announcement = announce(page, f"{CANARY} cong khai", summary=CANARY)
    sent = announce(page, f"{CANARY} gui duyet", live=False, summary=CANARY)
    sent.save_revision(user=editor)
    sent.get_workflow().start(sent, editor)
    draft = announce(page, f"{CANARY} nhap", live=False, summary=CANARY)
    for each in (announcement, draft):
        each.owner = editor
        each.save_revision(user=editor, log_action=True)
        each.save_revision(user=editor, log_action=True)
    Picture.objects.filter(pk=picture(page, CANARY).pk).update(uploaded_by_user=editor)
    public_file(page, CANARY)
    return page


@pytest.fixture
def ours(viet_hung, announce):
    announce(viet_hung, "Tin Việt Hưng", summary="Của mình")
    return viet_hung


@pytest.fixture
def at_work(client, editor_of, ours):
    """The client of an editor of our ward."""
    client.force_login(editor_of(ours, "An"))
    return client


@pytest.fixture
def approving(client, editor_of, ours):
    """The client of one who approves what our ward publishes."""
    client.force_login(editor_of(ours, "Bích", position=Position.CULTURE_OFFICER))
    return client


def admin_patterns():
    """Every address under /bien-tap/, found in the resolver: a new one is covered the day it appears."""
    entry = next(each for each in get_resolver().url_patterns if str(each.pattern) == "bien-tap/")

    def walk(resolver, namespaces=()):
        for each in resolver.url_patterns:
            if isinstance(each, URLResolver):
                yield from walk(each, (*namespaces, each.namespace) if each.namespace else namespaces)
            elif isinstance(each, URLPattern) and each.name and each.name != "wagtailadmin_error_test":
                yield ":".join((*namespaces, each.name)), each

    return list(walk(entry))


def keys_of(page):
    announcements = list(AnnouncementPage.objects.descendant_of(page).values_list("pk", flat=True))
    revisions = Revision.objects.filter(object_id__in=[str(key) for key in announcements])
    states = WorkflowState.objects.filter(workflow__workflow_pages__page=page)
    return {
        "pages": [page.pk, page.get_children().get().pk, *announcements],
        "pictures": list(Picture.objects.filter(collection=page.collection).values_list("pk", flat=True)),
        "files": list(PublicFile.objects.filter(collection=page.collection).values_list("pk", flat=True)),
        "tasks": list(
            Task.objects.filter(workflow_tasks__workflow__workflow_pages__page=page).values_list("pk", flat=True)
        ),
        "workflow_states": list(states.values_list("pk", flat=True)),
        "task_states": list(states.values_list("current_task_state", flat=True)),
        "revisions": list(revisions.values_list("pk", flat=True)[:1]),
    }


def addresses(page):
    """Each admin address with the ward's keys in it; what takes no key as it is."""
    keys = keys_of(page)
    any_key = [keys["pages"][-1], *keys["pictures"], *keys["files"], page.collection_id, page.editors_id]
    candidates = {
        "page_id": keys["pages"],
        "parent_page_id": keys["pages"][:2],
        "page_to_move_id": keys["pages"][-1:],
        "destination_id": keys["pages"][1:2],
        "image_id": keys["pictures"],
        "document_id": keys["files"],
        "doc_id": keys["files"],
        "collection_id": [page.collection_id],
        "task_id": keys["tasks"],
        "task_state_id": keys["task_states"],
        "workflow_state_id": keys["workflow_states"],
        "revision_id": keys["revisions"],
        "revision_id_a": ["earliest"],
        "revision_id_b": ["latest"],
        "content_type_app_name": ["home"],
        "content_type_model_name": ["announcementpage"],
        "app_label": ["home"],
        "app_name": ["home"],
        "model_name": ["announcementpage"],
        "action": ["delete", "publish", "move"],
        "action_name": ["approve", "reject"],
        "filter_spec": ["width-100"],
        "object_id": keys["pages"][-1:],
    }
    positional = {"wagtailadmin_pages:revisions_compare": [(key, "earliest", "latest") for key in keys["pages"]]}
    for name, pattern in admin_patterns():
        arguments = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        if name in positional:
            yield from ((name, reverse(name, args=args)) for args in positional[name])
            continue
        try:
            for values in product(*(candidates.get(argument, any_key) for argument in arguments)):
                yield name, reverse(name, kwargs=dict(zip(arguments, values, strict=True)))
        except Exception as error:
            raise AssertionError(f"The crawl cannot fill {name} {arguments}") from error


def names_seen(client, page):
    """Where the canary shows: its name on the page, and not merely the address asked for."""
    seen = set()
    for name, address in addresses(page):
        # Wagtail answers some addresses only to its own script.
        for headers in ({}, {"x-requested-with": "XMLHttpRequest"}):
            response = client.get(address, headers=headers)
            assert response.status_code in (200, 302, 400, 403, 404, 405), (name, response.status_code)
            content = b"".join(response.streaming_content) if response.streaming else response.content
            if response.status_code == 200 and CANARY in content.decode(errors="replace"):
                seen.add(name)
            if response.status_code == 404 or name in seen:
                break
    assert client.get("/bien-tap/").status_code == 200, "signed out on the way: the crawl saw nothing"
    return seen


def test_no_address_of_the_admin_shows_another_wards_content(at_work, theirs):
    assert names_seen(at_work, theirs) == set()


def test_nor_to_one_who_approves(approving, theirs):
    assert names_seen(approving, theirs) == set()


def test_nor_do_the_pages_of_ones_own_ward(at_work, ours, theirs, picture, public_file):
    picture(ours)
    public_file(ours)
    assert names_seen(at_work, ours) == set()


def test_nor_do_searching_and_filtering(at_work, ours, theirs):
    narrowed = {
        "q": CANARY.lower(),  # what the page repeats is not what it found
        "search_all": "1",
        "collection_id": theirs.collection_id,
        "page_type": "home.announcementpage",
        "owner": User.objects.get(full_name=CANARY).pk,
    }
    named = {name for name, pattern in admin_patterns() if pattern.pattern.converters}
    bare = [name for name, arguments in wall.WARD_EDITOR.items() if not arguments and name not in named]
    for name in [*bare, "wagtailadmin_explore"]:
        address = reverse(name, args=[ours.pk] if name == "wagtailadmin_explore" else [])
        assert CANARY not in at_work.get(address, narrowed).content.decode(), name


def test_the_crawl_would_see_the_canary(client, theirs):
    """An operator sees it in many places, so the crawl above proves something."""
    client.force_login(User.objects.create_superuser("root@portal.example", "x", full_name="Operator"))
    seen = names_seen(client, theirs)
    assert {
        "wagtailadmin_pages:edit",
        "wagtailadmin_choose_page_child",
        "wagtailimages:edit",
        "wagtaildocs:index",
    } <= seen
    assert len(seen) > 25


def everything_of(page):
    keys = keys_of(page)
    return [
        list(WardPage.objects.filter(pk=page.pk).values()),
        list(Page.objects.filter(pk__in=keys["pages"]).values()),
        list(AnnouncementPage.objects.filter(ward=page.ward).values()),
        list(Picture.objects.filter(pk__in=keys["pictures"]).values()),
        list(PublicFile.objects.filter(pk__in=keys["files"]).values()),
        list(Collection.objects.filter(pk=page.collection_id).values()),
        list(page.editors.permissions.values_list("pk", flat=True)),
        list(page.editors.page_permissions.values()),
        list(WorkflowState.objects.filter(pk__in=keys["workflow_states"]).values()),
        list(TaskState.objects.filter(workflow_state__in=keys["workflow_states"]).values()),
        list(Revision.objects.filter(object_id__in=[str(key) for key in keys["pages"]]).values("pk", "content")),
    ]


@pytest.mark.parametrize("who", ["at_work", "approving"])
def test_no_address_of_the_admin_changes_another_wards_content(request, theirs, who):
    at_work = request.getfixturevalue(who)
    before = everything_of(theirs)
    body = {"title": "Đã bị đổi", "slug": "da-bi-doi", "action-publish": "1", "next": "", "restriction_type": "login"}
    for name, address in addresses(theirs):
        assert at_work.post(address, body).status_code in (200, 302, 400, 403, 404, 405), name
        if everything_of(theirs) != before:
            pytest.fail(f"{name} changed another ward's content")
    assert at_work.get("/bien-tap/").status_code == 200, "signed out on the way: the crawl changed nothing"


def test_an_own_page_in_front_opens_nothing_of_another_ward_behind_it(approving, ours, theirs):
    """Two keys in one address: the first is ours, the second theirs."""
    page, before = keys_of(ours)["pages"][-1], everything_of(theirs)
    keys = {name.removesuffix("s"): values for name, values in keys_of(theirs).items()}
    beside = {"task_id": "task", "task_state_id": "task_state", "workflow_state_id": "workflow_state"}
    beside |= dict.fromkeys(("revision_id", "revision_id_a", "revision_id_b"), "revision")
    pairs = (("earliest", keys["revision"][0]), (keys["revision"][0], "latest"))
    asked = [reverse("wagtailadmin_pages:revisions_compare", args=[page, *pair]) for pair in pairs]
    for name, pattern in admin_patterns():
        arguments = list(pattern.pattern.converters) or list(pattern.pattern.regex.groupindex)
        if name not in wall.WARD_EDITOR or not beside.keys() & set(arguments):
            continue
        others = [keys[beside[argument]][0] if argument in beside else "approve" for argument in arguments[1:]]
        asked.append(reverse(name, args=[page, *others]))
    for address in asked:
        for answer in (approving.get(address), approving.post(address, {"next": "https://elsewhere.example/"})):
            assert (answer.status_code, answer.headers.get("Location")) in ((404, None), (405, None)), address
    assert len(asked) == 9
    assert everything_of(theirs) == before


def test_the_wall_names_only_addresses_that_exist(db):
    there = {name for name, _pattern in admin_patterns()} | {
        "add_page",
        "edit_page",
        "take_down",
    }  # before Wagtail's (portal.urls)
    assert set(wall.WARD_EDITOR) - there == set()


@pytest.mark.parametrize("position", [None, Position.CLERK, Position.BUILDING_MANAGER])
def test_the_admin_does_not_exist_for_others(client, viet_hung, position):
    user = User.objects.create_user(email="b@portal.example", full_name="Bình")
    if position:
        Membership.objects.create(user=user, position=position, ward=viet_hung.ward, began_at=AT)
    client.force_login(user)
    assert client.get("/bien-tap/").status_code == 404


def test_visitors_are_led_to_sign_in(client, viet_hung):
    response = client.get("/bien-tap/")
    assert (response.status_code, response["Location"]) == (302, "/tai-khoan/login/?next=/bien-tap/")


def test_an_ended_position_shuts_the_door_though_the_group_is_still_held(at_work, ours):
    assert at_work.get("/bien-tap/").status_code == 200
    Membership.objects.update(ended_at=timezone.now())
    assert at_work.get("/bien-tap/").status_code == 404


def test_an_author_of_procedures_sees_no_pages(client, theirs):
    user = User.objects.create_user(email="c@portal.example", full_name="Chi")
    settle(Membership.objects.create(user=user, position=Position.CATALOGUE_AUTHOR, began_at=AT).user)
    client.force_login(user)
    assert client.get("/bien-tap/").status_code == 200
    Ward.objects.filter(pk=theirs.ward_id).update(name="Hàng Xóm")  # which wards offer a procedure is the author's say
    assert names_seen(client, theirs) == set()


# --- What an editor does at work -----------------------------------------------------------------


def test_an_approver_publishes_at_once_with_a_picture_a_file_and_a_link(approving, ours, picture, public_file):
    at_work = approving
    inside, file = picture(ours), public_file(ours)
    response = create(
        at_work,
        ours,
        title="Tổng vệ sinh cuối tuần",
        slug="tổng-vệ-sinh-cuối-tuần",
        picture=str(picture(ours).pk),
        picture_alt="Sân chung",
        **stream(
            (
                "paragraph",
                rich_text(
                    f'<p><a linktype="page" id="{ours.pk}">Phường</a> <a linktype="document" id="{file.pk}">tệp</a></p>'
                ),
            ),
            ("picture", {"-image": str(inside.pk), "-alt_text": "Chổi"}),
            ("files", {"-count": "1", "-0-value": str(file.pk), "-0-order": "0", "-0-deleted": ""}),
        ),
    )
    assert response.status_code == 302, response.context["form"].errors
    announcement = AnnouncementPage.objects.get(slug="tong-ve-sinh-cuoi-tuan")
    assert announcement.live
    assert announcement.ward == ours.ward
    assert at_work.get(announcement.address).status_code == 200


def test_an_editor_sees_the_page_before_it_is_published(at_work, ours):
    announcement = AnnouncementPage.objects.get(ward=ours.ward)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[announcement.pk])
    assert at_work.post(address, form_of(title="Chưa đăng")).json()["is_valid"]
    preview = at_work.get(address)
    assert preview.status_code == 200
    assert "<h1>Chưa đăng</h1>" in preview.content.decode()
    assert "Chưa đăng" not in at_work.get(announcement.address).content.decode()


def foreign_values(theirs):
    """Each way of referring to another ward's picture, file or page."""
    image = Picture.objects.filter(collection=theirs.collection).first().pk
    file = PublicFile.objects.filter(collection=theirs.collection).first().pk
    return {
        "the picture on top": ("picture", {"picture": str(image), "picture_alt": "x"}),
        "a picture in the text": ("body", stream(("picture", {"-image": str(image), "-alt_text": "x"}))),
        "a file": (
            "body",
            stream(("files", {"-count": "1", "-0-value": str(file), "-0-order": "0", "-0-deleted": ""})),
        ),
        "a link to a page": (
            "body",
            stream(("paragraph", rich_text(f'<p><a linktype="page" id="{theirs.pk}">x</a></p>'))),
        ),
        "a link to a file": (
            "body",
            stream(("paragraph", rich_text(f'<p><a linktype="document" id="{file}">x</a></p>'))),
        ),
    }


WAYS = ["the picture on top", "a picture in the text", "a file", "a link to a page", "a link to a file"]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("action", ["action-publish", ""])
def test_what_is_another_wards_is_refused_in_the_form(at_work, ours, theirs, way, action):
    field, values = foreign_values(theirs)[way]
    response = create(at_work, ours, **{**values, "action-publish": action})
    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert not AnnouncementPage.objects.filter(slug="tin-moi").exists()


@pytest.mark.parametrize("way", WAYS)
def test_an_existing_page_cannot_take_it_either(at_work, ours, theirs, way):
    announcement = AnnouncementPage.objects.get(ward=ours.ward)
    field, values = foreign_values(theirs)[way]
    response = at_work.post(reverse("wagtailadmin_pages:edit", args=[announcement.pk]), form_of(**values))
    assert list(response.context["form"].errors) == [field]
    announcement.refresh_from_db()
    assert (announcement.title, announcement.latest_revision) == ("Tin Việt Hưng", None)


def test_choosers_offer_the_wards_own(at_work, ours, theirs, picture, public_file):
    own, file = picture(ours, "Của mình"), public_file(ours, "Của mình")
    assert list(at_work.get(reverse("wagtailimages_chooser:choose")).context["results"]) == [own]
    assert list(at_work.get(reverse("wagtaildocs_chooser:choose")).context["results"]) == [file]
    found = at_work.get(reverse("wagtailadmin_choose_page_search"), {"q": "cong khai"})
    assert CANARY not in found.content.decode()


def test_what_an_editor_uploads_lands_in_the_wards_collection(at_work, ours, theirs):
    form = at_work.get(reverse("wagtailimages:add")).context["form"]
    assert "collection" not in form.fields or list(form.fields["collection"].queryset) == [ours.collection]


def test_the_wards_home_and_list_cannot_be_taken_down(at_work, ours):
    for page in (ours, ours.get_children().get()):
        for name in ("unpublish", "delete"):
            assert at_work.post(reverse(f"wagtailadmin_pages:{name}", args=[page.pk])).status_code == 404
    assert WardPage.objects.get(pk=ours.pk).live


def test_signing_out_and_the_account_are_the_portals(at_work, ours):
    assert at_work.get("/bien-tap/logout/")["Location"] == reverse("account_logout")
    assert at_work.get("/bien-tap/account/")["Location"] == reverse("core:profile")
    assert at_work.get("/bien-tap/").status_code == 200


def test_no_menu_item_leads_nowhere(at_work, ours):
    page = at_work.get("/bien-tap/").content.decode()
    assert reverse("wagtailadmin_explore", args=[ours.pk]) in page
    for closed in ("/bien-tap/reports/", "/bien-tap/users/", "/bien-tap/workflows/", "/bien-tap/redirects/"):
        assert closed not in page
