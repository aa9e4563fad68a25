"""What an editor meets on the way: a clear word for a picture that cannot be one."""

import resource
import struct
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from buildings.roles import Position
from home.models import AnnouncementPage, Picture

pytestmark = pytest.mark.django_db


@pytest.fixture
def writing(client, editor_of, viet_hung):
    client.force_login(editor_of(viet_hung, "An"))
    return client


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


@pytest.mark.parametrize(("side", "told"), [(8_000, "64.000.000"), (20_000, "> 178.956.970")])
def test_a_picture_of_few_bytes_and_endless_pixels_is_refused_without_unpacking_it(writing, viet_hung, side, told):
    content = bomb(side)
    assert len(content) < 150_000
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert f"quá nhiều điểm ảnh ({told}). Nhiều nhất 50.000.000." in refusal(upload(writing, "anh.png", content))
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


def test_a_form_that_lost_its_fields_on_the_way_is_refused(writing, viet_hung, announce):
    """Wagtail's own screens fail on it."""
    page = announce(viet_hung)
    edit = reverse("edit_page", args=[page.pk])
    add = reverse("add_page", args=["home", "announcementpage", page.get_parent().pk])

    answers = [writing.post(address, {"title": "Thiếu"}).status_code for address in (edit, add)]

    assert answers == [400, 400]


def test_a_title_that_has_no_address_to_propose_asks_no_script(writing, viet_hung):
    shown = writing.get(reverse("wagtailadmin_pages:edit", args=[viet_hung.pk])).content.decode()
    assert 'name="title"' in shown
    assert "w-sync" not in shown


def test_the_preview_begins_with_a_phone(viet_hung, announce):
    page = announce(viet_hung, "Tin mới")
    assert AnnouncementPage.objects.get(pk=page.pk).preview_sizes[0]["device_width"] == 360


def test_a_new_page_is_made_by_its_editor_and_kept_by_itself_from_then_on(writing, viet_hung, announce):
    """Made by the script a moment earlier, it would take the address of what its editor sends."""
    index = viet_hung.get_children().get()
    new = writing.get(reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk])).content.decode()
    old = writing.get(reverse("wagtailadmin_pages:edit", args=[announce(viet_hung).pk])).content.decode()
    assert ["data-w-autosave-interval-value" in each for each in (new, old)] == [False, True]


@pytest.mark.parametrize("position", [Position.WARD_EDITOR, Position.CULTURE_OFFICER])
def test_the_list_of_announcements_asks_the_same_however_long_it_is(client, viet_hung, announce, editor_of, position):
    client.force_login(editor_of(viet_hung, "Bích", position=position))
    address = reverse("wagtailadmin_explore", args=[viet_hung.get_children().get().pk])
    counts = []
    for more in (1, 0, 24):
        for number in range(more):
            announce(viet_hung, f"Tin {more}-{number}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[1] == counts[2]
