"""An upgrade gives older wards and pages what newer ones have, once, and promises what takes long."""

from io import BytesIO, StringIO

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from PIL import Image
from wagtail.images.models import AbstractImage
from wagtail.models import GroupPagePermission, WorkflowPage

from home.models import Picture, PictureRendition, WardPage
from home.pictures import MAKING, SHARED, SPECS
from home.sizes import JOB
from portal.core import upgrading
from portal.core.models import Job
from portal.core.outbox import run_all
from tests.home.conftest import AT
from tests.home.test_uploads import CAMERA, photo_of_a_phone

pytestmark = [pytest.mark.django_db, pytest.mark.bucket]


def upgrade() -> list[str]:
    said: list[str] = []
    upgrading.run(at=AT, say=said.append)
    return said


@pytest.fixture
def old_picture(viet_hung, monkeypatch):
    """A phone's photo with sizes as they were made once: fewer, and with all that the phone wrote."""
    made = Picture.objects.create(
        title="Ảnh", collection=viet_hung.collection, file=ContentFile(photo_of_a_phone(), name="anh.jpg")
    )
    with monkeypatch.context() as then:
        then.setattr(Picture, "generate_rendition_file", AbstractImage.generate_rendition_file)
        made.get_renditions("width-360|format-jpeg", "width-720|format-jpeg")
    made.renditions.update(making=0)
    return made


def says_where(size: PictureRendition) -> bool:
    content = size.file.open().read()
    with Image.open(BytesIO(content)) as opened:
        return CAMERA.encode() in content or bool(opened.getexif())


def test_pictures_of_published_pages_get_their_sizes_from_the_worker_and_lose_what_the_phone_wrote(
    viet_hung, announce, old_picture
):
    announce(viet_hung, picture=old_picture, picture_alt="Ảnh")
    assert all(says_where(size) for size in old_picture.renditions.all())

    assert upgrade() == ["Pictures whose sizes the worker will make: 1"]
    assert old_picture.renditions.count() == 2  # the upgrade itself is quick
    run_all(at=AT)

    sizes = list(old_picture.renditions.all())
    assert {size.filter_spec for size in sizes} == {*SPECS, SHARED}
    assert {size.making for size in sizes} == {MAKING}
    assert [size.filter_spec for size in sizes if says_where(size)] == []


def test_what_no_published_page_shows_only_loses_its_old_sizes(viet_hung, announce, old_picture):
    announce(viet_hung, live=False, picture=old_picture, picture_alt="Ảnh")
    upgrade()
    run_all(at=AT)

    assert not old_picture.renditions.exists()


def test_a_picture_inside_a_body_needs_no_cut_for_sharing(viet_hung, announce, picture):
    shown = picture(viet_hung)
    announce(viet_hung, body=[("picture", {"image": shown, "alt_text": "Ảnh", "decorative": False})])
    upgrade()
    run_all(at=AT)

    assert {size.filter_spec for size in shown.renditions.all()} == set(SPECS)


def test_an_upgrade_done_twice_is_done_once(viet_hung, announce, old_picture):
    announce(viet_hung, picture=old_picture, picture_alt="Ảnh")
    upgrade()
    assert upgrade() == []
    run_all(at=AT)
    assert upgrade() == []
    assert Job.objects.filter(kind=JOB).count() == 1


def test_a_ward_opened_by_an_older_version_gets_what_wards_have_since(viet_hung, giang_bien):
    WardPage.objects.filter(pk=viet_hung.pk).update(approvers=None)
    viet_hung.approvers.delete()
    WorkflowPage.objects.filter(page=viet_hung).delete()
    assert upgrade() == ["Wards completed: 1"]

    viet_hung.refresh_from_db()
    workflow = WorkflowPage.objects.get(page=viet_hung).workflow
    assert workflow.tasks.get().specific.groups.get() == viet_hung.approvers
    assert GroupPagePermission.objects.filter(group=viet_hung.approvers, page=viet_hung).count() == 3
    assert upgrade() == []


def test_the_normal_upgrade_does_it_and_says_so(viet_hung, settings):
    WorkflowPage.objects.filter(page=viet_hung).delete()
    settings.WHITENOISE_USE_FINDERS = True
    said = StringIO()
    call_command("prepare", stderr=said)

    assert "Wards completed: 1\n" in said.getvalue()
    assert WorkflowPage.objects.filter(page=viet_hung).exists()


def test_a_closed_ward_stays_closed(viet_hung):
    WorkflowPage.objects.filter(page=viet_hung).delete()
    type(viet_hung.ward).objects.update(is_open=False, closed_at=AT)

    assert upgrade() == []
    assert not WorkflowPage.objects.filter(page=viet_hung).exists()
