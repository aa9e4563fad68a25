"""Checks of what residents send: by content, never by name or by what the browser says.

`inspect_upload` gives back what may be kept, cleaned: photographs are decoded and written anew, which
drops EXIF (where the photo was taken) and anything hidden behind the picture, and turns them upright;
HEIC becomes JPEG. A PDF is kept as it came, because it may carry somebody's signature.
"""

import hashlib
import io
import warnings
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePath

import pillow_heif
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.base import File
from django.utils.text import get_valid_filename
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageFile, ImageOps

from . import pdf_reading

pillow_heif.register_heif_opener()

MAX_BYTES = 15 * 1024 * 1024
MAX_PAGES = 60
MAX_PIXELS = 50_000_000  # a 50-megapixel phone photo passes
KEPT_SIDE = 4000  # pixels; A4 at 340 dpi
LEAST_SIDE = 100  # pixels; nothing smaller can be read
THUMBNAIL_SIDE = 320  # pixels


class Cause(StrEnum):
    """Why an upload is refused; each has words of its own, which say what to do."""

    EMPTY = "empty"
    TOO_BIG = "too_big"
    WRONG_TYPE = "wrong_type"
    PROTECTED = "protected"
    DAMAGED_PDF = "damaged_pdf"
    DAMAGED_IMAGE = "damaged_image"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    TOO_SMALL = "too_small"
    ACTIVE = "active"


MESSAGES = {
    Cause.EMPTY: _("Tệp “%(name)s” rỗng. Hãy chọn lại tệp có nội dung."),
    Cause.TOO_BIG: _("Tệp “%(name)s” lớn hơn %(megabytes)s MB. Hãy chụp lại hoặc giảm dung lượng tệp."),
    Cause.WRONG_TYPE: _("Tệp “%(name)s” không phải ảnh JPEG, PNG, HEIC hoặc tệp PDF. Hãy chọn tệp khác."),
    Cause.PROTECTED: _("Tệp PDF “%(name)s” có mật khẩu. Hãy bỏ mật khẩu rồi tải lên lại."),
    Cause.DAMAGED_PDF: _("Không đọc được tệp PDF “%(name)s” vì tệp bị hỏng. Hãy quét hoặc lưu lại tệp."),
    Cause.DAMAGED_IMAGE: _("Không đọc được ảnh “%(name)s” vì tệp bị hỏng. Hãy chụp lại ảnh."),
    Cause.TOO_MANY_PAGES: _(
        "Tệp PDF “%(name)s” có %(pages)s trang, nhiều hơn %(limit)s trang. Hãy tách thành nhiều tệp."
    ),
    Cause.TOO_MANY_PIXELS: _("Ảnh “%(name)s” có kích thước quá lớn. Hãy chụp lại với độ phân giải thấp hơn."),
    Cause.TOO_SMALL: _("Ảnh “%(name)s” quá nhỏ, không đọc được chữ. Hãy chụp lại rõ hơn."),
    Cause.ACTIVE: _("Tệp PDF “%(name)s” chứa mã lệnh hoặc tệp đính kèm. Hãy in ra PDF mới rồi tải lên lại."),
}


class UploadRefused(ValidationError):
    """An upload that is not kept. A ValidationError, so that a form field shows its words."""

    def __init__(self, cause: Cause, **values) -> None:
        super().__init__(MESSAGES[cause], code=cause, params=values)
        self.cause = cause


@dataclass(frozen=True)
class Inspected:
    """An upload that may be kept: `content`, already cleaned, and what is known of it."""

    kind: str  # "image" or "pdf"
    mime: str
    name: str  # safe to show and to save under; its ending fits the content
    size: int  # bytes of `content`
    pages: int
    sha256: str  # of `content`
    content: bytes
    thumbnail: bytes  # JPEG


def inspect_upload(file: File) -> Inspected:
    """Look into an uploaded file. Raises UploadRefused; reads at most `MAX_BYTES`."""
    name = PurePath((file.name or "").replace("\\", "/")).name[-100:] or "?"
    content = _read(file, name)
    if content.startswith(b"%PDF-"):
        return _inspect_pdf(content, name)
    if format := _image_format(content):
        return _inspect_image(content, format, name)
    raise UploadRefused(Cause.WRONG_TYPE, name=name)


def _read(file: File, name: str) -> bytes:
    too_big = UploadRefused(Cause.TOO_BIG, name=name, megabytes=MAX_BYTES // 1024**2)
    if (file.size or 0) > MAX_BYTES:
        raise too_big
    file.seek(0)
    content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise too_big
    if not content.strip(b"\0 \t\r\n"):
        raise UploadRefused(Cause.EMPTY, name=name)
    return content


def _image_format(content: bytes) -> str | None:
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if content[4:8] == b"ftyp" and content[8:12] in {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1"}:
        return "HEIF"
    return None


def _inspect_image(content: bytes, format: str, name: str) -> Inspected:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is lower
            image = Image.open(io.BytesIO(content), formats=[format])
            if image.width * image.height > MAX_PIXELS:
                raise UploadRefused(Cause.TOO_MANY_PIXELS, name=name)
            if min(image.size) < LEAST_SIDE:
                raise UploadRefused(Cause.TOO_SMALL, name=name)
            if format == "JPEG":
                image.draft(
                    None, (KEPT_SIDE, KEPT_SIDE)
                )  # decode a huge photo at half size, in a quarter of the memory
            # WeasyPrint, where it is imported, makes Pillow fill up truncated pictures with grey.
            ImageFile.LOAD_TRUNCATED_IMAGES = False
            image.load()
    except Image.DecompressionBombError as error:
        raise UploadRefused(Cause.TOO_MANY_PIXELS, name=name) from error
    except UploadRefused:
        raise
    except Exception as error:  # decoders raise anything at damaged data: OSError, SyntaxError, struct.error …
        raise UploadRefused(Cause.DAMAGED_IMAGE, name=name) from error

    upright = ImageOps.exif_transpose(image)
    upright.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    kept_format = "PNG" if format == "PNG" else "JPEG"
    cleaned = _encode(upright, kept_format)
    upright.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    return Inspected(
        kind="image",
        mime=f"image/{kept_format.lower()}",
        name=_safe_name(name, "png" if kept_format == "PNG" else "jpg"),
        size=len(cleaned),
        pages=1,
        sha256=hashlib.sha256(cleaned).hexdigest(),
        content=cleaned,
        thumbnail=_encode(upright, "JPEG", quality=75),
    )


def _encode(image: Image.Image, format: str, quality: int = 88) -> bytes:
    """The pixels alone: no EXIF, no text chunks, no colour profile."""
    if format == "JPEG":
        pixels = _on_white(image).convert("RGB")
    else:
        pixels = image.convert("RGBA" if image.has_transparency_data else "RGB")
    bare = Image.frombytes(pixels.mode, pixels.size, pixels.tobytes())
    out = io.BytesIO()
    bare.save(out, format, **({"quality": quality, "optimize": True} if format == "JPEG" else {}))
    return out.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    if not image.has_transparency_data:
        return image
    layered = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered)


def _inspect_pdf(content: bytes, name: str) -> Inspected:
    try:
        found = pdf_reading.read(content, most_pages=MAX_PAGES, side=THUMBNAIL_SIDE)
    except pdf_reading.Protected as error:
        raise UploadRefused(Cause.PROTECTED, name=name) from error
    except pdf_reading.Damaged as error:
        raise UploadRefused(Cause.DAMAGED_PDF, name=name) from error
    if found.pages > MAX_PAGES:
        raise UploadRefused(Cause.TOO_MANY_PAGES, name=name, pages=found.pages, limit=MAX_PAGES)
    if found.active:
        raise UploadRefused(Cause.ACTIVE, name=name)
    return Inspected(
        kind="pdf",
        mime="application/pdf",
        name=_safe_name(name, "pdf"),
        size=len(content),
        pages=found.pages,
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
        thumbnail=_encode(Image.frombytes("RGB", (found.width, found.height), found.first_page), "JPEG", quality=75),
    )


def _safe_name(name: str, ending: str) -> str:
    stem = name.rsplit(".", 1)[0].strip(". ")
    stem = "".join(character for character in stem if character.isprintable())[:80]
    try:
        return f"{get_valid_filename(stem)}.{ending}"
    except SuspiciousFileOperation:  # nothing usable is left of it
        return f"tep.{ending}"
