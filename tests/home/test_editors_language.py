"""The editors' admin speaks Vietnamese: what Wagtail says in English is looked for on every screen that is open."""

import gettext
import io
import json
import re
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from pathlib import Path

import pytest
import wagtail
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import NoReverseMatch, resolve, reverse
from django.utils import timezone, translation

from buildings.models import Membership
from buildings.roles import Position
from home.editing import wall
from home.editing.editors import Scope, settle
from home.middleware import ELSEWHERE
from home.models import AnnouncementPage, Picture, PublicFile
from portal.core.models import User
from tests.home.conftest import AT
from tests.home.editors_form import form_of
from tests.home.test_wall import addresses

pytestmark = pytest.mark.django_db
SPOKEN = ("title", "placeholder", "alt", "label")  # and every aria-… and data-… attribute
GAP = re.compile(r"%(?:\(\w+\))?[sd]|\{\w+\}")
TAG = re.compile(r"<[^>]+>")
NAME = re.compile(r"[a-z_-]+")
# Written into Wagtail's templates past any catalogue: a hidden button, and a counter without a number.
FIXED = {"Search", "None"}

# The portal's own screens stand at the same address as Wagtail's.
OPEN = {*wall.WARD_EDITOR, *(f"wagtailadmin_pages:{name}" for name in ("add", "edit", "unpublish"))}

# Led to the portal's own, and not to be seen (editing.css).
HIDDEN = {*ELSEWHERE, "wagtail_bulk_action"}


# --- What would be English -----------------------------------------------------------------------
@cache
def catalogue(domain: str) -> dict[str | tuple[str, int], str]:
    """Everything Wagtail can say, as it is written in its source, after its ids; the plurals too."""
    files = sorted(Path(wagtail.__file__).parent.rglob(f"locale/en/LC_MESSAGES/{domain}.po"))
    merged = subprocess.run(["msgcat", "--use-first", *files], capture_output=True, check=True).stdout
    english = subprocess.run(["msgen", "-"], input=merged, capture_output=True, check=True).stdout
    compiled = subprocess.run(["msgfmt", "-o", "-", "-"], input=english, capture_output=True, check=True).stdout
    said = gettext.GNUTranslations(io.BytesIO(compiled))._catalog
    return {name: text for name, text in said.items() if name and re.search("[A-Za-z]{2}", GAP.sub("", text))}


@cache
def phrases() -> tuple[frozenset[str], re.Pattern]:
    """The phrases as they are, and a pattern for those with gaps in them. Pieces between tags count by themselves."""
    whole, gapped = set(), set()
    for text in catalogue("django").values():
        for piece in TAG.split(text) if "<" in text else [text]:
            words = re.findall(r"[^\W\d_]{2,}", GAP.sub(" ", piece))
            if not words or (piece != text and len(words) < 2):
                continue
            if GAP.search(piece):
                gapped.add(".+".join(re.escape(part) for part in GAP.split(tidy(piece))))
            else:
                whole.add(tidy(piece))
    return frozenset(whole), re.compile("|".join(sorted(gapped)))


def tidy(text: str) -> str:
    return " ".join(text.split())


# --- What a screen says --------------------------------------------------------------------------
def said(markup: str) -> Iterator[str]:
    """Every text a person may come to see or hear, also what the screen's script is given to say."""
    soup = BeautifulSoup(markup, "html.parser")
    for element in soup.find_all(True):
        if element.name == "script":
            if element.get("type") == "application/json":
                yield from strings(json.loads(element.string or "null"))
            continue
        for name, value in element.attrs.items():
            if isinstance(value, str) and (name in SPOKEN or name.startswith(("aria-label", "data-"))):
                yield from given(value, spoken=not name.startswith("data-"))
        if element.name == "input" and element.get("type") in ("submit", "button"):
            yield element.get("value", "")
        if element.name != "style":
            yield from element.find_all(string=True, recursive=False)


@cache
def said_in_part(markup: str) -> tuple[str, ...]:
    """Of what a script is given: many screens are given the same."""
    return tuple(said(markup))


def given(value: str, *, spoken: bool) -> Iterator[str]:
    if value[:1] in ("[", "{"):
        try:
            yield from strings(json.loads(value))
        except ValueError:
            return
    elif spoken or not NAME.fullmatch(value):
        yield value


def strings(value) -> Iterator[str]:
    """The texts in what a script is given; a single word in small letters is a name there."""
    if isinstance(value, str) and not NAME.fullmatch(value):
        yield from said_in_part(value) if "<" in value else [value]
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from strings(each)


def english_in(response) -> set[str]:
    kind = response.headers.get("Content-Type", "")
    content = response.content.decode()
    texts = strings(json.loads(content)) if "json" in kind else said(content) if "html" in kind else ()
    return {text for text in map(tidy, texts) if is_english(text)}


@cache
def is_english(text: str) -> bool:
    whole, gapped = phrases()
    return text not in FIXED and (text in whole or bool(gapped.fullmatch(text)))


# --- The screens ---------------------------------------------------------------------------------
@pytest.fixture
def at_work(client, editor_of, viet_hung):
    """Signs in as somebody of the ward and gives the client."""

    def at_work(position):
        client.force_login(editor_of(viet_hung, "An", position=position))
        return client

    return at_work


@pytest.fixture
def filled(viet_hung, announce, picture, public_file, editor_of):
    """A ward with everything the screens show: what is up, waits for approval, was sent back, is scheduled."""
    author = editor_of(viet_hung, "Bình")
    picture(viet_hung)
    public_file(viet_hung)
    sent = announce(viet_hung, "Gửi duyệt", live=False)
    sent.save_revision(user=author)
    sent.get_workflow().start(sent, author)
    for page in (announce(viet_hung, "Công khai"), announce(viet_hung, "Nháp", live=False)):
        for title in ("Bản thứ nhất", "Bản thứ hai"):
            page.title = title
            page.save_revision(user=author, log_action=True, changed=True)
    scheduled = announce(viet_hung, "Hẹn giờ", live=False, go_live_at=timezone.now() + timedelta(days=3))
    scheduled.save_revision(user=author, log_action=True).publish()
    return viet_hung


@pytest.mark.parametrize("position", [Position.WARD_EDITOR, Position.CULTURE_OFFICER])
def test_no_screen_that_is_open_says_anything_in_english_or_leads_nowhere(at_work, filled, position):
    client = at_work(position)
    scope = Scope(User.objects.get(full_name="An"))
    above_the_ward = set(filled.get_ancestors().values_list("pk", flat=True))  # the search names them
    found, shut, seen = {}, {}, set()

    @cache  # one screen's links are another's
    def leads_nowhere(link: str) -> str:
        match = resolve(link)
        above = match.kwargs.get("parent_page_id", match.kwargs.get("page_id")) in above_the_ward
        return "" if match.view_name in HIDDEN or above or wall.lets_through(scope, match) else match.view_name

    for name, address in addresses(filled):
        if name not in OPEN:
            continue
        response = client.get(address)
        if response.status_code != 200:  # Wagtail answers some addresses only to its own script
            response = client.get(address, headers={"x-requested-with": "XMLHttpRequest"})
        if response.status_code == 200 and not response.streaming:
            seen.add(name)
            if english := english_in(response):
                found[address] = english
            for link in re.findall(r'href=\\?"(/bien-tap/[^"?\\]*)', response.content.decode()):
                if view := leads_nowhere(link):
                    shut.setdefault(view, set()).add(name + " " + link)
    assert found == {}
    assert shut == {}
    assert len(seen) > 40


def deed(client, address: str, fields: dict) -> set[str]:
    """Does it as the form does, and gives what is English on the screen that follows."""
    response = client.post(address, fields, follow=True)
    assert response.status_code == 200, address
    return english_in(response)


def test_whatever_an_editor_does_is_answered_in_vietnamese(at_work, filled):
    client, index = at_work(Position.CULTURE_OFFICER), filled.get_children().get()
    add = reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk])
    found = {}

    def do(what: str, address: str, **fields) -> None:
        if english := deed(client, address, fields):
            found[what] = english

    draft = {"action-publish": ""}
    do("a new page without a title", add, **form_of(title="", summary=""))
    do("a new page with the end before its beginning", add, **form_of(go_live_at="2027-02-01", expire_at="2027-01-01"))
    do("a new draft", add, **form_of(slug="nhap", **draft))
    do("a new page at once", add, **form_of(slug="dang"))
    do("a new page on schedule", add, **form_of(slug="hen", go_live_at="2099-01-01 08:00"))
    do("a new page for approval", add, **form_of(slug="gui", **draft, **{"action-submit": "1"}))
    do("an address that is taken", add, **form_of(slug="dang"))

    def edit(slug: str) -> str:
        return reverse("wagtailadmin_pages:edit", args=[AnnouncementPage.objects.get(slug=slug).pk])

    do("saved", edit("nhap"), **form_of(slug="nhap", title="Khác", **draft))
    do("saved with mistakes", edit("nhap"), **form_of(slug="nhap", title="", **draft))
    do("sent", edit("nhap"), **form_of(slug="nhap", **draft, **{"action-submit": "1"}))
    do("taken back", edit("nhap"), **form_of(slug="nhap", **draft, **{"action-cancel-workflow": "1"}))
    do("published", edit("nhap"), **form_of(slug="nhap"))
    do("scheduled anew", edit("dang"), **form_of(slug="dang", go_live_at="2099-01-01 08:00"))
    page = AnnouncementPage.objects.get(slug="nhap")
    earlier = page.revisions.order_by("pk").first()
    do("restored", edit("nhap"), **form_of(slug="nhap", revision=earlier.pk, **draft))
    do("published again", edit("nhap"), **form_of(slug="nhap", revision=earlier.pk))
    sent = AnnouncementPage.objects.get(slug="gui")
    state = sent.current_workflow_task_state
    do("sent back", reverse("wagtailadmin_pages:workflow_action", args=[sent.pk, "reject", state.pk]), comment="Thiếu")
    do("acted on too late", reverse("wagtailadmin_pages:workflow_action", args=[sent.pk, "reject", state.pk]))
    do("sent again", edit("gui"), **form_of(slug="gui", **draft, **{"action-restart-workflow": "1"}))
    state = AnnouncementPage.objects.get(slug="gui").current_workflow_task_state
    do("approved", reverse("wagtailadmin_pages:workflow_action", args=[sent.pk, "approve", state.pk]))
    for slug, part in (("nhap", "history"), ("gui", "history"), ("gui", "workflow_history")):
        if english := english_in(client.get(edit(slug).replace("/edit/", f"/{part}/"))):
            found[f"{part} of {slug}"] = english
    do("taken down", edit("nhap").replace("/edit/", "/unpublish/"))
    do("deleted", edit("nhap").replace("/edit/", "/delete/"))

    photo = SimpleUploadedFile("anh.txt", b"khong phai anh")
    do("no picture", reverse("wagtailimages:add"), title="", file=photo)
    picture, file = Picture.objects.get(), PublicFile.objects.get()
    do("picture changed", reverse("wagtailimages:edit", args=[picture.pk]), title="Ảnh khác", tags="")
    do("picture without a name", reverse("wagtailimages:edit", args=[picture.pk]), title="", tags="")
    do("picture deleted", reverse("wagtailimages:delete", args=[picture.pk]))
    paper = SimpleUploadedFile("giay.exe", b"x")
    do("no file", reverse("wagtaildocs:add"), title="Giấy", file=paper, tags="")
    do("file added", reverse("wagtaildocs:add"), title="Giấy", file=SimpleUploadedFile("giay.txt", b"x"), tags="")
    do("file changed", reverse("wagtaildocs:edit", args=[file.pk]), title="Tệp khác", tags="")
    do("file without a name", reverse("wagtaildocs:edit", args=[file.pk]), title="", tags="")
    do("file deleted", reverse("wagtaildocs:delete", args=[file.pk]))
    assert found == {}


@pytest.mark.parametrize("name", ["wagtailadmin_pages:search", "wagtailimages:index", "wagtaildocs:index"])
def test_looking_for_what_is_not_there_is_answered_in_vietnamese(at_work, filled, name):
    client = at_work(Position.WARD_EDITOR)
    assert english_in(client.get(reverse(name), {"q": "khong co gi ca"})) == set()


def test_the_catalogues_authors_are_spoken_to_in_vietnamese(client):
    author = User.objects.create_user(email="c@portal.example", full_name="Chi")
    settle(Membership.objects.create(user=author, position=Position.CATALOGUE_AUTHOR, began_at=AT).user)
    client.force_login(author)
    found = {}
    for name in wall.CATALOGUE_AUTHOR:
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        if (response := client.get(address)).status_code == 200 and (english := english_in(response)):
            found[name] = english
    assert found == {}


def test_the_editors_script_has_all_of_its_words(at_work, viet_hung):
    """Wagtail's own catalogue for scripts has a third of them in Vietnamese; locale/vi has the others."""
    answer = at_work(Position.WARD_EDITOR).get(reverse("wagtailadmin_javascript_catalog"))
    spoken = json.loads(re.search(r"const newcatalog = (\{.*?\});", answer.content.decode(), re.DOTALL)[1])
    assert sorted({name if isinstance(name, str) else name[0] for name in catalogue("djangojs")} - set(spoken)) == []


def test_the_check_would_find_english(at_work, filled):
    client = at_work(Position.WARD_EDITOR)
    with translation.override("en"):
        User.objects.update(preferred_language="en")
        assert {"Save draft", "Toggle status"} <= english_in(
            client.get(reverse("wagtailadmin_pages:edit", args=[filled.pk]))
        )
