"""A picture's address opens nothing by itself: what is not published is its ward's editors' own."""

import re
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image, ImageChops, ImageFilter

from home import media
from home.models import AnnouncementPage, Picture
from portal.core.files.bucket import PagesBucket
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def committed(django_capture_on_commit_callbacks):
    return lambda: django_capture_on_commit_callbacks(execute=True)


def size_of(picture):
    return picture.get_rendition("width-360|format-webp").url


def status(address, user=None):
    client = Client()
    if user:
        client.force_login(user)
    response = client.get(address)
    if hasattr(response, "streaming_content"):
        b"".join(response.streaming_content)
    return response.status_code


def in_body(picture):
    return [("picture", {"image": picture, "decorative": True, "alt_text": ""})]


# --- Pictures -------------------------------------------------------------------------------------
@pytest.mark.bucket
def test_a_picture_follows_its_page_from_draft_to_published_to_taken_down(
    viet_hung, giang_bien, announce, picture, editor_of, committed
):
    top, inside = picture(viet_hung), picture(viet_hung)
    everyone = [None, UserFactory(), editor_of(giang_bien)]
    own = editor_of(viet_hung)
    with committed():
        page = announce(viet_hung, picture=top, picture_alt="Ảnh", body=in_body(inside), live=False)
    for address in (size_of(top), size_of(inside)):
        assert [status(address, user) for user in everyone] == [404, 404, 404]
        assert status(address, own) == 200
    with committed():
        page.save_revision().publish()
    for address in (size_of(top), size_of(inside)):
        assert [status(address, user) for user in [*everyone, own]] == [200] * 4
    with committed():
        AnnouncementPage.objects.get().unpublish()
    for address in (size_of(top), size_of(inside)):
        assert [status(address, user) for user in everyone] == [404, 404, 404]
        assert status(address, own) == 200


def test_a_picture_put_into_the_draft_of_a_published_page_waits_with_it(viet_hung, announce, picture, committed):
    new = picture(viet_hung)
    with committed():
        page = announce(viet_hung)
        page.body = in_body(new)
        revision = page.save_revision()
    assert status(size_of(new)) == 404
    with committed():
        revision.publish()
    assert status(size_of(new)) == 200
    with committed():
        page = AnnouncementPage.objects.get()
        page.body = []
        page.save_revision().publish()
    assert status(size_of(new)) == 404


@pytest.mark.bucket
def test_an_upload_nobody_uses_is_seen_by_its_editors_alone(viet_hung, picture, editor_of):
    address = size_of(picture(viet_hung))
    assert status(address) == 404
    assert status(address, editor_of(viet_hung)) == 200
    assert status(address, UserFactory(is_superuser=True)) == 200


@pytest.mark.bucket
def test_the_original_is_never_public(viet_hung, giang_bien, announce, picture, editor_of, committed):
    """A phone writes into it where it was taken."""
    top = picture(viet_hung)
    with committed():
        announce(viet_hung, picture=top, picture_alt="Ảnh")
    address = top.file.url
    assert [status(address, user) for user in (None, UserFactory(), editor_of(giang_bien))] == [404, 404, 404]
    assert status(address, editor_of(viet_hung)) == 200


def test_an_ended_membership_shuts_the_door(viet_hung, picture, editor_of):
    address, editor = size_of(picture(viet_hung)), editor_of(viet_hung)
    editor.memberships.update(ended_at=editor.memberships.get().began_at)
    assert status(address, editor) == 404


@pytest.mark.bucket
@pytest.mark.parametrize(
    "path", ["", "../portal.sqlite3", "images/", "documents/tep.txt", "images/khong-co.webp", "%00"]
)
def test_only_pictures_are_found_below_media(viet_hung, public_file, path):
    public_file(viet_hung)
    assert status(f"/media/{path}") == 404


def test_what_is_shown_may_be_kept_and_what_is_not_may_not(viet_hung, announce, picture, editor_of, committed):
    shown, hidden = picture(viet_hung), picture(viet_hung)
    with committed():
        announce(viet_hung, picture=shown, picture_alt="Ảnh")
    public = Client().get(size_of(shown))
    assert public["Cache-Control"] == "public, max-age=86400, s-maxage=300, immutable"
    assert public["Content-Type"] == "image/webp"
    client = Client()
    client.force_login(editor_of(viet_hung))
    assert client.get(size_of(hidden))["Cache-Control"] == "private, no-store"


def test_a_bucket_has_no_public_addresses():
    assert PagesBucket(bucket_name="x").url("images/ảnh.webp") == "/media/images/%E1%BA%A3nh.webp"


# --- Files ----------------------------------------------------------------------------------------
@pytest.mark.bucket
def test_a_file_follows_its_page_too(viet_hung, giang_bien, announce, public_file, editor_of, committed):
    file, linked = public_file(viet_hung), public_file(viet_hung)
    link = f'<p><a linktype="document" id="{linked.pk}">Tệp</a></p>'
    with committed():
        page = announce(viet_hung, body=[("files", [file]), ("paragraph", link)], live=False)
    for address in (file.url, linked.url):
        assert [status(address, user) for user in (None, UserFactory(), editor_of(giang_bien))] == [404, 404, 404]
        assert status(address, editor_of(viet_hung)) == 200
    with committed():
        page.save_revision().publish()
    assert [status(file.url), status(linked.url)] == [200, 200]
    with committed():
        AnnouncementPage.objects.get().unpublish()
    assert [status(file.url), status(linked.url)] == [404, 404]
    assert not media.is_shown(file)


# --- Weight ---------------------------------------------------------------------------------------
def photo(page, seed):
    """A photo as a phone takes it: 12 million pixels of gradients, edges and grain."""
    small = Image.effect_noise((64, 48), 90).resize((4000, 3000), Image.Resampling.BICUBIC)
    detail = Image.effect_noise((1000, 750), 60).resize((4000, 3000)).filter(ImageFilter.GaussianBlur(3))
    grain = Image.effect_noise((4000, 3000), 12)
    mixed = Image.blend(Image.blend(small, detail, 0.35), grain, 0.15)
    colour = Image.merge("RGB", (mixed, ImageChops.offset(mixed, 40), ImageChops.offset(small, 90)))
    content = BytesIO()
    colour.save(content, "JPEG", quality=88)
    name = f"anh-{seed}.jpg"
    return Picture.objects.create(
        title=name, collection=page.collection, file=ContentFile(content.getvalue(), name=name)
    )


PHONE = {"accept-encoding": "gzip"}
PHONE_WIDTH = 720  # 360 CSS pixels at twice the density; the sizes attribute says 100vw


def test_an_announcement_with_two_photos_weighs_at_most_150_kb_on_a_phone(viet_hung, announce, committed):
    with committed():
        page = announce(
            viet_hung,
            picture=photo(viet_hung, 1),
            picture_alt="Ảnh",
            body=[*in_body(photo(viet_hung, 2)), *[("paragraph", f"<p>{'Nội dung thông báo. ' * 40}</p>")] * 8],
        )
    address = page.address
    html = Client().get(address, headers=PHONE)
    assert html["Content-Encoding"] == "gzip"
    text = Client().get(address).content.decode()
    loaded = {
        *re.findall(r'<link rel="(?:stylesheet|icon)"[^>]*href="([^"]+)"', text),
        *re.findall(r'<script[^>]*src="([^"]+)"', text),
    }
    first_sources = re.findall(r'<source[^>]*srcset="([^"]+)"[^>]*type="image/avif"', text)
    assert len(first_sources) == 2
    for candidates in first_sources:
        widths = {int(width): url for url, width in re.findall(r"(\S+) (\d+)w", candidates)}
        loaded.add(widths[min(width for width in widths if width >= PHONE_WIDTH)])
    weights = {address: len(html.content)}
    for part in loaded:
        response = Client().get(part, headers=PHONE)
        assert response.status_code == 200, part
        weights[part] = len(response.getvalue())
    assert sum(weights.values()) <= 150_000, weights


def test_first_paint_waits_for_no_script(viet_hung, announce, committed):
    with committed():
        page = announce(viet_hung)
    text = Client().get(page.address).content.decode()
    assert {"module"} == set(re.findall(r'<script type="(\w+)"', text))
    assert text.count("<script") == len(re.findall(r'<script type="module" src="/static/', text))
    assert "<style" not in text
    assert text.count('rel="stylesheet"') == 1
    assert "font" not in re.sub(r"<body.*", "", text, flags=re.DOTALL)
