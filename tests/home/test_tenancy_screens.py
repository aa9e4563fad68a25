"""The operator's screens, and the redirects of old addresses."""

import io
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.test import Client
from openpyxl import load_workbook
from wagtail.models import Site, WorkflowPage

from buildings.models import Building, Membership, Reorganisation, Ward
from buildings.roles import Position
from home.models import AnnouncementIndexPage, WardPage
from home.tenancy import carrying_out, closing, naming
from portal.core import audit
from portal.core.calendar import VIETNAM
from portal.core.models import AuditEvent, Job
from portal.core.outbox import run_all
from services.documents.models import IssuedDocument
from services.documents.rendering import render
from services.documents.verifying import Outcome, verify
from services.dossiers import actions
from services.dossiers.assignment import WardClosed
from services.dossiers.models import Dossier
from tests.clock import stopped_at
from tests.factories.buildings import officer
from tests.factories.dossiers import AT, DossierFactory, version_of
from tests.factories.people import UserFactory
from tests.home.conftest import opened, ward_page

pytestmark = pytest.mark.django_db

NOW = AT + timedelta(hours=2)

# domain.md §6: the fourteen wards of the former district, with their GSO codes.
FOURTEEN = {
    "thuong-thanh": ("Thượng Thanh", "00115"),
    "ngoc-thuy": ("Ngọc Thụy", "00118"),
    "giang-bien": ("Giang Biên", "00121"),
    "duc-giang": ("Đức Giang", "00124"),
    "viet-hung": ("Việt Hưng", "00127"),
    "gia-thuy": ("Gia Thụy", "00130"),
    "ngoc-lam": ("Ngọc Lâm", "00133"),
    "phuc-loi": ("Phúc Lợi", "00136"),
    "bo-de": ("Bồ Đề", "00139"),
    "sai-dong": ("Sài Đồng", "00142"),
    "long-bien": ("Long Biên", "00145"),
    "thach-ban": ("Thạch Bàn", "00148"),
    "phuc-dong": ("Phúc Đồng", "00151"),
    "cu-khoi": ("Cự Khối", "00154"),
}


clock = stopped_at(NOW)


@pytest.fixture
def operator():
    return UserFactory(full_name="Quản trị", is_superuser=True, is_staff=True)


@pytest.fixture
def desk(operator):
    client = Client()
    client.force_login(operator)
    return client


# --- Opening -----------------------------------------------------------------------------------------------


def test_fourteen_wards_live_in_one_install(editor_of, announce):
    pages = [opened(slug, *facts) for slug, facts in FOURTEEN.items()]
    for page in pages:
        announce(page, f"Chỉ của {page.ward.name}")

    front = Client().get("/").content.decode()
    assert [page.slug for page in pages if f'href="/{page.slug}/"' not in front] == []
    workflows = WorkflowPage.objects.filter(page__in=pages).select_related("workflow")
    assert {one.page_id: one.workflow.name for one in workflows} == {
        page.pk: f"Duyệt bài {page.ward}" for page in pages
    }
    one = Client()
    one.force_login(editor_of(pages[0]))
    listed = one.get(f"/bien-tap/pages/{AnnouncementIndexPage.objects.child_of(pages[0]).get().pk}/").content.decode()
    assert "Chỉ của Thượng Thanh" in listed
    assert [page.slug for page in pages[1:] if f"Chỉ của {page.ward.name}" in listed] == []
    for page in pages[1:]:
        assert one.get(f"/bien-tap/pages/{page.pk}/edit/").status_code == 404


def test_each_ward_has_approvers_and_a_workflow_of_its_own(viet_hung, giang_bien):
    for page in (viet_hung, giang_bien):
        (task,) = page.get_workflow().tasks
        assert list(task.specific.groups.all()) == [page.approvers]
    assert viet_hung.get_workflow() != giang_bien.get_workflow()


def test_the_operator_opens_a_ward_by_its_form(desk):
    said = {
        "name": "Phúc Lợi",
        "slug": "phuc-loi",
        "code": "00136",
        "agency_code": "H26.004.136",
        "address": "Số 5 phố Phúc Lợi",
        "phone": "024 3827 5555",
        "email": "phuc-loi@portal.example",
        "office_hours": "07:30-11:30,13:30-17:00",
    }
    assert desk.post("/van-hanh/phuong/mo/", {**said, "office_hours": "sáng"}).status_code == 400
    assert desk.post("/van-hanh/phuong/mo/", {**said, "slug": "tra-cuu"}).status_code == 400
    assert desk.post("/van-hanh/phuong/mo/", said).status_code == 302
    assert desk.post("/van-hanh/phuong/mo/", said).status_code == 400  # it is there already

    ward = Ward.objects.get()
    assert (ward.office_hours, ward.page.slug) == ("07:30-11:30,13:30-17:00", "phuc-loi")
    assert desk.get("/van-hanh/phuong/phuc-loi/").status_code == 200


def test_a_wards_telephone_changes_on_every_page_and_its_hours_plan_anew(viet_hung, desk):
    told = {"address": "Số 8 phố Mới", "phone": "024 3827 5555", "email": "moi@portal.example"}
    address, hours = "/van-hanh/phuong/viet-hung/thong-tin/", viet_hung.ward.office_hours
    assert "024 3827 5555" not in Client().get("/viet-hung/").content.decode()
    assert desk.post(address, {**told, "office_hours": "sáng"}).status_code == 400
    assert desk.post(address, {**told, "office_hours": hours}).status_code == 302
    assert "024 3827 5555" in Client().get("/viet-hung/").content.decode()
    assert not Job.objects.filter(kind="dossiers.replan").exists()
    assert desk.post(address, {**told, "office_hours": "07:30-11:30,13:30-17:00"}).status_code == 302
    assert Job.objects.filter(kind="dossiers.replan").count() == 1
    first, second = AuditEvent.objects.filter(action="ward.changed").order_by("pk")
    assert (first.data["to_address"], "to_office_hours" in first.data) == ("Số 8 phố Mới", False)
    assert second.data == {"from_office_hours": hours, "to_office_hours": "07:30-11:30,13:30-17:00"}
    # The same once more changes nothing; name and codes are no facts of this form.
    desk.post(address, {**told, "office_hours": "07:30-11:30,13:30-17:00", "slug": "x", "code": "00001"})
    viet_hung.ward.refresh_from_db()
    assert (viet_hung.ward.slug, viet_hung.ward.code) == ("viet-hung", "00127")
    assert AuditEvent.objects.filter(action="ward.changed").count() == 2


def test_renaming_and_closing_are_counted_before_the_button(viet_hung, announce, editor_of, desk):
    announce(viet_hung, "Tiêm chủng")
    editor_of(viet_hung)
    Building.objects.create(ward=viet_hung.ward, slug="sen-hong", name="Sen Hồng", address="Phố", floors=9)
    renaming = desk.get("/van-hanh/phuong/viet-hung/doi-ten/").context["expected"]
    assert dict(renaming) == {"Trang đổi địa chỉ theo; địa chỉ cũ vẫn dẫn đến": 3}
    closing_it = desk.get("/van-hanh/phuong/viet-hung/dong/")
    assert dict(closing_it.context["expected"]) == {
        "Tòa nhà chưa giao cho phường nào": 1,
        "Biên tập viên và người duyệt thôi vị trí": 1,
    }
    assert "Tòa nhà chưa giao cho phường nào" in closing_it.content.decode()


# --- Renaming ----------------------------------------------------------------------------------------------


def test_old_addresses_of_a_renamed_ward_lead_on(viet_hung, announce, desk):
    announce(viet_hung, "Tiêm chủng", slug="tiem-chung")
    version_of()
    Building.objects.create(ward=viet_hung.ward, slug="sen-hong", name="Sen Hồng", address="Phố", floors=9)
    assert (
        desk.post("/van-hanh/phuong/viet-hung/doi-ten/", {"name": "Hưng Việt", "slug": "hung-viet"}).status_code == 302
    )

    for path in (
        "/viet-hung/",
        "/viet-hung/thong-bao/",
        "/viet-hung/thong-bao/tiem-chung/?trang=1",
        "/viet-hung/dich-vu/",
        "/viet-hung/dich-vu/xac-nhan-hon-nhan/",
        "/en/viet-hung/",
    ):
        answer = Client().get(path)
        assert (answer.status_code, answer["Location"]) == (301, path.replace("viet-hung", "hung-viet"))
        assert Client().get(answer["Location"]).status_code == 200
    page = WardPage.objects.get()
    assert (page.title, page.collection.name, page.editors.name) == (
        "Phường Hưng Việt",
        "Phường Hưng Việt",
        "Biên tập Phường Hưng Việt",
    )
    assert page.ward.as_of(AT).name == "Việt Hưng"
    assert audit.history_of(page.ward).last().action == "ward.renamed"


def test_a_draft_of_a_renamed_wards_page_does_not_bring_the_old_address_back(viet_hung, desk):
    viet_hung.intro = "Bản nháp"
    viet_hung.save_revision()
    naming.rename(viet_hung.ward, name="Hưng Việt", slug="hung-viet", by=None, at=NOW)
    page = WardPage.objects.get()
    page.get_latest_revision().publish()

    page.refresh_from_db()
    assert (page.slug, page.title, page.intro) == ("hung-viet", "Phường Hưng Việt", "Bản nháp")
    assert Client().get("/hung-viet/").status_code == 200


def test_an_address_that_leads_somewhere_is_not_given_to_another_ward(viet_hung, giang_bien):
    naming.rename(viet_hung.ward, name="Hưng Việt", slug="hung-viet", by=None, at=NOW)
    with pytest.raises(ValidationError):
        naming.rename(giang_bien.ward, name="Giang Biên", slug="viet-hung", by=None, at=NOW)
    assert naming.why_not("viet-hung") != ""
    assert naming.rename(Ward.objects.get(slug="hung-viet"), name="Việt Hưng", slug="viet-hung", by=None, at=NOW)
    assert [Client().get(path).status_code for path in ("/viet-hung/", "/hung-viet/")] == [200, 301]


# --- Closing -----------------------------------------------------------------------------------------------


def test_a_closed_ward_is_read_but_takes_nothing_new(viet_hung, giang_bien, announce, editor_of, desk):
    for position in (Position.CLERK, Position.SPECIALIST, Position.LEADER, Position.REGISTRY_CLERK):
        officer(position, viet_hung.ward)
    announce(viet_hung, "Tiêm chủng", slug="tiem-chung")
    editor, draft, working = (
        editor_of(viet_hung),
        DossierFactory(ward=viet_hung.ward),
        DossierFactory(ward=viet_hung.ward, submitted=True),
    )
    assert desk.post("/van-hanh/phuong/viet-hung/dong/", {"because": "1656/NQ-UBTVQH15"}).status_code == 302

    notice = "Trang này được giữ lại để tra cứu"
    assert notice in Client().get("/viet-hung/").content.decode()
    assert notice in Client().get("/viet-hung/thong-bao/tiem-chung/").content.decode()
    assert 'href="/viet-hung/"' not in Client().get("/").content.decode()
    assert Client().get("/viet-hung/dich-vu/").status_code == 200  # says so, in words
    with pytest.raises(WardClosed):
        actions.submit(draft, by=draft.owner, at=NOW)
    one = Client()
    one.force_login(editor)
    assert one.get("/bien-tap/").status_code == 404
    clerk = officer(Position.CLERK, viet_hung.ward)
    assert actions.accept(working, by=clerk, at=NOW).state == "accepted"
    assert not closing.close_ward(Ward.objects.get(slug="viet-hung"), by=None, at=NOW, because="lần nữa")


def test_who_sends_a_draft_to_a_closed_ward_is_told_and_loses_nothing(viet_hung):
    draft = DossierFactory(ward=viet_hung.ward)
    closing.close_ward(viet_hung.ward, by=None, at=NOW, because="1656")
    one = Client()
    one.force_login(draft.owner)
    answer = one.post(f"/ho-so/{draft.pk}/kiem-tra/", {"agreed": "on", "truth": "on", "declared": "on"})

    assert answer.status_code == 400
    assert "đã ngừng nhận hồ sơ" in answer.content.decode()
    assert Dossier.objects.get().is_draft


# --- Handing over ------------------------------------------------------------------------------------------


@pytest.fixture
def merged(viet_hung, giang_bien, desk, operator):
    """Giang Biên has been merged into Việt Hưng, by the screens."""
    for ward in (viet_hung.ward, giang_bien.ward):
        for position in (Position.CLERK, Position.SPECIALIST, Position.LEADER, Position.REGISTRY_CLERK):
            officer(position, ward)
    version_of()
    tower = Building.objects.create(ward=giang_bien.ward, slug="ven-song", name="Ven Sông", address="Phố", floors=9)
    DossierFactory(ward=giang_bien.ward, processing=True)
    desk.post(
        "/van-hanh/sap-xep/",
        {
            "title": "Sắp xếp phường",
            "decision": "1656/NQ-UBTVQH15",
            "effective_on_day": "23",
            "effective_on_month": "11",
            "effective_on_year": "2026",
            "wards": [giang_bien.ward.pk],
        },
    )
    plan = Reorganisation.objects.get()
    clerk = Membership.objects.get(ward=giang_bien.ward, position=Position.CLERK)
    desk.post(
        f"/van-hanh/sap-xep/{plan.pk}/phuong/giang-bien/",
        {
            "default": viet_hung.ward.pk,
            f"building-{tower.pk}": viet_hung.ward.pk,
            f"person-{clerk.pk}": viet_hung.ward.pk,
        },
    )
    before = desk.get(f"/van-hanh/sap-xep/{plan.pk}/").content.decode()
    assert "Xác nhận thực hiện" in before
    assert "Chưa xác nhận được" not in before
    desk.post(f"/van-hanh/sap-xep/{plan.pk}/xac-nhan/")
    run_all(at=NOW)
    plan.refresh_from_db()
    assert plan.done_at
    return plan


def test_the_operator_merges_two_wards_by_the_screens_and_takes_the_report(merged, desk):
    shown = desk.get(f"/van-hanh/sap-xep/{merged.pk}/").content.decode()
    book = load_workbook(io.BytesIO(desk.get(f"/van-hanh/sap-xep/{merged.pk}/bao-cao.xlsx").content))

    assert "Đã thực hiện xong" in shown
    assert book.sheetnames == ["Tổng quan", "Phường", "Tòa nhà", "Người", "Hồ sơ"]
    moved_at = AuditEvent.objects.filter(action="change_ward").earliest("at").at.astimezone(VIETNAM)
    assert book["Hồ sơ"]["D2"].value == f"{moved_at:%d/%m/%Y %H:%M}"  # by the clock on the wall
    dossier = Dossier.objects.get()
    assert [cell.value for cell in book["Hồ sơ"][2]][:3] == [dossier.code, "Phường Giang Biên", "Phường Việt Hưng"]


def test_old_addresses_of_a_merged_ward_lead_on(merged):
    seen = {}
    for path in (
        "/giang-bien/",
        "/giang-bien/thong-bao/",
        "/giang-bien/dich-vu/",
        "/giang-bien/dich-vu/xac-nhan-hon-nhan/",
        "/giang-bien/dich-vu/thu-tuc-la/",
        "/giang-bien/toa-nha/ven-song/",
    ):
        answer = Client().get(path)
        seen[path] = (answer.status_code, answer.headers.get("Location"))
    assert seen == {
        "/giang-bien/": (200, None),
        "/giang-bien/thong-bao/": (200, None),
        "/giang-bien/dich-vu/": (301, "/viet-hung/dich-vu/"),
        "/giang-bien/dich-vu/xac-nhan-hon-nhan/": (301, "/viet-hung/dich-vu/xac-nhan-hon-nhan/"),
        "/giang-bien/dich-vu/thu-tuc-la/": (301, "/viet-hung/dich-vu/"),
        "/giang-bien/toa-nha/ven-song/": (301, "/viet-hung/toa-nha/ven-song/"),
    }
    assert 'href="/giang-bien/thong-bao/"' in Client().get("/viet-hung/thong-bao/").content.decode()


def test_a_split_ward_lets_the_resident_choose(viet_hung, giang_bien, merged):
    third = ward_page("thuong-thanh").ward
    Ward.objects.get(slug="giang-bien").successions_from.create(
        reorganisation=merged, new=third, building=Building.objects.create(
            ward=third, slug="moi", name="Tòa Mới", address="Phố", floors=2
        ), on=merged.effective_on, moved_at=NOW,
    )  # fmt: skip
    answer = Client().get("/giang-bien/dich-vu/xac-nhan-hon-nhan/")

    assert answer.status_code == 200
    assert "Tòa Mới" in answer.content.decode()
    assert 'href="/thuong-thanh/dich-vu/"' in answer.content.decode()


def test_a_plan_that_cannot_be_carried_out_says_why(viet_hung, giang_bien, desk, operator):
    made = carrying_out.planning.draft(
        title="Thử", decision="QĐ", effective_on=NOW.date(), wards=[giang_bien.ward], by=operator, at=NOW
    )
    assert "Chưa xác nhận được" in desk.get(f"/van-hanh/sap-xep/{made.pk}/").content.decode()
    desk.post(f"/van-hanh/sap-xep/{made.pk}/xac-nhan/")
    assert Reorganisation.objects.get().confirmed_at is None
    desk.post(f"/van-hanh/sap-xep/{made.pk}/bo/")
    assert not Reorganisation.objects.exists()


@pytest.mark.parametrize("count", [1, 14])
def test_the_list_of_wards_costs_the_same_however_many_there_are(desk, count, django_assert_max_num_queries):
    for slug, facts in list(FOURTEEN.items())[:count]:
        opened(slug, *facts)
    desk.get("/van-hanh/phuong/")
    with django_assert_max_num_queries(8):
        desk.get("/van-hanh/phuong/")


# --- What follows a ward's name -----------------------------------------------------------------------------


def test_a_host_is_given_and_taken_by_the_form(viet_hung, desk, settings):
    settings.ALLOWED_HOSTS = ["testserver", "viethung.example"]
    for host, count in (("viethung.example", 2), ("viethung.example", 2), ("", 1)):
        assert desk.post("/van-hanh/phuong/viet-hung/ten-mien/", {"host": host}).status_code == 302
        assert Site.objects.count() == count


def test_a_paper_names_the_ward_as_it_was_and_a_new_one_as_it_is(viet_hung, desk):
    for position in (Position.CLERK, Position.SPECIALIST, Position.LEADER, Position.REGISTRY_CLERK):
        officer(position, viet_hung.ward)
    old = issued(DossierFactory(ward=viet_hung.ward, done=True, at=AT - timedelta(hours=3)))
    naming.rename(viet_hung.ward, name="Hưng Việt", slug="hung-viet", by=None, at=AT)
    new = issued(DossierFactory(ward=Ward.objects.get(), done=True, at=AT + timedelta(hours=1)))

    for document, name in ((old, "PHƯỜNG VIỆT HƯNG"), (new, "PHƯỜNG HƯNG VIỆT")):
        assert name in Client().get(f"/xac-thuc/{document.token}/").content.decode()
        verdict = verify(ContentFile(document.file.read(), name="a.pdf"), at=NOW)
        assert (verdict.outcome, verdict.signer) == (Outcome.VALID, f"ỦY BAN NHÂN DÂN {name}")


def issued(dossier):
    document = IssuedDocument.objects.about(dossier).get(kind="result")
    render(str(document.pk), at=NOW)
    return IssuedDocument.objects.select_related("ward").get(pk=document.pk)
