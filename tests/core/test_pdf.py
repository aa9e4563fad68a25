"""Documents on paper: what may be fetched, and the layout of Nghị định 30/2020, Phụ lục I."""

# ruff: noqa: TID253 - what was printed is read with pyHanko
import base64
import io
import socket
import threading
from datetime import date
from html import escape

import pypdfium2
import pytest
import weasyprint
from django.test import RequestFactory
from pyhanko.pdf_utils.reader import PdfFileReader

from portal.core import pdf
from portal.core.middleware import passing_failures
from portal.core.pdf import Busy, MissingFont, print_html, print_pages, qr_data_uri, render_pdf, render_pdf_now

MM = 72 / 25.4  # points

CONTEXT = {
    "title": "Giấy xác nhận tình trạng hôn nhân",
    "subtitle": "Về việc đăng ký kết hôn",
    "agency": "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG",
    "parent_agency": "ỦY BAN NHÂN DÂN THÀNH PHỐ HÀ NỘI",
    "number": "05/UBND-XNTTHN",
    "place": "Việt Hưng",
    "date": date(2026, 2, 5),
    "check_url": "https://portal.example/xac-thuc/AbCdEfGhIjKlMnOpQrStUv/",
    "check_code": "AbCdEfGhIjKlMnOpQrStUv",
    "capacity": "TM. ỦY BAN NHÂN DÂN",
    "role": "CHỦ TỊCH",
    "signer": "Nguyễn Thị Hằng",
    "addressee": "Ông Trần Văn Đức",
    "paragraphs": ["Xét đề nghị của ông Trần Văn Đức về việc cấp Giấy xác nhận tình trạng hôn nhân cho bản thân."] * 16,
    "facts": [("Họ, chữ đệm, tên", "TRẦN VĂN ĐỨC")],
    "items": ["Tờ khai;", "Quyết định ly hôn."],
    "papers": [("Tờ khai", 1)],
}


class Text:
    """Where the words of a PDF lie, in points from the lower left corner of their page."""

    def __init__(self, content: bytes) -> None:
        self.pages = []
        document = pypdfium2.PdfDocument(content)
        for page in document:
            text = page.get_textpage()
            self.pages.append((text.get_text_range(), [text.get_rect(n) for n in range(text.count_rects())], text))
        self._document = document

    def box(self, words: str, page: int = 0) -> tuple[float, float, float, float]:
        """left, bottom, right, top of the first place where these words stand."""
        _whole, _rects, text = self.pages[page]
        start, length = text.search(words, match_case=True).get_next()
        boxes = [text.get_charbox(n) for n in range(start, start + length) if words[n - start] != " "]
        return (
            min(box[0] for box in boxes),
            min(box[1] for box in boxes),
            max(box[2] for box in boxes),
            max(box[3] for box in boxes),
        )


@pytest.fixture(scope="module")
def example() -> pdf.Printed:
    return print_pages("pdf/example.html", {**CONTEXT, "demo": False})


@pytest.fixture(scope="module")
def text(example) -> Text:
    return Text(example.pdf)


# --- Layout ------------------------------------------------------------------------------------------


def test_a4_upright(text):
    width, height = text._document[0].get_size()
    assert (round(width / MM), round(height / MM)) == (210, 297)


def test_the_margins_of_the_decree(text):
    for _whole, rects, _page in text.pages:
        lefts, bottoms, rights, _tops = zip(*rects, strict=True)
        # A letter may lean over the edge by a hair.
        assert 30 - 0.3 <= min(lefts) / MM <= 35
        assert 15 - 0.3 <= (210 * MM - max(rights)) / MM <= 20
        assert min(bottoms) / MM >= 20


def test_the_head_is_on_the_lines_it_must_be(text):
    nation = text.box("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM")
    motto = text.box("Độc lập - Tự do - Hạnh phúc")
    number, place = text.box("Số: 05/UBND-XNTTHN"), text.box("Việt Hưng, ngày 05 tháng 02 năm 2026")
    parent, issuer = text.box("THÀNH PHỐ HÀ NỘI"), text.box("PHƯỜNG VIỆT HƯNG")

    def middle(box):
        return (box[0] + box[2]) / 2

    assert nation[3] - nation[1] < 14  # one line
    assert middle(motto) == pytest.approx(middle(nation), abs=1)
    assert middle(place) == pytest.approx(middle(nation), abs=1)
    assert middle(number) == pytest.approx(middle(issuer), abs=1)
    assert text.box("2026")[1] == pytest.approx(text.box("UBND-XNTTHN")[1], abs=0.5)  # the same line
    assert parent[1] > issuer[1] > number[1]
    assert nation[2] < (210 - 15) * MM
    assert parent[2] < nation[0]


def test_the_rule_under_the_motto_is_as_long_as_its_text(example, text):
    motto = text.box("Độc lập - Tự do - Hạnh phúc")
    page = text._document[0]
    rules = [thing.get_bounds() for thing in page.get_objects() if thing.type == 2]  # paths
    below = [rule for rule in rules if 0 < motto[1] - rule[1] < 6 and rule[0] > 100 * MM]
    assert [(rule[0], rule[2]) for rule in below] == [
        (pytest.approx(motto[0], abs=1.5), pytest.approx(motto[2], abs=1.5))
    ]


def test_the_page_number_stands_in_the_top_margin_from_the_second_page_on(example, text):
    assert example.pages == 2
    top = 297 * MM - 20 * MM
    in_the_margin = [[rect for rect in rects if rect[1] > top] for _whole, rects, _page in text.pages]
    assert [len(rects) for rects in in_the_margin] == [0, 1]
    left, _bottom, right, _top = in_the_margin[1][0]
    assert text.pages[1][2].get_text_bounded(*in_the_margin[1][0]) == "2"
    assert (left + right) / 2 == pytest.approx((30 + (210 - 15)) / 2 * MM, abs=2)


def test_every_letter_comes_from_the_font_of_documents(example):
    assert fonts_of(example.pdf) == {"Tinos"}


def test_every_vietnamese_letter_is_in_the_font():
    vowels = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = "".join(vowel + mark for vowel in vowels for mark in marks) + "đ"
    printed = print_html(page(f"<p>{letters} {letters.upper()}</p>"))
    assert fonts_of(printed.pdf) == {"Tinos"}


def test_the_place_of_the_signature_is_found_on_its_page(example):
    place = example.places["chu-ky"]
    assert place.page == 1
    assert (round((place.right - place.left) / MM), round((place.top - place.bottom) / MM)) == (74, 21)


def test_the_demo_says_so_on_every_page_and_others_do_not(settings):
    settings.DEMO = True
    mark = "BẢN TRÌNH DIỄN – KHÔNG CÓ GIÁ TRỊ PHÁP LÝ"
    assert [mark in whole for whole, _rects, _page in Text(render_pdf("pdf/example.html", CONTEXT)).pages] == [
        True,
        True,
    ]
    settings.DEMO = False
    assert [mark in whole for whole, _rects, _page in Text(render_pdf("pdf/example.html", CONTEXT)).pages] == [
        False,
        False,
    ]


def test_it_declares_an_archival_tagged_file_in_vietnamese(example):
    root = PdfFileReader(io.BytesIO(example.pdf)).root
    assert b'pdfaid:part="3" pdfaid:conformance="U"' in root["/Metadata"].data
    assert (bool(root["/MarkInfo"]["/Marked"]), root["/Lang"]) == (True, "vi")


def test_what_people_wrote_is_printed_and_not_obeyed(settings):
    hostile = "<b>x</b><style>*{display:none}</style>{{ settings }}"
    whole = Text(render_pdf("pdf/example.html", {**CONTEXT, "addressee": hostile})).pages[0][0]
    assert hostile in whole.replace("\r\n", " ")


def test_a_qr_code_is_carried_in_the_page_itself():
    address = qr_data_uri("https://portal.example/xac-thuc/x/")
    kind, _, code = address.partition(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(code).startswith(b"\x89PNG")


# --- Fetching ----------------------------------------------------------------------------------------


@pytest.fixture
def listener():
    """A server that notes who comes."""
    visitors = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.2)
    done = threading.Event()

    def listen():
        while not done.is_set():
            try:
                connection, _address = server.accept()
            except TimeoutError:
                continue
            visitors.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    yield f"127.0.0.1:{server.getsockname()[1]}", visitors
    done.set()
    thread.join()
    server.close()


HOSTILE = [
    '<img src="http://{address}/img.png">',
    '<link rel="stylesheet" href="http://{address}/style.css">',
    '<link rel="attachment" href="http://{address}/attached">',
    '<a rel="attachment" href="http://{address}/attached">x</a>',
    "<style>@import url(http://{address}/import.css)</style>",
    "<style>p {{ background: url(HTTP://{address}/background.png) }}</style>",
    "<style>@font-face {{ font-family: F; src: url(http://{address}/font.woff) }} b {{ font-family: F }}</style><b>x</b>",
    '<object data="http://{address}/object"></object>',
    '<embed src="http://{address}/embed">',
    '<svg width="9" height="9"><image href="http://{address}/svg.png" width="9" height="9"/></svg>',
    '<img src="{svg}">',
    '<base href="http://{address}/"><img src="relative.png">',
    '<img src="//{address}/protocol-relative.png">',
    '<img src="ftp://{address}/ftp.png">',
]


def test_the_listener_would_notice(listener):
    """WeasyPrint left to itself does connect: so the tests below can fail."""
    address, visitors = listener
    weasyprint.HTML(string=page(f'<img src="http://{address}/img.png">')).write_pdf()
    assert len(visitors) == 1


@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_connection_is_opened(listener, hostile):
    address, visitors = listener
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><image href="http://{address}/inner.png" width="9" height="9"/></svg>'
    data = "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()
    print_html(page("<p>Văn bản</p>" + hostile.format(address=address, svg=escape(data))), archival=False)
    assert visitors == []


@pytest.mark.parametrize(
    "hostile",
    [
        '<a rel="attachment" href="file://{path}">x</a><link rel="attachment" href="file://{path}">',
        '<img src="file://{path}">',
        '<object data="file://{path}"></object>',
        '<link rel="attachment" href="{path}">',
    ],
)
def test_no_file_of_the_machine_is_embedded(tmp_path, hostile):
    secret = tmp_path / "bi-mat.svg"
    secret.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="90" height="90"><text y="20">CANARY</text></svg>')
    printed = print_html(page("<p>Văn bản</p>" + hostile.format(path=secret)), archival=False)
    document = pypdfium2.PdfDocument(printed.pdf)
    assert document.count_attachments() == 0
    assert "CANARY" not in document[0].get_textpage().get_text_range()


@pytest.mark.parametrize("name", ["nothing.css", "../settings.py", "/etc/hostname", "%2e%2e/pdf.py"])
def test_only_our_own_assets_have_an_address(name):
    with pytest.raises(BaseException, match="no such asset"):  # FatalURLFetchingError: it must end the printing
        print_html(page(f'<link rel="stylesheet" href="asset:{name}"><p>x</p>'))


def test_a_machine_without_the_font_is_told_what_to_install():
    with pytest.raises(MissingFont, match="fonts-croscore"):
        print_html(
            "<!doctype html><html lang='vi'><title>x</title><body style='font-family: DejaVu Sans'>x</body></html>"
        )


def page(body: str) -> str:
    return f"<!doctype html><html lang='vi'><head><title>x</title></head><body style='font-family: Tinos'>{body}</body></html>"


def fonts_of(content: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(content)
    return {
        thing.get_font().get_family_name()
        for page in document
        for thing in page.get_objects(filter=[1], max_depth=5)  # text
    }


def test_who_would_wait_too_long_for_a_turn_is_asked_to_come_back(monkeypatch):
    monkeypatch.setattr(pdf, "WAIT", 0)
    monkeypatch.setattr(pdf, "_turns", threading.BoundedSemaphore(1))
    with pdf._turns, pytest.raises(Busy):
        render_pdf_now("pdf/example.html", CONTEXT)

    assert Text(render_pdf_now("pdf/example.html", CONTEXT)).pages

    answer = passing_failures(get_response).process_exception(RequestFactory().get("/"), Busy())
    assert (answer.status_code, answer["Retry-After"]) == (503, "10")


def get_response(request):
    raise AssertionError("asked again")
