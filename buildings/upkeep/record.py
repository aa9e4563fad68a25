"""The record of a check, as an inspection asks for it: every line with its result, and the pictures."""

from base64 import b64encode
from io import BytesIO

from PIL import Image

from portal.core.pdf import render_pdf_now

from .models import Check, CheckPhoto

WIDTH = 800  # pixels: sharp at the 8 cm it is printed


def print_record(check: Check) -> bytes:
    """PDF of a finished check. It is signed on paper by whoever made it and the head of the managers."""
    building = check.building
    items = list(check.items.prefetch_related("photos"))
    photos = [(item.number, _small(photo)) for item in items for photo in item.photos.all()]
    operator = building.operated_by
    context = {
        "title": "Biên bản tự kiểm tra",
        "building": building,
        "check": check,
        "items": items,
        "photos": photos,
        "wrong": [item for item in items if item.result == item.Result.WRONG],
        "operator": operator.company if operator else "",
    }
    return render_pdf_now("pdf/buildings/check.html", context)


def _small(photo: CheckPhoto) -> str:
    out = BytesIO()
    with photo.file.open() as stored, Image.open(stored) as image:
        image.thumbnail((WIDTH, WIDTH))
        image.convert("RGB").save(out, "JPEG", quality=80)
    return "data:image/jpeg;base64," + b64encode(out.getvalue()).decode()
