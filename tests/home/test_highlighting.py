import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from home.reading.highlighting import marked, snippet, spans, words_of

VIETNAMESE = "aăâáàảãạấầẩẫậđĐeêếềểễệiíìỉĩịoôơốồổỗộớờởỡợuưứừửữựyýỳỷỹỵ bcghklmnpqrstvx<>&\"' .,-012\n\u0301\u0323"


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("dang ky", "<mark>Đăng</mark> <mark>ký</mark> khai sinh"),
        ("ĐĂNG KÝ", "<mark>Đăng</mark> <mark>ký</mark> khai sinh"),
        ("sin", "Đăng ký khai <mark>sin</mark>h"),
        ("inh", "Đăng ký khai sinh"),
        ("k", "Đăng <mark>k</mark>ý <mark>k</mark>hai sinh"),
    ],
)
def test_the_letters_as_they_were_written_are_marked(query, expected, form):
    text = unicodedata.normalize(form, "Đăng ký khai sinh")
    assert marked(text, words_of(query)) == unicodedata.normalize(form, expected)


def test_a_word_that_stands_whole_is_not_looked_for_in_others():
    assert marked("Nhà chung cư của bạn", ["chung", "cu"]) == "Nhà <mark>chung</mark> <mark>cư</mark> của bạn"
    assert marked("Của bạn", ["cu"]) == "<mark>Củ</mark>a bạn"


def test_a_snippet_is_where_most_of_the_words_are():
    text = "Cứ đến sớm. " + "đầu " * 80 + "nhà chung cư ở đây"
    assert snippet(text, ["chung", "cu"]).endswith("<mark>chung</mark> <mark>cư</mark> ở đây")


def test_what_is_marked_is_escaped():
    assert marked("<b>Sen & <i>", ["b", "sen"]) == "&lt;<mark>b</mark>&gt;<mark>Sen</mark> &amp; &lt;i&gt;"


def test_a_snippet_stands_around_the_first_hit_and_says_what_was_left_out():
    text = "đầu " * 40 + "rồi đến nhà văn hóa phường " + "cuối " * 80
    found = snippet(text, ["van", "hoa"])
    assert found.startswith("… đầu")
    assert "<mark>văn</mark> <mark>hóa</mark> phường" in found
    assert found.endswith("cuối …")
    assert len(found) < 300
    assert snippet("không có gì ở đây", ["sen"]) is None
    assert snippet("Sen", ["sen"]) == "<mark>Sen</mark>"


@given(st.text(VIETNAMESE, max_size=80), st.text(VIETNAMESE, max_size=12))
def test_every_mark_holds_what_was_looked_for_whatever_is_written(text, query):
    words = words_of(query)
    found = spans(text, words)
    assert all(any(words_of(text[begins:ends]) == [word] for word in words) for begins, ends in found)
    assert all(one.ends <= next.begins for one, next in zip(found, found[1:], strict=False))


@given(st.text(max_size=60), st.text(max_size=10))
def test_no_text_breaks_it_and_nothing_of_it_is_lost(text, query):
    words = words_of(query)
    without = marked(text, words).replace("<mark>", "").replace("</mark>", "")
    assert without == marked(text, [])
    assert "<script" not in marked(f"<script>{text}", words)
    snippet(text, words)


@given(st.text(VIETNAMESE, max_size=60), st.text(VIETNAMESE, max_size=10))
def test_one_character_or_two_make_no_difference(text, query):
    words = words_of(query)
    composed, decomposed = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert unicodedata.normalize("NFC", marked(decomposed, words)) == unicodedata.normalize(
        "NFC", marked(composed, words)
    )
