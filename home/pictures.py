"""Sizes of pictures on pages: made when published, read in one query, never made by a visitor's request."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils.functional import cached_property
from wagtail.blocks import StreamValue, StructValue
from wagtail.blocks.list_block import ListValue
from wagtail.images.image_operations import FilterOperation, Operation
from wagtail.images.models import AbstractImage, Filter

# What `{% picture %}` asks for in templates/home; keep them the same. A browser takes the first format it knows.
WIDTHS = (360, 720, 1080)
SPECS = tuple(f"width-{width}|format-{kind}" for width in WIDTHS for kind in ("avif", "webp", "jpeg"))
# What other sites show of a page that is passed on.
SHARED = "fill-1200x630|format-jpeg|jpegquality-80"

# How sizes are made: raised when those made before must be made anew (`home.sizes`). 0 still copied the notes below.
MAKING = 1

# What a camera or a program writes beside the picture: where it was taken, when, with whose camera.
NOTES = ("exif", "xmp", "comment", "photoshop")


class WithoutNotes(Filter):
    """A size for readers: the picture, and nothing of what else the original says. Wagtail would copy it."""

    @cached_property
    def operations(self) -> list[Operation]:
        return [*super().operations, _DropNotes("notes")]


class _DropNotes(FilterOperation):
    def construct(self) -> None:
        """Takes no arguments."""

    def run(self, willow: Any, image: AbstractImage, env: dict) -> None:
        info = willow.get_pillow_image().info
        for note in NOTES:
            info.pop(note, None)


def in_blocks(value: Any) -> Iterator[AbstractImage]:
    """Every picture of a body, however deep it stands."""
    if isinstance(value, AbstractImage):
        yield value
    elif isinstance(value, StructValue):
        for each in value.values():
            yield from in_blocks(each)
    elif isinstance(value, StreamValue):
        for block in value:
            yield from in_blocks(block.value)
    elif isinstance(value, ListValue):
        for each in value:
            yield from in_blocks(each)


def with_renditions(images: Iterable[AbstractImage]) -> None:
    """Loads the ready-made sizes of all these pictures in one query."""
    prefetch_related_objects(list(images), "renditions")


def make_ready(images: Iterable[AbstractImage], *specs: str) -> None:
    """Makes the sizes that are missing, so that the first visitor does not wait for them."""
    for image in images:
        image.get_renditions(*(specs or SPECS))
