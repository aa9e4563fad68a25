"""One dossier as an officer reads it."""

from datetime import timedelta
from io import BytesIO

import pypdfium2
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from portal.core.audit import history_of
from services.dossiers import actions
from services.dossiers.models import Attachment, Dossier

from .conftest import NOW


def page(dossier, name="dossier"):
    return reverse(f"desk:{name}", args=[dossier.pk])


@pytest.fixture
def photo(resident):
    """Put a photo with a paper of a dossier."""

    def attach(dossier, name="ban-an.jpg", *, at=NOW) -> Attachment:
        picture = BytesIO()
        Image.new("RGB", (400, 600), "#eee").save(picture, "JPEG")
        return Attachment.objects.create(
            dossier=dossier,
            field="ly_hon",
            name=name,
            file=ContentFile(picture.getvalue(), name=name),
            content_type="image/jpeg",
            size=len(picture.getvalue()),
            sha256="0" * 64,
            uploaded_at=at,
            uploaded_by=resident,
        )

    return attach


@pytest.mark.parametrize("name", ["dossier", "draft"])
def test_strangers_residents_and_drafts_get_404(client, send, version, resident, strangers, officers, ward, name):
    sent = send()
    draft = Dossier.objects.create(ward=ward, version=version, owner=resident, created_at=NOW, changed_at=NOW)
    for user, dossier in [
        (strangers["leader"], sent),
        (resident, sent),
        (resident, draft),
        (officers["leader"], draft),
    ]:
        client.force_login(user)
        assert client.get(page(dossier, name)).status_code == 404


@pytest.mark.parametrize(
    ("walked_to", "position", "moves"),
    [
        ("accept", "clerk", ["accept", "request_supplement", "refuse"]),
        ("hand_on", "clerk", ["hand_on"]),
        ("approve", "specialist", ["approve"]),
        ("sign", "leader", ["sign", "send_back"]),
        ("number", "registry_clerk", ["number"]),
        ("issue", "registry_clerk", ["issue"]),
        ("deliver", "clerk", ["deliver"]),
        ("sign", "specialist", []),
    ],
)
def test_a_screen_offers_the_moves_that_the_server_allows(client, send, walk, officers, walked_to, position, moves):
    dossier = walk(send(), walked_to)
    client.force_login(officers[position])

    response = client.get(page(dossier))

    assert [found.name for found in response.context["pages"]] == moves
    assert response.text.count('class="button button--primary"') == bool(moves)


def test_who_has_nothing_to_do_reads_who_has(client, send, walk, officers):
    client.force_login(officers["clerk"])

    assert (
        "Bước này do leader Việt Hưng (Lãnh đạo UBND phường) thực hiện." in client.get(page(walk(send(), "sign"))).text
    )


def test_the_page_shows_answers_papers_steps_and_record(client, send, walk, officers, photo):
    dossier = walk(send("Đặng Thị Ánh"), "sign")
    attachment = photo(dossier)
    client.force_login(officers["leader"])

    text = client.get(page(dossier)).text

    for words in ("Đặng Thị Ánh", "Kết hôn", "ban-an.jpg", "Đã thẩm định xong, trình ký", "0912 345 678", dossier.code):
        assert words in text
    assert reverse("dossiers:file", args=[dossier.pk, attachment.pk]) in text


def test_the_paper_asked_for_is_the_one_shown(client, send, officers, photo):
    dossier = send()
    first, second = photo(dossier, "mot.jpg"), photo(dossier, "hai.jpg", at=NOW + timedelta(minutes=1))
    client.force_login(officers["clerk"])

    assert client.get(page(dossier)).context["shown"].id == str(first.pk)
    assert client.get(page(dossier), {"tep": str(second.pk)}).context["shown"].id == str(second.pk)
    assert client.get(page(dossier), {"tep": "\0'"}).context["shown"].id == str(first.pk)


def test_a_note_between_officers_is_in_the_record_as_theirs_alone(client, send, walk, officers):
    dossier = walk(send(), "sign")
    actions.send_back(dossier, by=officers["leader"], at=timezone.now(), reason="Ghi <i>đúng</i> tên")
    client.force_login(officers["specialist"])

    text = client.get(page(dossier)).text

    assert "Ghi &lt;i&gt;đúng&lt;/i&gt; tên" in text
    assert "(nội bộ)" in text


def test_reading_writes_nothing(client, send, officers, photo):
    dossier = send()
    photo(dossier)
    before = (Dossier.objects.values().get(pk=dossier.pk), history_of(dossier).count())
    client.force_login(officers["clerk"])

    for name in ("dossier", "accept", "refuse", "request_supplement"):
        client.get(page(dossier, name))

    assert (Dossier.objects.values().get(pk=dossier.pk), history_of(dossier).count()) == before


@pytest.mark.parametrize("files", [1, 12])
def test_the_page_takes_as_many_queries_with_many_papers(
    client, send, walk, officers, photo, files, django_assert_max_num_queries
):
    dossier = walk(send(), "sign")
    for number in range(files):
        photo(dossier, f"{number}.jpg")
    client.force_login(officers["leader"])

    with django_assert_max_num_queries(20):
        client.get(page(dossier))


# --- Asking for a supplement --------------------------------------------------------------------------


def test_the_form_lists_every_question_and_paper_with_what_was_given(client, send, officers, photo):
    dossier = send()
    photo(dossier)
    client.force_login(officers["clerk"])

    response = client.get(page(dossier, "request_supplement"))

    sections = [
        (section.key, [item.spec.key for item in items]) for section, items in response.context["form"].sections()
    ]
    assert sections == [("nguoi-yeu-cau", ["ho_ten", "muc_dich"]), ("giay-to", ["ly_hon"])]
    assert "1 tệp" in response.text


def test_each_ticked_item_is_asked_with_its_own_words(client, send, officers):
    dossier = send()
    client.force_login(officers["clerk"])
    prepared = "Ghi đúng như trong giấy tờ tùy thân."

    client.post(
        page(dossier, "request_supplement"),
        {
            "step": dossier.current_step.turn,
            "reason": "Thông tin chưa khớp",
            "contact": "Lan, 024 3827 1234",
            "tick-ho_ten": "on",
            "phrase-ho_ten": prepared,
            "tick-ly_hon": "on",
            "what-ly_hon": "Chụp đủ hai trang",
            "what-muc_dich": "không đánh dấu nên không hỏi",
            "tick-khong_co": "on",
            "what-khong_co": "câu hỏi bịa",
        },
    )

    request = dossier.supplement_requests.get()
    assert list(request.items.values_list("field", "what")) == [("ho_ten", prepared), ("ly_hon", "Chụp đủ hai trang")]
    assert (request.reason, request.contact, request.asked_by) == (
        "Thông tin chưa khớp",
        "Lan, 024 3827 1234",
        officers["clerk"],
    )


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({}, "Đánh dấu ít nhất một nội dung cần bổ sung."),
        ({"tick-ho_ten": "on"}, "Nói rõ công dân cần làm gì với “Họ và tên”."),
    ],
)
def test_a_supplement_request_without_its_words_is_refused_and_kept(client, send, officers, said, words):
    dossier = send()
    client.force_login(officers["clerk"])
    given = {"step": dossier.current_step.turn, "reason": "Thiếu", "contact": "Lan", **said}

    response = client.post(page(dossier, "request_supplement"), given)

    assert words in response.text
    assert "Thiếu" in response.text
    assert dossier.supplement_requests.count() == 0


def test_the_desk_asks_only_once(client, send, officers, complete):
    dossier = complete(send(), at=timezone.now())
    client.force_login(officers["clerk"])

    assert [found.name for found in client.get(page(dossier)).context["pages"]] == ["accept", "refuse"]
    assert client.get(page(dossier, "request_supplement")).status_code == 409


# --- The result before it is signed -------------------------------------------------------------------


def test_the_draft_is_the_result_marked_as_a_draft(client, send, walk, officers):
    dossier = walk(send("Đặng Thị Ánh"), "sign")
    client.force_login(officers["leader"])

    response = client.get(page(dossier, "draft"))

    text = pypdfium2.PdfDocument(response.content)[0].get_textpage().get_text_range()
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("inline")
    assert "no-store" in response["Cache-Control"]
    assert "DỰ THẢO" in text
    assert "Đặng Thị Ánh" in text
    assert "leader Việt Hưng" in text  # who is about to sign
    dossier.refresh_from_db()
    assert dossier.signed_by is None


def test_what_is_issued_has_no_draft(client, send, walk, officers):
    client.force_login(officers["leader"])

    assert client.get(page(walk(send(), "deliver"), "draft")).status_code == 404
