import pytest
from django.template import Context, Template
from django.utils.translation import override

from portal.core.languages import Said, marked, named, sentence
from portal.core.models import Notification
from services.catalogue.blocks import Lines
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import DossierFactory
from tests.factories.people import UserFactory


def test_vietnamese_words_are_marked_on_a_page_of_another_language_alone():
    assert marked("Sen Hồng") == "Sen Hồng"
    with override("en"):
        assert marked("Sen Hồng") == '<span lang="vi">Sen Hồng</span>'


def test_nothing_stays_nothing():
    with override("en"):
        assert [marked(empty) for empty in ("", None, [])] == ["", None, []]


def test_an_answer_is_marked_line_by_line():
    with override("en"):
        assert marked(Lines(["Hà Nội", "Huế"])) == ['<span lang="vi">Hà Nội</span>', '<span lang="vi">Huế</span>']


def test_what_people_wrote_is_escaped_inside_its_mark():
    with override("en"):
        assert Template("{{ name|vi }}").render(Context({"name": "<b>Tòa</b>"})) == (
            '<span lang="vi">&lt;b&gt;Tòa&lt;/b&gt;</span>'
        )
        assert sentence("%(name)s & co", name=marked("<i>")) == (
            '<span><span lang="vi">&lt;i&gt;</span> &amp; co</span>'
        )


def test_a_language_is_named_in_itself():
    with override("en"):
        assert [named("vi"), named("en")] == ['<span lang="vi">Tiếng Việt</span>', "English"]


def test_a_text_of_a_data_file_is_read_in_the_language_of_the_page():
    said = Said.read({"name": "Thang máy", "name_en": "Lift"}, "name")
    assert f"{said}" == "Thang máy"
    with override("en"):
        assert f"{said}" == "Lift"
    assert not Said.read({}, "advice")


def test_a_text_in_one_language_alone_is_an_error_of_its_file():
    with pytest.raises(ValueError, match="Thang máy"):
        Said.read({"name": "Thang máy"}, "name")


@pytest.mark.django_db
def test_a_ward_is_named_as_the_reader_says_it_and_on_paper_always_in_vietnamese():
    ward = WardFactory()
    assert (ward.shown, ward.marked) == ("Phường Việt Hưng", "Phường Việt Hưng")
    with override("en"):
        assert ward.shown == "Việt Hưng ward"
        assert ward.marked == '<span><span lang="vi">Việt Hưng</span> ward</span>'
        assert (str(ward), ward.agency) == ("Phường Việt Hưng", "ỦY BAN NHÂN DÂN PHƯỜNG VIỆT HƯNG")


@pytest.mark.django_db
def test_a_notice_in_english_names_the_ward_in_english_and_its_record_does_not():
    reader = UserFactory(preferred_language="en")
    dossier = DossierFactory(owner=reader, accepted=True)
    said = " ".join(f"{notice.title} {notice.body}" for notice in Notification.objects.filter(recipient=reader))

    assert "Việt Hưng ward" in said
    assert "Phường" not in said
    with override("en"):
        assert f"{dossier.ward}" == "Phường Việt Hưng"
