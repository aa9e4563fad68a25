"""Pictures as editors upload them: what is no picture, or too much of one, is refused at its field."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.formats import number_format
from PIL import Image, UnidentifiedImageError
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm


class PictureField(WagtailImageField):
    """Reads how large a picture says it is before anything unpacks it.

    Wagtail asks only after unpacking, and a file of few bytes may claim to be larger than the memory.
    """

    def to_python(self, data: Any):
        if hasattr(data, "read"):
            try:
                self._check_claim(data)
            finally:
                data.seek(0)
        return super().to_python(data)

    def _check_claim(self, file: Any) -> None:
        # What Pillow does not know is told apart, and refused, by Wagtail.
        with suppress(UnidentifiedImageError, OSError, SyntaxError):
            try:
                with Image.open(file) as claimed:
                    width, height = claimed.size
            except Image.DecompressionBombError as error:
                # Pillow does not say how many: at least twice what it takes for safe.
                raise self._too_many(2 * (Image.MAX_IMAGE_PIXELS or 0), at_least=True) from error
            if width * height > self.max_image_pixels:
                raise self._too_many(width * height)

    def _too_many(self, pixels: int, *, at_least: bool = False) -> ValidationError:
        count, most = (number_format(number, force_grouping=True) for number in (pixels, self.max_image_pixels))
        numbers = {"num_pixels": f"> {count}" if at_least else count, "max_pixels_count": most}
        return ValidationError(self.error_messages["file_too_many_pixels"] % numbers, code="file_too_many_pixels")


class PictureForm(BaseImageForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if asked := self.fields.get("file"):  # changing several at once asks for no file
            self.fields["file"] = PictureField(label=asked.label, required=asked.required, widget=asked.widget)
