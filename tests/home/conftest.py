from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from PIL import Image

from buildings.models import Membership
from buildings.roles import Position
from home.editing.editors import settle
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage, Picture, PublicFile
from home.tenancy.opening import open_ward
from portal.core.models import User

AT = datetime(2026, 11, 23, 3, tzinfo=UTC)

WARDS = {
    "viet-hung": ("Việt Hưng", "00127"),
    "giang-bien": ("Giang Biên", "00121"),
    "thuong-thanh": ("Thượng Thanh", "00115"),
}


def ward_page(slug):
    return opened(slug, *WARDS[slug])


def opened(slug, name, code):
    return open_ward(
        slug=slug,
        by=None,
        at=AT,
        name=name,
        code=code,
        agency_code=f"H26.004.{code[2:]}",
        address=f"Số 1 phố {name}, Hà Nội",
        phone="02438271234",
        email=f"{slug}@portal.example",
    )


@pytest.fixture
def viet_hung(db):
    return ward_page("viet-hung")


@pytest.fixture
def giang_bien(db):
    return ward_page("giang-bien")


@pytest.fixture
def announce():
    """Publishes an announcement in a ward; `days_ago` places it in time."""

    def announce(page, title="Lịch tiếp công dân tháng 12", *, days_ago=1, live=True, **fields):
        kind = Kind.OUTAGE if "urgent_until" in fields else Kind.RECEPTION
        fields = {"kind": kind, "summary": "Chủ tịch tiếp công dân mỗi thứ Năm.", **fields}
        published = AT - timedelta(days=days_ago)
        index = AnnouncementIndexPage.objects.child_of(page).get()
        announcement = AnnouncementPage(
            title=title, live=live, first_published_at=published, last_published_at=published, **fields
        )
        return index.add_child(instance=announcement)

    return announce


@pytest.fixture
def picture():
    def picture(page, title="Ảnh", size=(1200, 800)):
        content = BytesIO()
        Image.new("RGB", size, "#8c1c3c").save(content, "JPEG")
        return Picture.objects.create(
            title=title, collection=page.collection, file=ContentFile(content.getvalue(), name="anh.jpg")
        )

    return picture


@pytest.fixture
def public_file():
    def public_file(page, title="Tệp"):
        return PublicFile.objects.create(
            title=title, collection=page.collection, file=ContentFile(b"noi dung", name="tep.txt")
        )

    return public_file


@pytest.fixture
def editor_of():
    """A ward editor, or someone of another position, who may work in the editors' admin."""

    def editor_of(page, name="Biên tập viên", position=Position.WARD_EDITOR):
        user = User.objects.create_user(email=f"{page.slug}-{User.objects.count()}@portal.example", full_name=name)
        membership = Membership.objects.create(user=user, position=position, ward=page.ward, began_at=AT)
        settle(membership.user)
        return user

    return editor_of


@pytest.fixture
def pieces_are_kept(settings, tmp_path):
    """As the embedded default does it; else tests make every page of nothing."""
    backend = "django.core.cache.backends.filebased.FileBasedCache"
    settings.CACHES = {**settings.CACHES, "pages": {"BACKEND": backend, "LOCATION": tmp_path / "pages"}}
