"""The components and what they promise: each is on the gallery, and forms speak to everyone."""

import re
from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest
from django import forms
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import get_template
from django.test import RequestFactory
from django.test.signals import template_rendered
from django.utils.translation import override

from portal.core import styles
from portal.core.forms import DateField, FilesField, TimeField
from portal.core.gallery import gallery
from tests.factories.people import UserFactory

COMPONENTS = Path(__file__).resolve().parents[2] / "templates" / "components"


def render(source: str, **context: object) -> str:
    return Template(source).render(Context(context))


@pytest.fixture(autouse=True)
def in_vietnamese():
    with override("vi"):
        yield


# --- The gallery ---------------------------------------------------------------------------------
def test_every_component_file_is_shown_on_the_gallery(db):
    rendered = set()

    def note(template, **_kwargs):
        rendered.add(template.name)

    template_rendered.connect(note)
    try:
        for user in (AnonymousUser(), UserFactory()):
            request = RequestFactory().get("/_thanh-phan/")
            request.user, request.session = user, {}
            request._messages = FallbackStorage(request)
            assert gallery(request).status_code == 200
    finally:
        template_rendered.disconnect(note)
    files = {f"components/{path.relative_to(COMPONENTS)}" for path in COMPONENTS.rglob("*.html")}
    assert files - rendered == set()


# --- Forms ---------------------------------------------------------------------------------------
class PersonForm(forms.Form):
    full_name = forms.CharField(label="Họ tên", help_text="Viết có dấu.")
    birth_date = DateField(label="Ngày sinh", latest=date(2026, 11, 23))
    sex = forms.ChoiceField(label="Giới tính", choices=[("f", "Nữ"), ("m", "Nam")], widget=forms.RadioSelect)
    phone = forms.CharField(label="Điện thoại", required=False)
    papers = FilesField(label="Giấy tờ", required=False)


def test_a_label_names_its_control_and_a_hint_describes_it():
    html = PersonForm()["full_name"].as_field_group()
    assert '<label class="field__label" for="id_full_name">Họ tên</label>' in html
    assert 'aria-describedby="id_full_name_helptext"' in html
    assert '<div class="field__hint" id="id_full_name_helptext">Viết có dấu.</div>' in html


def test_an_error_is_said_in_words_and_tied_to_its_control():
    html = PersonForm({})["full_name"].as_field_group()
    assert 'aria-invalid="true"' in html
    assert 'aria-describedby="id_full_name_helptext id_full_name_error"' in html
    assert 'id="id_full_name_error"' in html
    assert "<strong>Lỗi:</strong>" in html


def test_what_may_be_left_out_says_so():
    assert "(không bắt buộc)" in PersonForm()["phone"].as_field_group()
    assert "(không bắt buộc)" not in PersonForm()["full_name"].as_field_group()


def test_radios_are_a_group_with_a_legend_and_each_has_its_label():
    html = PersonForm({})["sex"].as_field_group()
    assert html.startswith('<fieldset class="field field--wrong" aria-describedby="id_sex_error">')
    assert '<legend class="field__label">Giới tính</legend>' in html
    assert '<label for="id_sex_0">Nữ</label>' in html
    assert len(re.findall("<input", html)) == 2


def test_the_parts_of_a_date_have_labels_of_their_own_under_one_legend():
    html = PersonForm()["birth_date"].as_field_group()
    assert '<legend class="field__label">Ngày sinh</legend>' in html
    assert re.findall(r'<label for="(.*?)">(.*?)</label>', html) == [
        ("id_birth_date_0", "Ngày"),
        ("id_birth_date_1", "Tháng"),
        ("id_birth_date_2", "Năm"),
    ]
    assert 'inputmode="numeric"' in html


def test_the_error_summary_leads_to_the_first_control_of_each_field():
    html = render("{% error_summary form %}", form=PersonForm({}))
    assert re.findall(r'href="#(.*?)"', html) == ["id_full_name", "id_birth_date_0", "id_sex_0"]
    assert 'role="alert"' in html
    assert "Có 3 chỗ cần sửa" in html
    assert "Họ tên: " in html


def test_every_target_of_the_error_summary_is_on_the_page():
    html = str(PersonForm({}))
    targets = re.findall(r'href="#(.*?)"', html)
    assert targets
    assert [target for target in targets if f'id="{target}"' not in html] == []


def test_a_form_without_mistakes_has_no_summary():
    assert "error-summary" not in str(PersonForm())


def test_help_text_written_by_an_author_is_escaped():
    class Authored(forms.Form):
        field = forms.CharField(label="<i>x</i>", help_text="<script>alert(1)</script>")

    html = str(Authored())
    assert "<script>alert" not in html
    assert "<i>" not in html


# --- Dates ---------------------------------------------------------------------------------------
def cleaned(day: str, month: str, year: str, **options) -> object:
    return DateField(**options).clean([day, month, year])


def test_a_typed_date_becomes_a_date():
    assert cleaned("27", "3", "1985") == date(1985, 3, 27)


@pytest.mark.parametrize("typed", ["8:30", "08:30", "8.30", "8h30", "08H30", "8 giờ 30"])
def test_a_time_is_typed_as_people_write_it(typed):
    assert TimeField().clean(typed) == time(8, 30)
    assert (TimeField().clean("8h"), TimeField().clean("16 giờ")) == (time(8), time(16))
    for wrong in ("25:00", "8:61", "sáng"):
        with pytest.raises(forms.ValidationError, match="Giờ phải viết như 16:30"):
            TimeField().clean(wrong)


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        (("31", "2", "1985"), "Ngày này không có trong lịch. Ví dụ đúng: 27 3 1985."),
        (("aa", "2", "1985"), "Ngày này không có trong lịch. Ví dụ đúng: 27 3 1985."),
        (("27", "", ""), "Còn thiếu: tháng, năm."),
        (("27", "3", "85"), "Năm phải có bốn chữ số."),
        (("", "", ""), "Nhập đủ ngày, tháng và năm."),
        (("24", "11", "2026"), "Ngày phải từ 23/11/2026 trở về trước."),
        (("31", "12", "1899"), "Ngày phải từ 01/01/1900 trở về sau."),
    ],
)
def test_a_wrong_date_says_what_is_wrong_with_it(parts, message):
    with pytest.raises(forms.ValidationError) as caught:
        cleaned(*parts, earliest=date(1900, 1, 1), latest=date(2026, 11, 23))
    assert caught.value.messages == [message]


def test_a_date_that_may_be_left_out_is_none():
    assert cleaned("", "", "", required=False) is None


def test_a_saved_draft_fills_the_three_parts_again():
    html = str(PersonForm(initial={"birth_date": "1985-03-27"})["birth_date"])
    assert re.findall(r'value="(.*?)"', html) == ["27", "3", "1985"]


def test_typing_the_same_date_again_changes_nothing():
    form = PersonForm(
        {"birth_date_day": "27", "birth_date_month": "3", "birth_date_year": "1985"},
        initial={"birth_date": date(1985, 3, 27)},
    )
    assert "birth_date" not in form.changed_data


# --- Words ---------------------------------------------------------------------------------------
def test_a_moment_is_told_in_the_time_of_hanoi():
    html = render("{{ at|moment }}", at=datetime(2026, 11, 22, 17, 0, tzinfo=UTC))
    assert html == '<time datetime="2026-11-23T00:00+07:00">00:00 ngày 23/11/2026</time>'


def test_money_is_grouped_by_points_and_nothing_is_said_in_words():
    assert render("{{ 1250000|dong }} {{ 0|dong }}") == "1.250.000 đồng Không thu phí"
    with override("en"):
        assert render("{{ 8500|dong }}").startswith("8,500 ")


def test_a_late_due_time_says_so_in_words():
    assert "Quá hạn" in render('{% due_label "late" %}')


def test_an_unknown_state_is_a_mistake_of_the_page_and_not_a_hole_in_it():
    with pytest.raises(KeyError):
        render('{% tag "x" "mauve" %}')


def test_what_people_wrote_is_escaped_inside_components():
    html = render(
        '{% summary_list %}{% summary_row "Tên" name %}{% endsummary_list %}{% timeline %}'
        "{% timeline_entry name who=name %}{{ name }}{% endtimeline_entry %}{% endtimeline %}"
        '{% notice title=name %}{{ name }}{% endnotice %}{% button "Bỏ" hidden=name %}',
        name="<b onclick=x>An</b>",
    )
    assert "<b " not in html
    assert html.count("&lt;b onclick=x&gt;") == 7


def test_a_last_crumb_without_an_address_is_the_page_itself():
    html = render('{% breadcrumbs "Phường" "/viet-hung/" "Dịch vụ công" %}')
    assert re.findall(r'href="(.*?)"', html) == ["/viet-hung/"]
    assert '<span aria-current="page">Dịch vụ công</span>' in html


def test_turning_the_page_keeps_the_filters():
    request = RequestFactory().get("/", {"thu-tuc": "1.004873", "trang": "1"})
    html = render("{% pagination page %}", page=Paginator(range(50), 20).page(1), request=request)
    assert 'rel="next" href="?thu-tuc=1.004873&amp;trang=2"' in html


# --- The stylesheet ------------------------------------------------------------------------------
def test_the_stylesheet_is_all_component_files_with_the_layers_first():
    files = styles.component_files()
    assert files[0].name == "layers.css"
    assert {path.name for path in files} == {path.name for path in styles.CSS_DIR.glob("*.css")}
    assert styles.assemble().css.startswith(b"@layer tokens, base, shell, components, utilities, print;")


def test_every_stylesheet_file_keeps_to_the_layers():
    outside = [path.name for path in styles.component_files() if "@layer" not in path.read_text(encoding="utf-8")]
    assert outside == []


def test_the_stylesheet_leaves_room_in_the_budget_of_a_form_step():
    assert len(styles.assemble().gzipped) < 15_000


def test_scripts_stay_within_their_budget():
    scripts = (styles.CSS_DIR.parent / "js").glob("*.js")
    assert sum(path.stat().st_size for path in scripts) < 30_000


def test_browsers_keep_the_stylesheet_for_good_but_not_one_of_another_version():
    request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
    kept = styles.stylesheet(request, styles.current().digest)
    other = styles.stylesheet(request, "0000")
    assert (kept["Cache-Control"], kept["Content-Encoding"]) == ("public, max-age=31536000, immutable", "gzip")
    assert other["Cache-Control"] == "no-store"
    assert other.content == kept.content


# --- Error pages ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "409", "413", "429", "500", "503", "503_printing"])
def test_an_error_page_needs_neither_a_request_nor_the_database(name):
    html = get_template(f"{name}.html").render()
    assert re.findall("<h1>(.+?)</h1>", html) != []
    assert '<html lang="vi">' in html
