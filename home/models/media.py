"""Pictures and files of the wards' pages."""

from typing import ClassVar

from django.core.files import File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage, AbstractRendition, Filter

from home.pictures import MAKING, WithoutNotes


class Picture(AbstractImage):
    """A picture of a page, public while a published page shows it (`home.media`); belongs to the ward whose collection holds it."""

    # No tags: Wagtail completes them across all wards.
    admin_form_fields = (
        "title", "file", "description", "collection",
        "focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height",
    )  # fmt: skip

    class Meta(AbstractImage.Meta):
        verbose_name = _("ảnh")
        verbose_name_plural = _("ảnh")

    def generate_rendition_file(self, filter: Filter, *, source: File | None = None) -> File:
        return super().generate_rendition_file(WithoutNotes(spec=filter.spec), source=source)


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, models.CASCADE, related_name="renditions")
    making = models.PositiveSmallIntegerField(default=MAKING, editable=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="picture_rendition_once_a_filter"
            )
        ]
        indexes: ClassVar = [models.Index(fields=["file"], name="picture_rendition_by_file")]


class PublicFile(AbstractDocument):
    """A file that an announcement offers for download; belongs to the ward whose collection holds it."""

    admin_form_fields = ("title", "file", "collection")

    class Meta(AbstractDocument.Meta):
        verbose_name = _("tệp")
        verbose_name_plural = _("tệp")
