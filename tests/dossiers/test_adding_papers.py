"""The resident adds papers to a dossier, and who may see them."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.clients import as_user
from tests.factories.buildings import WardFactory, officer
from tests.factories.dossiers import DossierFactory, photo
from tests.factories.people import UserFactory

from .screens import page, text_of, url

pytestmark = [pytest.mark.django_db, pytest.mark.bucket]


def test_a_refused_file_is_explained_beside_its_paper(empty, signed_in):
    fake = SimpleUploadedFile("luong.pdf.jpg", b"MZ\x90 not a picture", "image/jpeg")

    response = signed_in.post(page(empty, "giay-to"), {"giay-can_cuoc": [fake, photo()], "tai-len": "can_cuoc"})

    assert response.status_code == 200
    html = response.content.decode()
    assert "không phải ảnh JPEG, PNG, HEIC hoặc tệp PDF" in html
    assert 'href="#id_giay-can_cuoc"' in html
    assert "can-cuoc.jpg" in html  # the good one of the two is kept


def test_a_paper_that_must_be_there_is_asked_for(empty, signed_in):
    response = signed_in.post(page(empty, "giay-to"))

    assert "Tải lên ít nhất một ảnh hoặc tệp PDF." in text_of(response)


def test_a_file_is_taken_back(draft, signed_in):
    attachment = draft.attachments.get()

    response = signed_in.post(page(draft, "giay-to"), {"bo": str(attachment.pk)})

    assert response.url == page(draft, "giay-to")
    assert not draft.attachments.exists()


def test_files_stand_in_the_order_they_were_chosen_in(empty, signed_in):
    names = [f"trang-{number}.jpg" for number in range(5)]

    signed_in.post(
        page(empty, "giay-to"),
        {
            "giay-can_cuoc": [photo(name, colour=f"#{number}{number}0000") for number, name in enumerate(names)],
            "tai-len": "x",
        },
    )

    assert [attachment.name for attachment in empty.attachments.all()] == names


def test_nobody_takes_back_a_file_of_another_dossier(draft, ward):
    thief = UserFactory()
    own = DossierFactory(ward=ward, owner=thief)

    as_user(thief).post(page(own, "giay-to"), {"bo": str(draft.attachments.get().pk)})

    assert draft.attachments.count() == 1


def test_papers_are_shown_to_their_owner_and_kept_by_no_cache(draft, signed_in):
    attachment = draft.attachments.get()

    for address in (attachment.url, attachment.thumbnail_url):
        response = signed_in.get(address)
        assert response.status_code == 200
        assert response.content.startswith(b"\xff\xd8")
        assert response["Content-Type"] == "image/jpeg"
        assert "no-store" in response["Cache-Control"]
        assert response["X-Content-Type-Options"] == "nosniff"


def test_papers_are_seen_by_the_desk_of_the_ward_once_sent_and_by_nobody_else(ward, resident):
    draft = DossierFactory(ward=ward, owner=resident)
    sent = DossierFactory(ward=ward, owner=resident, submitted=True)
    clerk = as_user(officer("clerk", ward))
    neighbours = as_user(officer("clerk", WardFactory(neighbour=True)))
    stranger = as_user(UserFactory())

    for dossier, who, expected in (
        (draft, clerk, 404),
        (sent, clerk, 200),
        (sent, neighbours, 404),
        (sent, stranger, 404),
        (draft, stranger, 404),
    ):
        attachment = dossier.attachments.get()
        assert who.get(attachment.url).status_code == expected
        assert who.get(attachment.thumbnail_url).status_code == expected


def test_a_paper_is_not_reached_through_another_dossier(draft, resident, signed_in):
    other = DossierFactory(ward=draft.ward, owner=resident)

    assert signed_in.get(url("file", other, draft.attachments.get().pk)).status_code == 404
