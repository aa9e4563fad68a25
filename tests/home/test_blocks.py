"""Whatever an editor, a crafted request or a command puts into a body, what readers get is inert."""

import json
from xml.etree import ElementTree

import pytest
from bs4 import BeautifulSoup
from django.core.exceptions import ValidationError
from django.urls import reverse
from wagtail.blocks import StreamBlockValidationError
from wagtail.models import Page

from buildings.roles import Position
from home.blocks import AnnouncementBody, MapValue, Video, check_video
from home.inert import inert
from home.models import AnnouncementPage
from tests.clock import stopped_at
from tests.factories.catalogue import published
from tests.home.conftest import AT
from tests.home.editors_form import form_of, stream

pytestmark = pytest.mark.django_db

EVIL = (
    '<script>alert("CANARY")</script><img src=x onerror=alert(1)><svg onload=alert(1)></svg>'
    '<a href="javascript:alert(1)">a</a><a href="data:text/html,x" onclick="alert(1)">b</a>'
    '<iframe src="https://evil.test"></iframe>"><b onmouseover=alert(1)>c</b>'
)


def active_in(markup):
    """What would run or load something: foreign scripts and frames, handlers, addresses that are code."""
    for tag in BeautifulSoup(markup, "html.parser").find_all(True):
        if tag.name in ("iframe", "object", "embed") or (
            tag.name == "script" and "/portal/js/" not in tag.get("src", "")
        ):
            yield tag.name
        for name, value in tag.attrs.items():
            if name.startswith("on") or (name in ("href", "src", "action") and str(value).strip().startswith(CODE)):
                yield f"{name}={value}"


CODE = ("javascript:", "data:", "vbscript:")

frozen = stopped_at(AT)


def every_block(picture, file):
    image = {"image": picture.pk, "decorative": False, "alt_text": EVIL}
    values = {
        "paragraph": EVIL,
        "heading": EVIL,
        "picture": image,
        "gallery": [image, image],
        "files": [file.pk],
        "table": {
            "caption": EVIL,
            "columns": [{"type": "text", "heading": EVIL}, {"type": "number", "heading": EVIL}],
            "rows": [{"values": [EVIL, EVIL]}],
        },
        "steps": [{"title": EVIL, "text": EVIL}],
        "questions": [{"question": EVIL, "answer": EVIL}],
        "notice": {"tone": EVIL, "text": EVIL},
        "contact": dict.fromkeys(("office", "matter", "phone", "email", "hours"), EVIL),
        "map": {"picture": image, "address": EVIL, "latitude": None, "longitude": None},
        "procedure": {"procedure": EVIL, "label": EVIL},
        "video": {"title": EVIL, "url": "javascript:alert(1)", "length": EVIL},
    }
    assert set(values) == set(AnnouncementBody().child_blocks)
    return [{"type": kind, "value": value} for kind, value in values.items()]


@pytest.fixture
def crafted(viet_hung, announce, picture, public_file):
    """A page whose row was written past every form."""
    file = public_file(viet_hung, EVIL)
    page = announce(viet_hung, EVIL, slug="doc", summary=EVIL)
    body = json.dumps(every_block(picture(viet_hung), file))
    AnnouncementPage.objects.filter(pk=page.pk).update(body=body, body_en=body, title_en=EVIL, summary_en=EVIL)
    page = AnnouncementPage.objects.get(pk=page.pk)
    page.save()  # what is written down is made inert
    return page


@pytest.mark.parametrize("address", ["/viet-hung/thong-bao/doc/", "/viet-hung/thong-bao/", "/viet-hung/"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_pages_are_inert(client, crafted, address, language):
    shown = client.get(language + address)
    assert shown.status_code == 200
    assert "CANARY" in shown.content.decode()
    assert list(active_in(shown.content.decode())) == []


def test_the_feed_is_inert(client, crafted):
    feed = client.get("/viet-hung/thong-bao/rss/").content.decode()
    assert "CANARY" in feed
    (item,) = ElementTree.fromstring(feed).iter("item")  # noqa: S314 - our own
    # Readers take a description for markup.
    assert list(active_in(item.findtext("description"))) == []


def test_the_preview_is_inert(client, crafted, viet_hung, editor_of):
    client.force_login(editor_of(viet_hung))
    crafted.save_revision()
    for name in ("preview_on_edit", "view_draft"):
        shown = client.get(reverse(f"wagtailadmin_pages:{name}", args=[crafted.pk]))
        assert shown.status_code == 200
        assert list(active_in(shown.content.decode())) == []


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ('<p class="MsoNormal" style="mso-bidi-font-size:14pt"><o:p>Kính gửi</o:p></p>', "<p>Kính gửi</p>"),
        ("<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><p>Xin chào</p>", "<p>Xin chào</p>"),
        ("<style>@import url(//evil.test)</style><p>a</p>", "<p>a</p>"),
        ('<h1 style="x">Mục</h1><font color="red"><b>đỏ</b></font>', "Mục<b>đỏ</b>"),
        ('<a href="java\tscript:alert(1)">x</a>', "<a>x</a>"),
        (
            '<a linktype="page" id="7">x</a> <a href="https://a.vn/?b=1&amp;c">y</a>',
            '<a id="7" linktype="page">x</a> <a href="https://a.vn/?b=1&amp;c">y</a>',
        ),
    ],
)
def test_word_and_scripts_leave_their_words_alone(pasted, kept):
    assert inert(pasted) == kept


def test_the_editors_text_comes_through_the_same_way(client, viet_hung, announce, editor_of):
    """Draftail posts its own format; what it does not know is dropped on the server."""
    page = announce(viet_hung, "Tin")
    client.force_login(editor_of(viet_hung, position=Position.CULTURE_OFFICER))  # who may publish
    content = {
        "blocks": [
            {
                "key": "a",
                "type": "unstyled",
                "text": "Xin chào",
                "depth": 0,
                "inlineStyleRanges": [
                    {"offset": 0, "length": 3, "style": "BOLD"},
                    {"offset": 0, "length": 8, "style": "MSO"},
                ],
                "entityRanges": [{"offset": 4, "length": 4, "key": 0}],
            }
        ],
        "entityMap": {"0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}}},
    }
    posted = form_of(title="Tin", slug="tin", **stream(("paragraph", {"": json.dumps(content)})))
    response = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), posted)
    assert response.status_code == 302, response.context["form"].errors
    source = AnnouncementPage.objects.get(pk=page.pk).body[0].value.source
    assert "javascript" not in source
    assert "<b>Xin</b>" in source


@pytest.mark.parametrize(
    ("url", "allowed"),
    [
        ("https://www.youtube.com/watch?v=abc", True),
        ("https://youtu.be/abc", True),
        ("https://vtv.vn/video/1.htm", True),
        ("http://www.youtube.com/watch?v=abc", False),
        ("https://youtube.com.evil.test/watch", False),
        ("https://evilyoutube.com/watch", False),
        ("https://user@youtube.com/", False),
        ("javascript://youtube.com/%0aalert(1)", False),
        ("https://youtube.com:8443/", False),
    ],
)
def test_videos_stand_on_sites_of_the_list(url, allowed):
    if allowed:
        check_video(url)
    else:
        with pytest.raises(ValidationError):
            check_video(url)


def test_a_video_link_carries_nothing_that_follows_people():
    value = Video().to_python({"title": "x", "url": "https://youtu.be/abc?si=TRACK&t=10#x", "length": ""})
    assert (value.href, value.site) == ("https://youtu.be/abc?t=10", "YouTube")


def test_a_map_leads_to_the_place_or_looks_for_its_address():
    value = MapValue(None, [("address", "Số 8 phố Hoa Sữa"), ("latitude", 21.05), ("longitude", 105.9)])
    assert value.href == "https://www.openstreetmap.org/?mlat=21.05&mlon=105.9#map=18/21.05/105.9"
    value = MapValue(None, [("address", "Số 8 & 9")])
    assert value.href == "https://www.openstreetmap.org/search?query=S%E1%BB%91+8+%26+9"


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("map", {"picture": None, "address": "x", "latitude": 21, "longitude": None}),
        ("contact", {"office": "x", "phone": "gọi tôi"}),
        ("video", {"title": "x", "url": "https://evil.test/v", "length": ""}),
        ("gallery", []),
    ],
)
def test_bad_values_of_blocks_are_refused(kind, value):
    body = AnnouncementBody()
    with pytest.raises(StreamBlockValidationError):
        body.clean(body.to_python([{"type": kind, "value": value}]))


def test_a_button_leads_to_a_service_the_ward_offers_and_is_gone_with_it(client, viet_hung, announce):
    procedure = published()
    page = announce(viet_hung, "Tin", body=[("procedure", {"procedure": procedure.slug, "label": "Nộp ngay"})])
    address = procedure.address_in(viet_hung.ward)
    assert f'href="{address}"' in client.get(page.address).content.decode()
    procedure.live = False
    procedure.save()
    assert "Nộp ngay" not in client.get(page.address).content.decode()


def test_links_to_pages_still_work(client, viet_hung, announce):
    target = Page.objects.get(pk=viet_hung.pk)
    page = announce(viet_hung, "Tin", body=[("paragraph", f'<p><a linktype="page" id="{target.pk}">Phường</a></p>')])
    assert '<a href="/viet-hung/">Phường</a>' in client.get(page.address).content.decode()
