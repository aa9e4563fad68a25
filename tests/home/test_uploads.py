"""What comes in with a picture or a paste and must not go out again: places, programs, another program's marks."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base

from home.inert import inert
from home.models import AnnouncementPage, Picture
from home.pictures import SHARED, SPECS

pytestmark = [pytest.mark.django_db, pytest.mark.bucket]
CAMERA = "Máy ảnh của chị Lan"


@pytest.fixture
def writing(client, editor_of, viet_hung):
    client.force_login(editor_of(viet_hung, "An"))
    return client


def photo_of_a_phone() -> bytes:
    """A JPEG that says where it was taken and with whose camera."""
    exif = Image.Exif()
    exif[Base.Model] = CAMERA.encode()
    exif.get_ifd(IFD.GPSInfo).update({GPS.GPSLatitudeRef: "N", GPS.GPSLatitude: (21.0, 2.0, 44.0)})
    content = BytesIO()
    Image.new("RGB", (1600, 900), "#8c1c3c").save(content, "JPEG", exif=exif, comment=CAMERA.encode())
    return content.getvalue()


def upload(client, viet_hung, name: str, content: bytes):
    return client.post(
        reverse("wagtailimages:add"),
        {"title": "Ảnh", "collection": viet_hung.collection_id, "file": SimpleUploadedFile(name, content)},
    )


def refusal(response) -> str:
    return " ".join(response.context["form"].errors["file"])


def test_readers_get_no_picture_that_says_where_it_was_taken(
    writing, viet_hung, announce, django_capture_on_commit_callbacks
):
    content = photo_of_a_phone()
    with Image.open(BytesIO(content)) as taken:
        assert taken.getexif().get_ifd(IFD.GPSInfo)
    assert upload(writing, viet_hung, "anh.jpg", content).status_code == 302
    picture = Picture.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        announce(viet_hung, picture=picture, picture_alt="Ảnh")
    assert Client().get(picture.file.url).status_code == 404  # the original still says it
    for size in picture.get_renditions(*SPECS, SHARED).values():
        response = Client().get(size.url)
        assert response.status_code == 200
        shown = response.getvalue()
        assert CAMERA.encode() not in shown
        with Image.open(BytesIO(shown)) as opened:
            assert dict(opened.getexif()) == {}, size.filter_spec
            assert opened.getexif().get_ifd(IFD.GPSInfo) == {}, size.filter_spec


@pytest.mark.parametrize(
    "content",
    [
        b"<?php system($_GET['c']); ?>",
        b"<!doctype html><script>alert(1)</script>",
        b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    ],
    ids=["php", "html", "svg"],
)
def test_a_program_under_a_pictures_name_is_refused_at_its_field(writing, viet_hung, content):
    said = refusal(upload(writing, viet_hung, "anh.jpg", content))
    assert "ảnh" in said.lower()
    assert not Picture.objects.exists()


@pytest.mark.parametrize("name", ["anh.php", "anh.html", "anh.svg", "anh.jpg.php"])
def test_a_picture_under_a_programs_name_is_refused_too(writing, viet_hung, name):
    assert "Nhận" in refusal(upload(writing, viet_hung, name, photo_of_a_phone()))
    assert not Picture.objects.exists()


def test_a_photo_over_the_limit_is_refused_and_the_limit_named(writing, viet_hung, settings):
    assert settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE == 20 * 1024 * 1024
    heavy = photo_of_a_phone() + b"\0" * settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE
    said = refusal(upload(writing, viet_hung, "anh.jpg", heavy))
    assert "20" in said
    assert "MB" in said
    assert "quá" in said
    assert not Picture.objects.exists()


WORD = (
    "<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--><style>p.MsoNormal {margin:0}</style>"
    '<p class="MsoNormal" style="mso-margin-top-alt:auto;color:red"><b style="mso-bidi-font-weight:normal">'
    '<span lang="VI" style="font-family:&quot;Times New Roman&quot;">Kính gửi</span></b><o:p> bà con</o:p></p>'
)


def test_a_paste_from_word_keeps_its_words_and_loses_its_marks(viet_hung, announce):
    page = announce(viet_hung, body=[("paragraph", WORD)])
    (block,) = AnnouncementPage.objects.get(pk=page.pk).body
    assert block.value.source == "<p><b>Kính gửi</b> bà con</p>"
    shown = Client().get(page.address).content.decode()
    assert "Mso" not in shown
    assert "mso-" not in shown


@pytest.mark.parametrize(
    "markup",
    ['<p onclick="alert(1)">Chữ</p>', "<p>Chữ<script>alert(1)</script></p>", '<p style="color:red">Chữ</p>'],
)
def test_marks_that_do_something_do_nothing(markup):
    assert inert(markup) == "<p>Chữ</p>"
