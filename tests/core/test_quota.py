"""Of one request's files only so many bytes are kept; the rest is left out and said, whatever the form."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from portal.core.files import quota

LARGE, SMALL = 3_000_000, 1000  # the former is kept in a file of its own while it arrives, the latter in memory


def posted(settings, *sizes: int, most: int):
    settings.MAX_FILES_BYTES = most
    files = [SimpleUploadedFile(f"{number}.pdf", b"x" * size) for number, size in enumerate(sizes)]
    return RequestFactory().post("/", {"before": "a", "files": files, "typed": "Thang rung"})


@pytest.mark.parametrize(
    ("sizes", "kept"),
    [
        ((SMALL, SMALL), ["0.pdf", "1.pdf"]),
        ((SMALL, LARGE, SMALL), ["0.pdf", "2.pdf"]),
        ((LARGE, SMALL, SMALL), ["1.pdf", "2.pdf"]),
        ((SMALL, SMALL, SMALL), ["0.pdf", "1.pdf"]),
    ],
)
def test_what_fits_is_kept_whole_and_what_was_typed_arrives(settings, sizes, kept):
    request = posted(settings, *sizes, most=2 * SMALL)
    arrived = request.FILES.getlist("files")

    assert [file.name for file in arrived] == kept
    assert [len(file.read()) for file in arrived] == [SMALL] * 2
    assert [*request.POST] == ["before", "typed"]
    assert sorted([*kept, *quota.left_out(request)]) == [f"{number}.pdf" for number in range(len(sizes))]


def test_two_large_ones_stay_whole_when_a_third_is_left_out(settings):
    request = posted(settings, LARGE, LARGE, LARGE, most=2 * LARGE)

    assert [len(file.read()) for file in request.FILES.getlist("files")] == [LARGE, LARGE]
    assert quota.left_out(request) == ["2.pdf"]


def test_many_names_are_counted(settings):
    settings.MAX_FILES_BYTES = quota.MEGABYTE
    said = quota.words([f"{number}.jpg" for number in range(7)])

    assert "7 tệp sau chưa được nhận: “0.jpg”, “1.jpg”, “2.jpg”, “3.jpg”, “4.jpg” …" in said
