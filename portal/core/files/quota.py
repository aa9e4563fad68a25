"""How much of one request's files is kept. What is beyond is left out and named, so that what was typed beside it
arrives: a page that says "too large" would throw it away.

With the script, pictures come one by one and nothing of this happens. Without it, twenty photos of a phone come at once.
"""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.files.uploadhandler import FileUploadHandler, SkipFile
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from ..limits import MEGABYTE
from ..middleware import GetResponse

LEFT_OUT = "left_out"  # on the request
NAMED = 5  # of those left out; the rest are counted


class WithinQuota(FileUploadHandler):
    """The first of FILE_UPLOAD_HANDLERS: lets files through until they are `MAX_FILES_BYTES` together."""

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        self.kept = 0
        self.left_out: list[str] = []
        setattr(self.request, LEFT_OUT, self.left_out)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        # Not in `new_file`: the parser closes what the other handlers hold, which before their own
        # `new_file` is still the file before this one.
        if self.kept + start + len(raw_data) > settings.MAX_FILES_BYTES:
            self.left_out.append(self.file_name or "?")
            raise SkipFile
        return raw_data

    def file_complete(self, file_size: int) -> None:
        self.kept += file_size


def left_out(request: HttpRequest) -> list[str]:
    """The names of the files that came and were not kept."""
    return getattr(request, LEFT_OUT, [])


def words(names: list[str]) -> str:
    """Which files have to be sent again, and how."""
    said = ", ".join(f"“{name}”" for name in names[:NAMED]) + (" …" if len(names) > NAMED else "")
    return _(
        "Một lần gửi nhận được %(most)s MB tệp, nên %(n)s tệp sau chưa được nhận: %(names)s. "
        "Hãy chọn lại các tệp đó và gửi tiếp."
    ) % {"most": settings.MAX_FILES_BYTES // MEGABYTE, "n": len(names), "names": said}


class LeftOutIsSaid:
    """Tells of what was left out on whatever page comes next. After CsrfViewMiddleware, which reads the form."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *args: Any) -> None:
        if names := left_out(request):
            messages.warning(request, words(names))
