"""What residents send is judged by its content; what is kept is encrypted."""

import io
import tracemalloc
import zlib

import pytest
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import ExifTags, Image, ImageDraw

from portal.core.files import uploads
from portal.core.files.downloads import private_response
from portal.core.files.storage import DamagedFile
from portal.core.files.uploads import Cause, UploadRefused, inspect_upload
from portal.core.pdf import print_html


def upload(content: bytes, name: str = "giấy tờ.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def picture(format: str = "JPEG", size=(640, 480), **options) -> bytes:
    """Red above, blue below."""
    image = Image.new("RGB", size, "blue")
    ImageDraw.Draw(image).rectangle((0, 0, size[0], size[1] // 2), "red")
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def pdf(pages: int = 1) -> bytes:
    body = "".join("<p style='break-after: page'>Trang giấy</p>" for _page in range(pages - 1)) + "<p>Trang cuối</p>"
    html = f"<!doctype html><html lang='vi'><title>x</title><body style='font-family: Tinos'>{body}</body></html>"
    return print_html(html, archival=False).pdf


def refusal(content: bytes, name: str = "giấy tờ.jpg") -> Cause:
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(upload(content, name))
    assert caught.value.messages != []
    return caught.value.cause


# --- Accepted ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("format", "mime", "ending"),
    [("JPEG", "image/jpeg", "jpg"), ("PNG", "image/png", "png"), ("HEIF", "image/jpeg", "jpg")],
)
def test_photos_as_phones_take_them(format, mime, ending):
    found = inspect_upload(upload(picture(format), "Căn cước mặt trước.HEIC"))
    kept = Image.open(io.BytesIO(found.content))
    assert (found.kind, found.mime, found.pages, found.name) == ("image", mime, 1, f"Căn_cước_mặt_trước.{ending}")
    assert (kept.size, found.size) == ((640, 480), len(found.content))
    assert Image.open(io.BytesIO(found.thumbnail)).size == (320, 240)


def test_a_pdf_is_kept_byte_for_byte_and_its_pages_counted():
    content = pdf(3)
    found = inspect_upload(upload(content, "tờ khai.pdf"))
    assert (found.kind, found.mime, found.pages, found.content) == ("pdf", "application/pdf", 3, content)
    thumbnail = Image.open(io.BytesIO(found.thumbnail))
    assert (thumbnail.format, max(thumbnail.size)) == ("JPEG", 320)


def test_the_place_where_a_photo_was_taken_is_dropped():
    exif = Image.Exif()
    exif[ExifTags.Base.Make] = "CANARY"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (21.0, 2.0, 30.0)
    content = picture(exif=exif.tobytes())
    assert b"CANARY" in content
    found = inspect_upload(upload(content))
    assert dict(Image.open(io.BytesIO(found.content)).getexif()) == {}
    assert b"CANARY" not in found.content + found.thumbnail


def test_a_photo_taken_sideways_is_turned_upright():
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6  # shown turned by a quarter to the right
    found = inspect_upload(upload(picture(exif=exif.tobytes())))
    kept = Image.open(io.BytesIO(found.content)).convert("RGB")
    assert kept.size == (480, 640)
    assert (kept.getpixel((10, 320))[2] > 200, kept.getpixel((470, 320))[0] > 200) == (
        True,
        True,
    )  # red is on the right


def test_what_hides_behind_a_picture_is_dropped():
    found = inspect_upload(upload(picture() + b"<?php system($_GET['x']); ?>"))
    assert b"<?php" not in found.content


def test_a_huge_photo_is_kept_at_a_useful_size():
    found = inspect_upload(upload(picture(size=(8000, 6000), quality=30)))
    assert Image.open(io.BytesIO(found.content)).size == (4000, 3000)


def test_the_ending_of_a_name_says_nothing():
    assert inspect_upload(upload(pdf(), "ảnh.jpg")).name == "ảnh.pdf"


@pytest.mark.parametrize("name", ["../../etc/passwd", "C:\\fakepath\\ảnh.jpg", "...", "a\x00b\r\n.jpg", "x" * 300])
def test_names_are_made_safe(name):
    file = upload(picture())
    file._name = name  # past Django's own cleaning
    safe = inspect_upload(file).name
    assert safe.endswith(".jpg")
    assert len(safe) <= 90
    assert [bad for bad in ("/", "\\", "\0", "\n", "..") if bad in safe] == []


# --- Refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("content", [b"", b"\0\0\0\0", b" \n"])
def test_an_empty_file(content):
    assert refusal(content) == Cause.EMPTY


def test_a_file_too_big_is_not_even_read():
    class Endless(SimpleUploadedFile):
        def read(self, *args):
            raise AssertionError("read")

    file = Endless("x.jpg", b"x")
    file.size = uploads.MAX_BYTES + 1
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(file)
    assert caught.value.cause == Cause.TOO_BIG
    assert "15 MB" in caught.value.messages[0]


def test_a_file_bigger_than_it_says_is_read_no_further(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_BYTES", 1000)
    small = ContentFile(picture() + b"\0" * 1000, name="anh.jpg")
    small.size = 10
    with pytest.raises(UploadRefused) as caught:
        inspect_upload(small)
    assert (caught.value.cause, small.tell()) == (Cause.TOO_BIG, 1001)


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"<?php phpinfo();",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b"MZ\x90\x00\x03",
        b"PK\x03\x04docx",
        b"GIF89a;",
    ],
)
def test_what_only_calls_itself_a_picture(content):
    assert refusal(content) == Cause.WRONG_TYPE


@pytest.mark.parametrize("format", ["JPEG", "PNG", "HEIF"])
def test_a_damaged_picture(format):
    content = picture(format)
    assert refusal(content[: len(content) // 2]) == Cause.DAMAGED_IMAGE


def test_a_damaged_pdf():
    assert refusal(b"%PDF-1.7\n" + b"x" * 500) == Cause.DAMAGED_PDF


def test_a_pdf_with_a_password():
    assert refusal(protected(pdf())) == Cause.PROTECTED


def test_a_pdf_with_too_many_pages(monkeypatch):
    monkeypatch.setattr(uploads, "MAX_PAGES", 3)
    assert refusal(pdf(4)) == Cause.TOO_MANY_PAGES
    assert inspect_upload(upload(pdf(3))).pages == 3


def test_a_picture_bomb_is_refused_before_it_is_unpacked():
    bomb = png_of_zeros(20_000)
    assert len(bomb) < 500_000
    tracemalloc.start()
    assert refusal(bomb) == Cause.TOO_MANY_PIXELS
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 10 * 1024**2


def test_a_picture_too_small_to_read():
    assert refusal(picture(size=(90, 400))) == Cause.TOO_SMALL


def test_a_pdf_that_runs_script_or_carries_files():
    assert refusal(with_script(pdf())) == Cause.ACTIVE
    assert refusal(with_attachment(pdf())) == Cause.ACTIVE


SCRIPT, START = b"<</S/J#61vaScript/JS(app.alert\\(1\\))>>", b"<</S/Launch/F(cmd.exe)>>"
LINK = b"/Annots[4 0 R]"


def annotated(entries: bytes) -> bytes:
    return bare_pdf(page=LINK, more=[b"<</Type/Annot/Subtype/Link/Rect[0 0 300 300]" + entries + b">>"])


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: bare_pdf(root=b"/OpenAction " + SCRIPT), id="script when opened"),
        pytest.param(lambda: bare_pdf(root=b"/OpenAction " + START), id="program when opened"),
        pytest.param(lambda: bare_pdf(root=b"/AA<</WC " + SCRIPT + b">>"), id="script when closed"),
        pytest.param(lambda: bare_pdf(page=b"/AA<</O " + SCRIPT + b">>"), id="script of a page"),
        pytest.param(lambda: annotated(b"/A " + START), id="program of a link"),
        pytest.param(lambda: annotated(b"/A<</S/URI/URI(a)/Next " + SCRIPT + b">>"), id="script behind a link"),
        pytest.param(lambda: annotated(b"/A<</S/SubmitForm/F(http://a/)>>"), id="what sends itself"),
        pytest.param(lambda: annotated(b"/A<</S/GoToR/F(//a/b.pdf)/D[0/Fit]>>"), id="a file elsewhere"),
        pytest.param(
            lambda: bare_pdf(page=LINK, more=[b"<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]>>"]),
            id="a pinned file",
        ),
        pytest.param(lambda: bare_pdf(root=b"/AcroForm<</Fields[]/XFA(a)>>"), id="a second document"),
        pytest.param(
            lambda: bare_pdf(root=b"/X(stream\r\n)/OpenAction " + SCRIPT + b"/Q(endstream)"), id="script between words"
        ),
    ],
)
def test_a_pdf_that_does_something_when_it_is_read(content):
    assert refusal(content()) == Cause.ACTIVE


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(lambda: annotated(b"/A<</S/URI/URI(https://portal.example/JavaScript/)>>"), id="a link"),
        pytest.param(lambda: bare_pdf(root=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"), id="where to begin"),
        pytest.param(lambda: bare_pdf(root=b"/A(see \\(/Launch) /B(/EmbeddedFiles)"), id="words"),
        pytest.param(
            lambda: bare_pdf(
                page=b"/Contents 4 0 R", more=[b"<</Length 28>>stream\nBT ET %<</S/JavaScript>> /XFA\nendstream"]
            ),
            id="what is drawn",
        ),
    ],
)
def test_a_pdf_that_only_speaks_of_it_is_kept(content):
    assert inspect_upload(upload(content())).pages == 1


def test_a_pdf_that_unpacks_to_more_than_the_memory():
    bomb = packed_pdf(b"[" + b"0 " * 6_000_000 + b"]")
    assert len(bomb) < 50_000
    assert refusal(bomb) == Cause.DAMAGED_PDF


def test_every_cause_has_words_of_its_own():
    assert set(uploads.MESSAGES) == set(Cause)
    assert len({str(message) for message in uploads.MESSAGES.values()}) == len(Cause)


# --- Kept --------------------------------------------------------------------------------------------


@pytest.fixture
def storage():
    return storages["private"]


@pytest.mark.bucket
def test_files_are_encrypted_where_they_lie(storage):
    name = storage.save("papers/a.pdf", ContentFile(b"CANARY"))
    with storage.inner.open(name) as file:
        assert b"CANARY" not in file.read()
    with storage.open(name) as file:
        assert file.read() == b"CANARY"
    assert storage.size(name) == 6
    assert (storage.exists(name), storage.listdir("papers")) == (True, ([], ["a.pdf"]))


def test_a_private_file_has_no_address(storage):
    name = storage.save("papers/a.pdf", ContentFile(b"x"))
    with pytest.raises(NotImplementedError):
        storage.url(name)


@pytest.mark.bucket
def test_two_files_of_one_name_are_two_files_but_a_replaced_one_is_one(storage):
    assert storage.save("papers/a.pdf", ContentFile(b"1")) != storage.save("papers/a.pdf", ContentFile(b"2"))
    assert storage.replace("documents/a.pdf", b"1") == storage.replace("documents/a.pdf", b"2") == "documents/a.pdf"
    with storage.open("documents/a.pdf") as file:
        assert file.read() == b"2"


@pytest.mark.bucket
def test_a_new_key_is_put_in_front_and_old_files_stay_readable(storage, settings):
    old = storage.save("papers/old.pdf", ContentFile(b"old"))
    settings.FILE_KEYS = ["a new key", *settings.FILE_KEYS]
    new = storage.save("papers/new.pdf", ContentFile(b"new"))
    with storage.open(old) as file:
        assert file.read() == b"old"
    settings.FILE_KEYS = settings.FILE_KEYS[1:]
    with pytest.raises(DamagedFile):
        storage.open(new)


@pytest.mark.bucket
def test_an_altered_file_is_damaged_and_not_shown(storage):
    name = storage.save("papers/a.pdf", ContentFile(b"x"))
    storage.inner.delete(name)
    storage.inner.save(name, ContentFile(Fernet(Fernet.generate_key()).encrypt(b"x")))
    with pytest.raises(DamagedFile):
        storage.open(name)


@pytest.mark.skipif(bool(settings.S3_BUCKET), reason="files lie in a bucket")
def test_only_the_owner_of_the_process_reads_the_files_of_the_embedded_default(storage, tmp_path):
    name = storage.save("papers/a.pdf", ContentFile(b"x"))
    assert oct((tmp_path / "private" / name).stat().st_mode & 0o777) == "0o600"


def test_a_download_is_kept_by_nobody_and_taken_for_nothing_else():
    response = private_response(b"x", filename='Giấy "tờ"\r\n.pdf', mime="application/pdf")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''Gi%E1%BA%A5y")
    assert (response["Cache-Control"], response["X-Content-Type-Options"]) == ("private, no-store", "nosniff")


# --- Hostile files -----------------------------------------------------------------------------------


def png_of_zeros(side: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big")

    header = side.to_bytes(4, "big") * 2 + bytes([8, 0, 0, 0, 0])
    pixels = zlib.compress(bytes(side + 1) * side, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def bare_pdf(*, root: bytes = b"", page: bytes = b"", more: list[bytes] | None = None) -> bytes:
    """One empty page, with these entries in the document's and the page's dictionary and these objects from 4 on."""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R" + root + b">>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 300]" + page + b">>",
        *(more or []),
    ]
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n"
    return bytes(out + end % (len(objects) + 1, table, len(objects) + 1, len(out)))


def packed_pdf(last: bytes) -> bytes:
    """One empty page, and an object (the sixth) that lies compressed in a stream of objects."""
    packed = zlib.compress(b"6 0 " + last, 9)
    content = bare_pdf(
        root=b"/X 6 0 R",
        more=[
            b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n%b\nendstream" % (len(packed), packed)
        ],
    )
    content = content[: content.rindex(b"xref\n0 ")]
    places = [(1, content.index(b"%d 0 obj" % number), 0) for number in (1, 2, 3, 4)]
    rows = [(0, 0, 65535), *places, (1, len(content), 0), (2, 4, 0)]
    table = b"".join(
        kind.to_bytes(1, "big") + at.to_bytes(4, "big") + last.to_bytes(2, "big") for kind, at, last in rows
    )
    head = b"5 0 obj\n<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Length %d>>stream\n%b\nendstream\nendobj\n"
    return content + head % (len(table), table) + b"startxref\n%d\n%%%%EOF" % len(content)


def protected(content: bytes) -> bytes:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.pdf_utils.writer import copy_into_new_writer

    writer = copy_into_new_writer(PdfFileReader(io.BytesIO(content)))
    writer.encrypt("bí mật")
    return written(writer)


def with_script(content: bytes) -> bytes:
    from pyhanko.pdf_utils import generic

    writer = updating(content)
    action = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
        }
    )
    names = generic.ArrayObject([generic.pdf_string("x"), writer.add_object(action)])
    tree = generic.DictionaryObject({generic.pdf_name("/Names"): names})
    writer.root["/Names"] = generic.DictionaryObject({generic.pdf_name("/JavaScript"): tree})
    writer.update_root()
    return written(writer)


def with_attachment(content: bytes) -> bytes:
    from pyhanko.pdf_utils import embed

    writer = updating(content)
    embed.embed_file(
        writer,
        embed.FileSpec("x.exe", embedded_data=embed.EmbeddedFileObject.from_file_data(writer, b"MZ", mime_type="a/b")),
    )
    return written(writer)


def updating(content: bytes):
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    return IncrementalPdfFileWriter(io.BytesIO(content))


def written(writer) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
