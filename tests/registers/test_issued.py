"""The books of issued documents: by book and year, every number once."""

import csv
import io
from datetime import timedelta

import pytest
from django.urls import reverse

from buildings.roles import Position
from services.documents.models import IssuedDocument
from tests.factories.buildings import officer
from tests.factories.people import UserFactory

from .conftest import NOW, content
from .many import accept_many

BOOKS = reverse("registers:issued")
RECEIPTS = {"so": "TNHS-BPTNTKQ", "nam": "2026"}


def numbers(response) -> list[int]:
    return [document.number for document in response.context["page"].rows]


def test_the_books_of_a_year_and_how_far_they_have_come(client, clerk, accepted):
    accepted("processing"), accepted()

    books = client.get(BOOKS).context["books"]

    assert [(book.name, book.title, book.last) for book in books] == [
        ("TNHS-BPTNTKQ", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", 2),
        ("XNHS-BPTNTKQ", "Phiếu xác nhận nộp hồ sơ trực tuyến", 2),
    ]
    assert client.get(BOOKS, {"nam": "2025"}).context["books"] == []


def test_each_agency_has_its_own_books_and_the_police_open_only_theirs(client, clerk, accepted, ward, make):
    accepted(), accepted(policed=True), accepted(policed=True)

    def shown() -> list[tuple]:
        books = client.get(BOOKS).context["books"]
        return [(book.name, book.suffix, book.agency, book.last) for book in books]

    theirs = [
        ("police:TNHS-CAP", "TNHS-CAP", "Công an phường Việt Hưng", 2),
        ("police:XNHS-CAP", "XNHS-CAP", "Công an phường Việt Hưng", 2),
    ]
    everybodys = shown()
    assert [book for book in everybodys if book[0].startswith("police")] == theirs
    assert numbers(client.get(BOOKS, {"so": "police:TNHS-CAP", "nam": "2026"})) == [2, 1]
    file = make(what="so-van-ban", query={"so": "police:TNHS-CAP", "nam": "2026"})
    assert len(content(file).decode("utf-8-sig").splitlines()) == 1 + 2

    client.force_login(officer(Position.POLICE_OFFICER, ward))
    assert shown() == theirs
    assert client.get(BOOKS, RECEIPTS).context["books"]  # the committee's is none of theirs: back to the list


@pytest.mark.postgres
def test_a_book_shows_its_last_number_first_and_every_number_once(client, clerk, accepted, ward, resident, version):
    accepted()  # opens the book with number 1
    accept_many(ward, version, resident, 40, at=NOW - timedelta(hours=5), first=2)

    first = client.get(BOOKS, RECEIPTS)
    second = client.get(BOOKS, {**RECEIPTS, "truoc": first.context["page"].earlier})

    assert numbers(first) + numbers(second) == list(range(41, 0, -1))
    assert numbers(client.get(BOOKS, {**RECEIPTS, "sau": second.context["page"].later})) == numbers(first)


def test_a_document_is_found_by_its_number_and_by_whom_it_is_for(client, clerk, accepted):
    accepted(), accepted(owner=UserFactory(full_name="Đặng Thị Ánh"))

    for words, found in (("2", [2]), ("02/TNHS-BPTNTKQ", [2]), ("dang anh", [2]), ("hường", [1]), ("9", [])):
        shown = client.get(BOOKS, {**RECEIPTS, "q": words})
        assert (words, numbers(shown)) == (words, found)


def test_it_says_what_became_of_a_document(client, clerk, accepted):
    dossier = accepted()
    receipt = IssuedDocument.objects.about(dossier).get(kind="receipt")

    assert "đang lập" in client.get(BOOKS, RECEIPTS).text
    assert numbers(client.get(BOOKS, {**RECEIPTS, "trang_thai": "pending"})) == [receipt.number]
    assert numbers(client.get(BOOKS, {**RECEIPTS, "trang_thai": "revoked"})) == []


def test_another_wards_documents_are_in_no_book(client, clerk, accepted, neighbour):
    accepted(ward=neighbour, owner=UserFactory(full_name="CANARYB"))
    accepted()

    assert [book.last for book in client.get(BOOKS).context["books"]] == [1, 1]
    for query in ({}, {"q": "1"}, {"phuong": neighbour.slug}):
        assert "CANARYB" not in client.get(BOOKS, {**RECEIPTS, **query}).text

    client.force_login(officer(Position.CLERK, neighbour))
    assert "CANARYB" in client.get(BOOKS, RECEIPTS).text


@pytest.mark.parametrize(
    "query",
    [
        {"so": "\0"},
        {"nam": "-1"},
        {"nam": "99999999999999999999"},
        {**RECEIPTS, "truoc": "9" * 40},
        {**RECEIPTS, "truoc": "x"},
        {**RECEIPTS, "q": "9" * 60},
        {**RECEIPTS, "trang_thai": "zzz"},
    ],
)
def test_nonsense_in_the_address_is_passed_over(client, clerk, accepted, query):
    accepted()

    assert client.get(BOOKS, query).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_a_book_takes_the_same_queries_whatever_its_length(
    client, clerk, ward, resident, version, rows, accepted, django_assert_max_num_queries
):
    accepted()
    accept_many(ward, version, resident, rows, at=NOW - timedelta(hours=5), first=2)

    with django_assert_max_num_queries(13):
        response = client.get(BOOKS, RECEIPTS)

    assert len(numbers(response)) == min(rows + 1, 25)


def test_a_book_is_taken_out_as_a_file(make, accepted):
    accepted(), accepted()

    header, first, second = csv.reader(
        io.StringIO(content(make(what="so-van-ban", query=RECEIPTS)).decode("utf-8-sig"))
    )

    assert header == ["Số, ký hiệu", "Ngày, tháng", "Tên loại, trích yếu nội dung", "Cấp cho", "Người ký", "Tình trạng"]
    assert [first[0], second[0]] == ["01/TNHS-BPTNTKQ", "02/TNHS-BPTNTKQ"]
    assert first[1:4] == ["23/11/2026", "Giấy tiếp nhận hồ sơ và hẹn trả kết quả", "Nguyễn Thị Hường"]
