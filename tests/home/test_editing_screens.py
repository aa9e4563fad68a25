"""What an editor meets on the way: words in Vietnamese, and a clear word for a picture that cannot be one."""

import re
import resource
import struct
import zlib
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from home.models import AnnouncementPage, Picture

pytestmark = pytest.mark.django_db
ENGLISH = (
    "Save draft", "Documents", "Images", "Page title", "Submit", "History", "Comments", "Toggle", "Publish",
    "Approve", "Newest", "Search", "Add an image", "Preview in", "Set schedule", "as you'd like",
)  # fmt: skip


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_REQUIRED = False


@pytest.fixture
def writing(client, editor_of, viet_hung):
    client.force_login(editor_of(viet_hung, "An"))
    return client


def words_of(markup: str) -> str:
    """What stands on the screen for eyes and ears; not the script's own data."""
    seen = re.sub(r"<(script|style|template)\b.*?</\1>", " ", markup, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]+>", " ", seen))


def test_the_editors_main_screens_speak_vietnamese(writing, viet_hung, announce):
    page = announce(viet_hung, "Tin mới")
    index = viet_hung.get_children().get()
    addresses = (
        "/bien-tap/",
        reverse("wagtailadmin_explore", args=[index.pk]),
        reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk]),
        reverse("wagtailadmin_pages:edit", args=[page.pk]),
        reverse("wagtailadmin_pages:history", args=[page.pk]),
        reverse("wagtailimages:index"),
        reverse("wagtailimages:add"),
    )
    found = {}
    for address in addresses:
        response = writing.get(address)
        assert response.status_code == 200
        shown = words_of(response.content.decode())
        if left := [word for word in ENGLISH if re.search(rf"\b{re.escape(word)}\b", shown)]:
            found[address] = left
    assert found == {}


def bomb(side: int) -> bytes:
    """A PNG of few bytes that claims side × side pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer, row = zlib.compressobj(9), b"\0" * (1 + side // 8)
    packed = b"".join(packer.compress(row) for _row in range(side)) + packer.flush()
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def upload(client, name: str, content: bytes):
    return client.post(
        reverse("wagtailimages:add"), {"title": "Ảnh tôi chụp", "file": SimpleUploadedFile(name, content)}
    )


def refusal(response) -> str:
    form = response.context["form"]
    assert form["title"].value() == "Ảnh tôi chụp"  # nothing typed is lost
    return " ".join(form.errors["file"])


@pytest.mark.parametrize("side", [8_000, 20_000])
def test_a_picture_of_few_bytes_and_endless_pixels_is_refused_without_unpacking_it(writing, viet_hung, side):
    content = bomb(side)
    assert len(content) < 150_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert "quá nhiều điểm ảnh" in refusal(upload(writing, "anh.png", content))
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 150 * 1024
    assert not Picture.objects.exists()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("anh.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "Nhận"),
        ("anh.jpg", b"%PDF-1.7 khong phai anh", ""),
        ("anh.jpg", bomb(8), "không khớp"),
    ],
)
def test_what_is_no_picture_is_refused_at_its_field(writing, viet_hung, name, content, said):
    assert said in refusal(upload(writing, name, content))
    assert not Picture.objects.exists()


def test_the_preview_begins_with_a_phone(viet_hung, announce):
    page = announce(viet_hung, "Tin mới")
    assert AnnouncementPage.objects.get(pk=page.pk).preview_sizes[0]["device_width"] == 360
