"""Pictures as editors upload them: what is no picture, or too much of one, is refused at its field."""

from contextlib import suppress
from typing import Any

from django.core.exceptions import ValidationError
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
                raise self._too_many("> 100 000 000") from error
            if width * height > self.max_image_pixels:
                raise self._too_many(str(width * height))

    def _too_many(self, pixels: str) -> ValidationError:
        numbers = {"num_pixels": pixels, "max_pixels_count": self.max_image_pixels}
        return ValidationError(self.error_messages["file_too_many_pixels"] % numbers, code="file_too_many_pixels")


class PictureForm(BaseImageForm):
    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if asked := self.fields.get("file"):  # changing several at once asks for no file
            self.fields["file"] = PictureField(label=asked.label, required=asked.required, widget=asked.widget)
