"""A workbook of flats: every problem by its row before anything is written; then all of it or nothing."""

import io
import zipfile
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from openpyxl import Workbook, load_workbook

from buildings.models import Apartment, Block
from buildings.registry import exporting, importing, workbook
from buildings.registry.models import FlatImport
from portal.core import audit
from tests.buildings.registry.conftest import AT
from tests.buildings.registry.workbooks import HEADINGS, upload, zipped
from tests.buildings.registry.workbooks import workbook as made

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring(building, head):
    def bring(file, **options):
        return importing.bring(building, file, make_blocks=options.get("make_blocks", False), by=head, at=AT)

    return bring


@pytest.fixture
def write(head):
    return lambda brought, at=AT: importing.write(brought, by=head, at=at)


@pytest.fixture
def block(building):
    return Block.objects.create(building=building, name="A")


def facts(building):
    return list(
        building.apartments.order_by("number").values_list(
            "number", "block__name", "floor", "area", "kind", "owner_name", "owner_phone"
        )
    )


def test_a_good_file_is_tried_out_and_then_written(building, block, bring, write, head):
    brought = bring(
        made(
            [
                ["A-0301", "Khối A", 3, 75.5, "Căn hộ ở", "Nguyễn Văn A; Trần Thị B", "0900 000 001"],
                ["A-0302", "a", "Tầng 3", "62,25 m2", "Shophouse", None, 900000002],
                ["A0401", None, 4.0, None, None, None, None],
            ]
        )
    )
    assert (brought.problems, brought.notes) == ([], [])
    assert brought.counts == {"rows": 3, "added": 3, "changed": 0, "same": 0, "blocks": 0}
    assert facts(building) == []

    write(brought)

    area = [flat[3] and str(flat[3]) for flat in facts(building)]
    assert area == ["75.50", "62.25", None]
    assert [(*flat[:3], *flat[4:]) for flat in facts(building)] == [
        ("A-0301", "A", 3, "home", "Nguyễn Văn A; Trần Thị B", "0900 000 001"),
        ("A-0302", "A", 3, "shop", "", "0900000002"),
        ("A0401", "A", 4, "home", "", ""),
    ]
    brought.refresh_from_db()
    assert (brought.rows, brought.confirmed_by, brought.confirmed_at) == ([], head, AT)
    assert audit.history_of(building).last().action == "import_flats"
    assert building.apartments.get(number="A-0301").folded == "a-0301 nguyen van a; tran thi b"


def test_brought_in_again_it_changes_nothing_and_written_twice_is_written_once(building, block, bring, write):
    file = [["A-0301", "A", 3, 75.5, None, "Nguyễn Văn A", None]]
    first = bring(made(file))
    write(first)
    assert write(first) == first.counts
    keys = list(building.apartments.values_list("pk", flat=True))

    again = bring(made(file))

    assert again.counts == {"rows": 1, "added": 0, "changed": 0, "same": 1, "blocks": 0}
    write(again)
    assert list(building.apartments.values_list("pk", flat=True)) == keys


def test_known_flats_are_changed_where_the_file_says_something_else(building, block, bring, write):
    flat = Apartment.objects.create(building=building, floor=3, number="A-0301", owner_name="Nguyễn Văn A", area=70)
    Apartment.objects.create(building=building, floor=3, number="A-0309")
    brought = bring(made([["a-0301", "A", 3, None, None, "Lê Thị C", None]]))
    assert brought.counts == {"rows": 1, "added": 0, "changed": 1, "same": 0, "blocks": 0}
    assert brought.notes == [
        "Căn hộ A-0301 (dòng 2): sổ ghi chủ sở hữu “Nguyễn Văn A”, tệp ghi “Lê Thị C”.",
        "1 căn hộ trong sổ không có trong tệp; giữ nguyên.",
    ]

    write(brought)

    flat.refresh_from_db()
    assert (flat.number, flat.block, flat.area, flat.owner_name) == ("A-0301", block, 70, "Lê Thị C")
    assert flat.folded == "a-0301 le thi c"
    assert building.apartments.count() == 2


ROWS = {
    "a floor out of range": (
        ["A-1001", "A", 10],
        "Tầng 10 ngoài khoảng 1–9. Nếu tòa nhà cao hơn, hãy sửa số tầng ở Thông tin tòa nhà.",
    ),
    "a floor that is no number": (["A-0301", "A", "ba"], "Tầng: “ba” không phải số tầng; ghi bằng chữ số, ví dụ 12."),
    "half a floor": (["A-0301", "A", 3.5], "Tầng: “3.5” không phải số tầng; ghi bằng chữ số, ví dụ 12."),
    "an unknown block": (["C-0301", "C", 3], "Tòa nhà không có khối “C”. Các khối: A."),
    "no number": ([None, "A", 3], "Số căn hộ: còn trống."),
    "no floor": (["A-0301", "A", None], "Tầng: còn trống."),
    "a number that became a date": (
        [AT.replace(tzinfo=None), "A", 3],
        "Số căn hộ: Excel đã đổi thành ngày tháng; hãy đặt cột ở định dạng Văn bản rồi nhập lại.",
    ),
    "a formula": (["A-0301", "A", "=1+2"], "Tầng: là công thức; hãy chép rồi dán dạng giá trị."),
    "an error": (["A-0301", "A", "#REF!"], "Tầng: là lỗi tính toán #REF!."),
    "an area of nothing": (["A-0301", "A", 3, 0], "Diện tích (m²): diện tích 0 m² không hợp lý; kiểm tra lại."),
    "an area in words": (["A-0301", "A", 3, "rộng"], "Diện tích (m²): “rộng” không phải số m²; ví dụ 75,5."),
    "an endless area": (["A-0301", "A", 3, "Infinity"], "Diện tích (m²): “Infinity” không phải số m²; ví dụ 75,5."),
    "an unknown kind": (
        ["A-0301", "A", 3, None, "Lâu đài"],
        "Loại: loại “Lâu đài” chưa biết; ghi một trong: Căn hộ ở, Căn thương mại, dịch vụ, Căn hộ văn phòng.",
    ),
    "a phone that is none": (
        ["A-0301", "A", 3, None, None, "Nguyễn Văn A", "hỏi bảo vệ"],
        "Điện thoại chủ sở hữu: “hỏi bảo vệ” không phải số điện thoại.",
    ),
    "a long number": (["A-03010000000000000000", "A", 3], "Số căn hộ: dài hơn 20 ký tự."),
}


@pytest.mark.parametrize(("row", "answer"), ROWS.values(), ids=ROWS)
def test_each_wrong_row_has_its_clear_answer(building, block, bring, write, row, answer):
    brought = bring(made([["A-0201", "A", 2], row]))
    assert brought.problems == [(3, answer)]
    with pytest.raises(ValidationError):
        write(brought)
    assert facts(building) == []


def test_every_problem_of_every_row_is_shown_at_once(bring, block):
    brought = bring(made([[None, "A", "x"], ["A-0201", "A", 2], ["A-0202", "B", 99]]))
    assert [row for row, _text in brought.problems] == [2, 2, 4]


def test_a_flat_named_twice_and_a_flat_with_two_owners(bring, block):
    brought = bring(
        made(
            [
                ["A-0301", "A", 3, None, None, "Nguyễn Văn A"],
                ["a-0301", "A", 3],
                ["A-0301", "A", 3, None, None, "Lê Thị C"],
            ]
        )
    )
    assert (brought.counts["added"], brought.notes) == (1, [])
    assert brought.problems == [
        (3, "Căn hộ a-0301 đã có ở dòng 2; hãy giữ một dòng."),
        (
            4,
            "Căn hộ A-0301 khai hai chủ sở hữu: “Nguyễn Văn A” ở dòng 2 và “Lê Thị C” ở dòng này. Nếu là đồng sở hữu, "
            "ghi các tên vào một ô, cách nhau bằng dấu chấm phẩy; nếu không, kiểm tra lại ai là chủ.",
        ),
    ]


def test_a_number_that_lost_its_zero_is_no_new_flat(building, bring):
    Apartment.objects.create(building=building, floor=3, number="0301")
    brought = bring(made([[301, None, 3]]))
    assert brought.problems == [
        (2, "“301” giống căn 0301 nhưng mất số 0 ở đầu. Hãy đặt cột ở định dạng Văn bản rồi nhập lại.")
    ]


def test_merged_cells_are_named_below_the_headings_and_a_title_above_may_be_merged(bring, block):
    def merge(sheet):
        sheet.insert_rows(1)
        sheet["A1"] = "DANH SÁCH CĂN HỘ"
        sheet.merge_cells("A1:G1")
        sheet.merge_cells("B3:B4")

    brought = bring(made([["A-0301", "A", 3], ["A-0302", "A", 3], ["A-0303", "A", 3]], and_then=merge))
    assert brought.problems == [(3, "Ô B3:B4 bị gộp. Hãy bỏ gộp ô và ghi đủ từng dòng.")]
    assert brought.counts["rows"] == 1


def test_headings_may_have_other_names_and_order(bring, block, building, write):
    write(bring(made([[3, "A-0301", "x", "A"]], headings=["Lầu", "MÃ CĂN HỘ *", "Ghi chú", "Đơn nguyên"])))
    assert facts(building)[0][:3] == ("A-0301", "A", 3)


@pytest.mark.parametrize(
    ("headings", "answer"),
    [
        (["Số căn hộ", "Khối"], "Thiếu cột “Tầng”."),
        (["Số căn hộ", "Tầng", "Căn hộ"], "Cột “Số căn hộ” có hai lần; hãy giữ một."),
    ],
)
def test_wrong_headings_are_named(bring, headings, answer):
    brought = bring(made([["1", "2", "3"]], headings=headings))
    assert brought.problems == [(1, answer)]


def test_columns_nobody_asked_for_are_told(bring):
    brought = bring(made([["0301", 3, "x"]], headings=["Số căn hộ", "Tầng", "Ghi chú"]))
    assert (brought.problems, brought.notes) == ([], ["Các cột sau không dùng đến: Ghi chú."])


def test_unknown_blocks_are_made_when_asked_for(building, bring, write):
    file = [["A-0301", "A", 3], ["B-0301", "B", 3], ["B-0302", None, 3]]
    refused = bring(made(file))
    assert refused.problems[0] == (
        2,
        "Tòa nhà chưa có khối nào, tệp ghi khối “A”. Hãy thêm khối trước, hoặc chọn tạo khối khi tải lên.",
    )
    brought = bring(made(file), make_blocks=True)
    assert (brought.problems, brought.counts["blocks"]) == ([], 2)
    write(brought)
    assert list(building.blocks.values_list("name", flat=True)) == ["A", "B"]
    assert building.apartments.filter(block__name="B").count() == 2


def test_when_the_book_has_changed_meanwhile_it_is_shown_again(building, bring, write, block):
    brought = bring(made([["A-0301", "A", 3]]))
    Apartment.objects.create(building=building, block=block, floor=3, number="A-0301")
    with pytest.raises(importing.NotAsTried):
        write(brought)
    brought.refresh_from_db()
    assert brought.counts == {"rows": 1, "added": 0, "changed": 0, "same": 1, "blocks": 0}
    write(brought)


def bomb():
    return zipped(xl__workbook_dot_xml=b"<x/>", xl__worksheets__sheet1_dot_xml=b" " * (workbook.MAX_UNPACKED + 1))


FILES = {
    "empty": (lambda: upload(b""), "Tệp rỗng. Hãy chọn lại tệp."),
    "a picture": (
        lambda: upload(b"\x89PNG\r\n\x1a\n....", "anh.xlsx"),
        "Đây không phải tệp Excel .xlsx. Hãy tải tệp mẫu về, điền rồi gửi lại tệp đó.",
    ),
    "comma-separated": (
        lambda: upload("Số căn hộ,Tầng\n0301,3".encode(), "can-ho.csv"),
        "Đây không phải tệp Excel .xlsx. Hãy tải tệp mẫu về, điền rồi gửi lại tệp đó.",
    ),
    "another zip": (
        lambda: zipped(thu_dot_txt=b"x"),
        "Đây không phải tệp Excel .xlsx. Hãy tải tệp mẫu về, điền rồi gửi lại tệp đó.",
    ),
    "old Excel or encrypted": (
        lambda: upload(b"\xd0\xcf\x11\xe0" + b"x" * 600, "can-ho.xls"),
        "Tệp có mật khẩu hoặc là Excel đời cũ (.xls). Hãy bỏ mật khẩu và lưu lại dạng .xlsx.",
    ),
    "a zip bomb": (bomb, "Tệp chứa quá nhiều dữ liệu khi mở ra. Hãy chép riêng bảng căn hộ sang một tệp mới."),
    "endless entities": (
        lambda: zipped(xl__workbook_dot_xml=b'<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>'),
        "Tệp có nội dung không an toàn nên không được đọc. Hãy dùng tệp mẫu.",
    ),
    "damaged": (
        lambda: zipped(xl__workbook_dot_xml=b"<workbook"),
        "Không đọc được tệp vì tệp bị hỏng. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên.",
    ),
    "cut short": (
        lambda: upload(made([["0301", None, 3]]).read()[:-200]),
        "Không đọc được tệp vì tệp bị hỏng. Hãy mở bằng Excel, lưu lại dạng .xlsx rồi tải lên.",
    ),
    "too big": (
        lambda: upload(b"PK\x03\x04" + b"x" * workbook.MAX_BYTES),
        "Tệp lớn hơn 5 MB. Hãy xóa ảnh và các trang tính không cần thiết.",
    ),
    "no headings": (
        lambda: made([["Ông A", "trả tiền"]], headings=["Danh sách", "nợ"]),
        "Không tìm thấy dòng tiêu đề có các cột “Số căn hộ”, “Tầng”. "
        "Những ô đọc được đầu tiên: Danh sách, nợ, Ông A, trả tiền.",
    ),
}


@pytest.mark.parametrize(("file", "answer"), FILES.values(), ids=FILES)
def test_a_file_that_is_none_is_told_apart(bring, file, answer):
    with pytest.raises(workbook.Unreadable) as refused:
        bring(file())
    assert refused.value.messages == [answer]
    assert not FlatImport.objects.exists()


def test_a_file_of_fifty_thousand_rows_is_refused_before_it_is_read(bring):
    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for _row in range(50_000):
        sheet.append([1])
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(workbook.Unreadable) as refused:
        bring(upload(out.getvalue()))
    assert refused.value.messages == [
        "Trang tính có hơn 25.000 dòng. Hãy xóa các dòng trống ở cuối, hoặc tách tệp theo tòa nhà."
    ]


def test_a_file_of_more_flats_than_a_building_has_is_refused_with_the_limit(bring, monkeypatch):
    monkeypatch.setattr(importing, "MOST_FLATS", 30)
    with pytest.raises(workbook.Unreadable) as refused:
        bring(made([[f"{number}", None, 3] for number in range(40)]))
    assert refused.value.messages == [
        "Tệp có hơn 30 dòng, nhiều hơn số căn hộ một tòa nhà có thể có. Hãy tách tệp theo tòa nhà."
    ]


def test_a_sheet_without_flats_says_so(bring):
    assert bring(made([])).problems == [(1, "Dưới dòng tiêu đề chưa có căn hộ nào.")]


def test_what_goes_out_comes_in_again_unchanged_and_calculates_nothing(building, block, bring, write, tmp_path):
    write(
        bring(
            made(
                [
                    ["0301", "A", 3, 75.5, "Officetel", "@SUM(A1)", "0900 000 001"],
                    ["0302", None, 3, None, None, None, None],
                ]
            )
        )
    )
    Apartment.objects.filter(number="0302").update(owner_name='=HYPERLINK("https://x.example")')

    out = exporting.flats(building)

    path = tmp_path / "out.xlsx"
    path.write_bytes(out)
    sheet = load_workbook(path)["Căn hộ"]
    assert [cell.value for cell in sheet[1]] == list(HEADINGS)
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}
    assert [(sheet[cell].value, sheet[cell].quotePrefix) for cell in ("F2", "F3")] == [
        ('=HYPERLINK("https://x.example")', True),
        ("@SUM(A1)", True),
    ]
    with zipfile.ZipFile(path) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    again = bring(upload(out))
    assert (again.problems, again.counts["same"]) == ([], 2)


def test_the_template_filled_in_is_a_good_file(building, bring):
    brought = bring(upload(exporting.template(building)), make_blocks=True)
    assert (brought.problems, brought.counts["rows"]) == ([], 2)


def test_what_nobody_confirmed_is_forgotten_after_a_week(bring, write):
    brought = bring(made([["0301", None, 3]]))
    assert importing.forget(at=AT + timedelta(days=6)) == 0
    assert importing.forget(at=AT + timedelta(days=8)) == 1
    with pytest.raises(ValidationError) as refused:
        write(brought)
    assert refused.value.messages == ["Nội dung tệp đã bị xóa sau 7 ngày. Hãy tải lên lại."]


@pytest.mark.parametrize("flats", [1, 30])
def test_writing_asks_the_same_of_the_database_however_many_flats(
    building, block, bring, write, flats, django_assert_num_queries
):
    brought = bring(made([[f"A-{number:04d}", "A", 2] for number in range(flats)]))
    with django_assert_num_queries(11):
        write(brought)
    assert building.apartments.count() == flats
