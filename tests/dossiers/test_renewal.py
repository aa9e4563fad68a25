"""A draft outlived by its procedure version: nothing is sent under old rules, nothing typed is lost unseen."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from services.catalogue.definition import FieldSpec
from services.catalogue.models import ProcedureVersion
from services.dossiers import actions, filing, renewal
from services.dossiers.models import Dossier
from tests.clients import as_user
from tests.dossiers.conftest import NOW
from tests.factories.dossiers import DEFINITION, DossierFactory, version_of
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

LAST_WEEK = NOW - timedelta(days=7)


def with_fields(*fields, papers=DEFINITION.papers, **more):
    """The procedure with other questions on its first page; the second page stays."""
    first, second = DEFINITION.sections
    return replace(DEFINITION, sections=(replace(first, fields=fields), second), papers=papers, **more)


NAME, REMARK = DEFINITION.sections[0].fields
# The new law: a note is no longer asked, the paper neither; where one lives is, and a lease.
NEW = with_fields(
    NAME,
    FieldSpec("text", "noi_o", "Nơi ở hiện nay"),
    papers=(FieldSpec("file", "hop_dong", "Hợp đồng thuê nhà"),),
)


@pytest.fixture
def draft(ward, resident):
    return DossierFactory(
        ward=ward,
        owner=resident,
        at=LAST_WEEK,
        answers={
            "ho_ten": "Nguyễn Thị Hường",
            "ghi_chu": "Xin gọi buổi tối",
            "tinh_trang": "chua",
            "muc_dich": "Vay vốn",
        },
    )


def publish(definition=NEW, *, at=NOW, **period):
    procedure = version_of().procedure
    procedure.live = True
    procedure.save()
    return ProcedureVersion.objects.create(
        procedure=procedure,
        number=procedure.versions.count() + 1,
        definition=definition.to_json(),
        published_at=at,
        **period,
    )


def test_what_was_replaced_is_not_sent_and_stays_a_draft(draft, resident):
    publish(at=LAST_WEEK + timedelta(days=1))

    with pytest.raises(filing.NotInForce):
        actions.submit(draft, by=resident, at=NOW)
    assert (Dossier.objects.get(pk=draft.pk).state, draft.steps.count()) == ("draft", 0)


@pytest.mark.parametrize(
    ("period", "published", "may"),
    [
        ({}, NOW - timedelta(hours=1), True),  # reworded today: sent the same day
        ({}, NOW - timedelta(days=1), False),
        ({"effective_from": date(2026, 11, 23)}, NOW - timedelta(days=20), False),  # the law has a first day
        ({"effective_from": date(2026, 11, 24)}, NOW - timedelta(days=20), True),  # tomorrow
    ],
)
def test_only_what_was_reworded_today_leaves_time_to_send_what_is_filled_in(draft, period, published, may):
    publish(at=published, **period)

    assert renewal.may_send(draft, at=NOW) is may


def test_what_ended_without_a_successor_is_not_sent(ward, resident):
    last = publish(DEFINITION, effective_to=date(2026, 11, 22))
    ended = DossierFactory(ward=ward, owner=resident, version=last, at=LAST_WEEK)

    assert renewal.may_send(ended, at=NOW) is False
    with pytest.raises(filing.NotInForce):
        renewal.renew(ended, by=resident, at=NOW)


def test_what_was_sent_before_keeps_its_version(ward, resident):
    sent = DossierFactory(ward=ward, owner=resident, at=LAST_WEEK, walk=("submit",))
    publish()

    assert actions.submit(sent, by=resident, at=NOW).version == sent.version  # sent twice is sent once


def test_answers_and_files_that_fit_go_along_the_others_are_named_first(draft, resident, ward):
    version = publish(at=LAST_WEEK + timedelta(days=1))

    found = renewal.compare(draft, version)
    assert [(spec.label, str(text)) for spec, text in found.dropped] == [("Điều muốn nói thêm", "Xin gọi buổi tối")]
    assert [file.field for file in found.dropped_files] == ["can_cuoc"]
    assert [spec.label for spec in found.asked_now] == ["Nơi ở hiện nay", "Hợp đồng thuê nhà"]

    renewed = renewal.renew(draft, by=resident, at=NOW)
    assert renewed.version == version
    assert renewed.answers == {"ho_ten": "Nguyễn Thị Hường", "tinh_trang": "chua", "muc_dich": "Vay vốn"}
    assert not renewed.attachments.exists()
    assert renewal.renew(renewed, by=resident, at=NOW).pk == draft.pk  # twice is once


def test_a_question_of_another_kind_is_asked_anew_and_a_choice_kept_only_while_it_is_offered(draft):
    second = DEFINITION.sections[1]
    married = replace(second.fields[0], options={"choices": [{"value": "ly_hon", "label": "Đã ly hôn"}]})
    version = publish(
        replace(
            with_fields(FieldSpec("long_text", "ho_ten", "Họ và tên"), REMARK),
            sections=(
                replace(DEFINITION.sections[0], fields=(FieldSpec("long_text", "ho_ten", "Họ và tên"), REMARK)),
                replace(second, fields=(married, *second.fields[1:])),
            ),
        )
    )

    assert set(renewal.compare(draft, version).answers) == {"ghi_chu", "muc_dich"}


def test_the_resident_is_led_over_and_sends_it(draft, resident, clock):
    publish(with_fields(NAME, REMARK, name="Theo luật mới"), at=LAST_WEEK + timedelta(days=1))
    signed_in, page = as_user(resident), f"/ho-so/{draft.pk}/mau-moi/"

    assert signed_in.get(f"/ho-so/{draft.pk}/kiem-tra/").url == page
    assert signed_in.post(f"/ho-so/{draft.pk}/kiem-tra/", {"agree": "on"}).url == page
    shown = signed_in.get(page).text
    assert "Thủ tục này có mẫu mới" in shown
    assert "4 câu trả lời" in shown
    assert Dossier.objects.get(pk=draft.pk).version == draft.version  # looking changes nothing

    assert signed_in.post(page).url == f"/ho-so/{draft.pk}/kiem-tra/"
    renewed = Dossier.objects.get(pk=draft.pk)
    assert (renewed.spec.name, renewed.answers, renewed.attachments.count()) == ("Theo luật mới", draft.answers, 1)
    assert actions.submit(renewed, by=resident, at=NOW).state == "submitted"


def test_a_page_for_what_the_ward_no_longer_takes(ward, resident):
    last = publish(DEFINITION, effective_to=date(2026, 11, 22))
    ended = DossierFactory(ward=ward, owner=resident, version=last, at=LAST_WEEK)

    shown = as_user(resident).get(f"/ho-so/{ended.pk}/kiem-tra/", follow=True).text

    assert "Thủ tục này không còn nhận hồ sơ" in shown
    assert "Chuyển sang mẫu mới" not in shown


def test_a_draft_under_the_version_in_force_has_nothing_to_renew(draft, resident):
    assert as_user(resident).get(f"/ho-so/{draft.pk}/mau-moi/").url == f"/ho-so/{draft.pk}/kiem-tra/"


def test_nobody_renews_a_strangers_draft(draft):
    publish(at=LAST_WEEK + timedelta(days=1))

    assert as_user(UserFactory()).post(f"/ho-so/{draft.pk}/mau-moi/").status_code == 404
