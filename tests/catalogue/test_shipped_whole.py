"""Every shipped procedure from its first page to the paper handed out, by both extremes of its choices."""

from datetime import date

import pytest
from django.contrib.auth.models import AnonymousUser
from django.forms import MultiWidget
from django.http import QueryDict

from portal.core.pdf import print_pages
from services.catalogue import results, shipped
from services.catalogue.answers import asked_answers, missing_findings, problems
from services.catalogue.forms import SectionForm
from tests.clock import stopped_at
from tests.factories.answers import answers, findings

SYSTEM = {
    "ward": "Việt Hưng",
    "agency": "Ủy ban nhân dân phường Việt Hưng",
    "code": "H26.004.127-261123-0001",
    "applicant": "Trần Văn Đức",
    "date": "23/11/2026",
}
FILES = {path.stem: path for path in shipped.files()}


@pytest.fixture(params=sorted(FILES))
def definition(request):
    return shipped.read(FILES[request.param]).definition


clock = stopped_at("2026-11-23 02:00Z")


def posted(form) -> QueryDict:
    """What a browser sends of a page that shows these answers."""
    data = QueryDict(mutable=True)
    for control in form:
        widget, value = control.field.widget, control.value()
        if isinstance(widget, MultiWidget):
            for name, text in zip(widget.widgets_names, widget.decompress(value), strict=True):
                data[control.html_name + name] = str(text)
        else:
            data[control.html_name] = str(value if value is not None else "")
    for question in form.questions:
        if question.kind.repeats:
            data[question.count_name] = str(question.rows)
    return data


@pytest.mark.parametrize("last", [False, True], ids=["first choices", "last choices"])
def test_the_whole_form_can_be_filled_in_page_by_page(definition, last):
    wanted, saved = answers(definition, last=last), {}
    for section in definition.sections:
        shown = SectionForm(section, definition=definition, answers={**wanted, **saved}, user=AnonymousUser())
        form = SectionForm(section, definition=definition, answers=saved, user=AnonymousUser(), data=posted(shown))
        assert form.is_valid(), (section.key, form.errors)
        saved |= {key: value for key, value in form.answers().items() if value is not None}
    assert saved == wanted == asked_answers(definition, wanted)
    papers = {paper.key for paper in definition.papers if paper.asked(saved)}
    assert problems(definition, saved, papers) == []


@pytest.mark.parametrize("last", [False, True], ids=["first choices", "last choices"])
def test_the_result_has_every_fact_in_place(definition, last):
    blocks = results.render_blocks(definition.result, said(definition, last=last))
    facts = [block["text"] for block in blocks if "text" in block]
    facts += [row["text"] for block in blocks for column in block.get("columns", ()) for row in column["rows"]]
    assert facts
    assert not [text for text in facts if "{" in text or "None" in text or "  " in text]
    assert not [block for block in blocks if "text" in block and not block["text"].strip(" .,:")]


def test_the_result_is_printed_on_one_or_two_sheets(definition):
    assert 1 <= on_paper(definition).pages <= 2


def said(definition, *, last=False):
    given = answers(definition, last=last)
    return results.values(definition, given, system=SYSTEM, findings=findings(definition, given, last=last))


@pytest.mark.parametrize("last", [False, True], ids=["first choices", "last choices"])
def test_the_officer_is_asked_for_what_the_resident_cannot_say(definition, last):
    given = answers(definition, last=last)
    found = findings(definition, given, last=last)
    assert found
    assert missing_findings(definition, given, found) == []
    assert missing_findings(definition, given, {})
    printed = {spec.key for spec in definition.findings} & {
        name.partition(".")[0]
        for block in definition.result.blocks
        for _path, text in results.texts_of(block)
        for name in results.PLACEHOLDER.findall(text)
    }
    assert printed  # the paper says what was found


def on_paper(definition, *, last=False):
    values = said(definition, last=last)
    context = {
        "title": definition.result.title,
        "blocks": results.render_blocks(definition.result, values),
        "code": SYSTEM["code"],
        "applicant": SYSTEM["applicant"],
        "capacity": ["TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"],
        "signer": "Nguyễn Thị Hằng",
        "agency": "Ủy ban nhân dân phường Việt Hưng",
        "number": f"05/{definition.result.suffix}",
        "place": "Việt Hưng",
        "date": date(2026, 11, 23),
        "check_url": "https://portal.example/kiem-tra/abc",
        "check_code": "ABCD-EFGH-JKLM",
    }
    return print_pages("pdf/dossiers/result.html", context)
