"""Every address × every kind of person. A new address fails here until it says who may open it.

Wagtail's admin is not in this table: `tests/home/test_wall.py` crawls all of it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

import pytest
import time_machine
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve, reverse
from django.utils import timezone
from django.utils.translation import override

from buildings.models import Absence, Building, Reorganisation
from buildings.roles import Position
from home.editors import grant_editor
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage
from home.subscriptions import actions as subscriptions
from home.subscriptions import tokens
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import SignUp, Subscriber
from home.tenancy import planning
from home.tenancy.opening import open_ward
from portal.core.addresses import in_language
from portal.core.models import CalendarDay
from services.appointments import booking
from services.appointments.models import Appointment
from services.conversation import actions as conversation
from services.desk import counter, second_factor
from services.desk.models import PreparedReason
from services.documents import rendering
from services.documents.models import IssuedDocument
from services.dossiers import actions, corrections
from services.dossiers.models import Attachment, Dossier, Lateness
from services.ratings import actions as ratings
from services.registers import exporting
from tests.factories.appointments import version_with_visit
from tests.factories.buildings import MembershipFactory, WardFactory, officer
from tests.factories.dossiers import AT, DossierFactory, photo
from tests.factories.lateness import late_case
from tests.factories.people import UserFactory

pytestmark = pytest.mark.django_db

POLICE = ("police_officer", "police_head")  # of the same ward: the committee's dossiers are none of theirs
PEOPLE = (
    "visitor",
    "owner",
    "other_resident",
    "clerk",
    "specialist",
    "registry_clerk",
    "leader",
    *POLICE,
    "clerk_elsewhere",
    "leader_elsewhere",
    "editor",
    "manager",
    "inspector",
    "operator",
)
DESK = ("clerk", "specialist", "registry_clerk", "leader")
SIGN_IN = 302


def everyone(status: int) -> dict[str, int]:
    return dict.fromkeys(PEOPLE, status)


def only(*allowed: str, otherwise: int = 404, **own: int) -> dict[str, int]:
    """200 for these, sign-in for the visitor, and for all others the same as what does not exist."""
    return {**everyone(otherwise), "visitor": SIGN_IN, **dict.fromkeys(allowed, 200), **own}


PUBLIC = everyone(200)
SIGNED_IN = {**everyone(200), "visitor": SIGN_IN}
OWNER = only("owner")
DESK_ONLY = only(*DESK)
DESK_ROOM = only(*DESK, *POLICE, "clerk_elsewhere", "leader_elsewhere")
WITH_DESK = only("owner", *DESK)
LEADERS = only(
    "leader",
    "leader_elsewhere",
    **dict.fromkeys(("clerk", "specialist", "registry_clerk", "clerk_elsewhere", *POLICE), 403),
)
CLERKS = only(
    "clerk",
    "clerk_elsewhere",
    **dict.fromkeys(("leader", "specialist", "registry_clerk", "leader_elsewhere", *POLICE), 403),
)
NOT_POLICE = dict.fromkeys(POLICE, 403)  # the whole desk's room, another's to do
POSTED = {**everyone(405), "visitor": SIGN_IN}


OPERATOR = only("operator")


def moved_by(*positions: str) -> dict[str, int]:
    """A move of the desk: colleagues of another position see that it is not theirs."""
    return {**DESK_ONLY, **dict.fromkeys(set(DESK) - set(positions), 403)}


@dataclass
class World:
    """One ward with everybody in it, its neighbour, and a dossier in every state an address needs."""

    people: dict[str, object] = field(default_factory=dict)
    dossiers: dict[str, Dossier] = field(default_factory=dict)

    def of(self, state: str, **more) -> dict:
        return {"id": self.dossiers[state].pk, **more}


@pytest.fixture(autouse=True)
def clock():
    """An hour after everything was made: nothing is late yet."""
    with time_machine.travel(AT + timedelta(hours=1), tick=False) as clock:
        yield clock


@pytest.fixture
def world(db, settings, monkeypatch) -> World:
    monkeypatch.setattr(second_factor, "confirmed_lately", lambda request, method: True)  # tests/desk/test_signing.py
    settings.SECOND_FACTOR_REQUIRED = False  # what follows sign-in is tested here, sign-in in tests/core
    facts = {"address": "Phố Vạn Hạnh", "phone": "+842438271234", "email": "ward@portal.example"}
    pages = {
        slug: open_ward(slug=slug, by=None, at=AT, name=name, code=code, agency_code=f"H26.004.{code[2:]}", **facts)
        for slug, name, code in (("viet-hung", "Việt Hưng", "00127"), ("giang-bien", "Giang Biên", "00121"))
    }
    ward, neighbour = WardFactory(staffed=True), WardFactory(neighbour=True, staffed=True)
    assert ward == pages["viet-hung"].ward
    building = Building.objects.create(ward=ward, slug="sen-hong", name="Sen Hồng", address="Phố Vạn Hạnh", floors=9)
    world = World()
    world.people = {
        "visitor": None,
        "owner": UserFactory(full_name="Nguyễn Thị Hường"),
        "other_resident": UserFactory(full_name="Lê Văn Lạ"),
        **{position: officer(position, ward) for position in (*DESK, *POLICE)},
        "clerk_elsewhere": officer(Position.CLERK, neighbour),
        "leader_elsewhere": officer(Position.LEADER, neighbour),
        "editor": officer(Position.WARD_EDITOR, ward),
        "manager": UserFactory(),
        "inspector": UserFactory(),
        "operator": UserFactory(is_superuser=True, is_staff=True),
    }
    grant_editor(world.people["editor"].memberships.get())
    MembershipFactory(user=world.people["manager"], position=Position.BUILDING_MANAGER, ward=ward, building=building)
    MembershipFactory(user=world.people["inspector"], position=Position.INSPECTOR)
    states = (
        *("submitted", "supplement", "accepted", "processing", "at_signing", "signed", "numbered", "done"),
        *("awaiting_fee", "proposed", "to_be_confirmed", "confirming", "to_be_found"),
        *("to_be_verified", "to_be_visited", "visiting", "visiting_at_intake"),
    )
    world.dossiers = {
        state: DossierFactory(ward=ward, owner=world.people["owner"], **{state: True}) for state in states
    }
    result = IssuedDocument.objects.about(world.dossiers["done"]).get(kind="result")
    rendering.render(str(result.pk), at=AT)
    world.dossiers["interest"] = actions.declare_interest(
        DossierFactory(ward=ward, owner=world.people["owner"], processing=True),
        by=world.people["registry_clerk"],
        at=AT,
        relation="cháu",
    )
    world.dossiers["draft"] = DossierFactory(ward=ward, owner=world.people["owner"])
    return world


def paper(state: str) -> Callable[[World], dict]:
    def named(world: World) -> dict:
        return world.of(state, attachment=Attachment.objects.filter(dossier=world.dossiers[state]).first().pk)

    return named


def dossier(state: str, **more) -> Callable[[World], dict]:
    return lambda world: world.of(state, **more)


def nothing(world: World) -> dict:
    return {}


def service(world: World) -> dict:
    return {"ward": "viet-hung", "procedure": "xac-nhan-hon-nhan"}


def document(world: World) -> IssuedDocument:
    return IssuedDocument.objects.about(world.dossiers["done"]).get(kind="result")


def export(world: World) -> dict:
    """A file the clerk of the ward asked for."""
    ward, clerk = WardFactory(), world.people["clerk"]
    asked = exporting.ask("so-theo-doi", "csv", {"q": "ai"}, ward=ward, by=clerk, at=AT)
    exporting.make(str(asked.pk), 0, clock=lambda: AT)
    return {"id": asked.pk}


def storm_day(world: World) -> dict:
    day, _made = CalendarDay.objects.get_or_create(
        date=date(2026, 2, 6), ward_code="00127", defaults={"kind": "closed", "note": "Bão", "source": "Công điện"}
    )
    return {"day": day.pk}


def came_in(world: World) -> dict:
    """Somebody at the clerk's counter."""
    return {"person": counter.ticket(world.people["owner"], clerk=world.people["clerk"])}


def sentence(world: World) -> dict:
    reason, _made = PreparedReason.objects.get_or_create(
        ward=WardFactory(),
        kind="refusal",
        text="Hồ sơ không thuộc thẩm quyền của phường.",
        defaults={"written_by": world.people["clerk"], "written_at": AT},
    )
    return {"reason": reason.pk}


def clerk_away(world: World) -> dict:
    clerk, leader = world.people["clerk"], world.people["leader"]
    facts = {"from_date": date(2126, 2, 6), "to_date": date(2126, 2, 9), "recorded_at": AT, "recorded_by": clerk}
    absence, _made = Absence.objects.get_or_create(
        user=clerk, ward=WardFactory(), defaults={**facts, "substitute": leader}
    )
    return {"absence": absence.pk}


def enclosure(world: World) -> dict:
    """A file sent with a message; asked for twice it is one."""
    sent = conversation.write(
        world.dossiers["accepted"],
        by=world.people["owner"],
        at=AT,
        text="Ảnh kèm theo.",
        files=[photo()],
        token=UUID(int=1),
    )
    return world.of("accepted", file=sent.files.get().pk)


def being_corrected(world: World) -> dict:
    """A result somebody found a mistake in."""
    done = world.dossiers["done"]
    if corrections.open_correction(done) is None:
        said = {"texts": {"ho_ten": "Nguyễn Thị Hương"}, "reason": "Sai dấu"}
        corrections.draft(done, by=world.people["specialist"], at=AT, **said)
    return {"id": done.pk}


def to_visit(world: World) -> Dossier:
    """A dossier that asks for a visit, with its appointment."""
    if "visit" not in world.dossiers:
        made = DossierFactory(
            ward=WardFactory(), owner=world.people["owner"], version=version_with_visit(), accepted=True
        )
        now = timezone.now()
        offer = booking.offer(made, by=made.owner, at=now)
        booking.book(made, offer.free(offer.days[-1])[0].starts_at, by=made.owner, at=now)
        world.dossiers["visit"] = made
    return world.dossiers["visit"]


def visit(world: World) -> dict:
    return {"id": to_visit(world).pk}


def appointment(world: World) -> dict:
    return {"id": to_visit(world).appointments.get().pk}


def late(state: str, *, evidence: bool = False) -> Callable[[World], dict]:
    """A dossier whose specialist is late, its case in this state."""

    def named(world: World) -> dict:
        key = f"late {state}"
        if key not in world.dossiers:
            made = DossierFactory(
                ward=WardFactory(), owner=world.people["owner"], processing=True, at=AT - timedelta(days=3)
            )
            proof = Lateness._meta.get_field("evidence").storage.save("evidence/proof", photo())
            late_case(made, state, at=AT, evidence=proof, evidence_name="so-truc.jpg")
            world.dossiers[key] = made
        return world.of(key, case=world.dossiers[key].latenesses.get().pk) if evidence else world.of(key)

    return named


KEEPERS_OF_PUBLICITY = only("editor", "leader", "leader_elsewhere")


def published(world: World) -> dict:
    return {"key": written(world).translation_key}


def written(world: World) -> AnnouncementPage:
    """An announcement the law obliges the ward to publish."""
    index = AnnouncementIndexPage.objects.get(slug="thong-bao", path__startswith=WardFactory().page.path)
    return AnnouncementPage.objects.filter(ward=WardFactory(), slug="ngan-sach").first() or index.add_child(
        instance=AnnouncementPage(title="Ngân sách", kind=Kind.BUDGET, summary="Dự toán", decision_date=AT.date())
    )


def occasion(world: World) -> dict:
    """An announcement with a date."""
    index = AnnouncementIndexPage.objects.get(slug="thong-bao", path__startswith=WardFactory().page.path)
    if not AnnouncementPage.objects.filter(slug="hop").exists():
        facts = {"event_starts_at": AT + timedelta(days=3), "event_place": "Nhà văn hóa", "summary": "Họp"}
        index.add_child(instance=AnnouncementPage(title="Họp", slug="hop", kind=Kind.EVENTS, **facts))
    return {"ward": "viet-hung", "slug": "hop"}


def reorganisation(world: World) -> dict:
    """A plan of the operator's in which nothing changes yet."""
    found = Reorganisation.objects.filter(begun_at=None).first() or planning.draft(
        title="Sắp xếp phường",
        decision="1656/NQ-UBTVQH15",
        effective_on=AT.date(),
        wards=[WardFactory()],
        by=world.people["operator"],
        at=AT,
    )
    return {"plan": found.pk}


def carried_out(world: World) -> Reorganisation:
    """A reorganisation that is done."""
    by, moments = world.people["operator"], dict.fromkeys(("made_at", "confirmed_at", "begun_at", "done_at"), AT)
    facts = {"title": "Đã xong", "decision": "1656", "effective_on": AT.date(), "made_by": by, "confirmed_by": by}
    found, _made = Reorganisation.objects.get_or_create(title="Đã xong", defaults={**facts, **moments})
    return found


def rated(world: World) -> dict:
    ratings.rate(world.dossiers["processing"], "receipt", by=world.people["owner"], at=AT, score=4)
    return world.of("processing", event="tiep-nhan")


def letter_holder(world: World) -> dict:
    """The link in a mail to somebody without an account."""
    ward = WardFactory()
    found = Subscriber.objects.filter(email="an@x.example").first()
    if found is None:
        asked = subscriptions.ask("an@x.example", ward, Wishes(), language="vi", consent_version=CURRENT, at=AT)
        found = subscriptions.confirm(asked, at=AT).subscriber
    return {"token": tokens.for_subscriber(found)}


def letter_holder_in_ward(world: World) -> dict:
    return {**letter_holder(world), "ward": "viet-hung"}


def asked_address(world: World) -> dict:
    letter_holder(world)
    return {"token": tokens.for_sign_up(SignUp.objects.get())}


# name of the address → (what it names, who gets what on GET)
MATRIX: dict[str, tuple[Callable[[World], dict], dict[str, int]]] = {
    "livez": (nothing, PUBLIC),
    "readyz": (nothing, PUBLIC),
    "core:mailbox": (nothing, everyone(404)),  # only in the demo
    "core:profile": (nothing, SIGNED_IN),
    "core:profile_edit": (nothing, SIGNED_IN),
    "core:inbox": (nothing, SIGNED_IN),
    "core:read_all_notices": (nothing, POSTED),
    "after_login": (nothing, {**everyone(302)}),
    "tenancy:wards": (nothing, OPERATOR),
    "tenancy:open": (nothing, OPERATOR),
    "tenancy:ward": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:rename": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:host": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:close": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:draft": (nothing, OPERATOR),
    "tenancy:plan": (reorganisation, OPERATOR),
    "tenancy:assign": (lambda world: {**reorganisation(world), "slug": "viet-hung"}, OPERATOR),
    "tenancy:report": (lambda world: {"plan": carried_out(world).pk}, OPERATOR),
    **dict.fromkeys(
        ("tenancy:confirm", "tenancy:call_back", "tenancy:go_on", "tenancy:drop"), (reorganisation, POSTED)
    ),
    "home:search": (nothing, PUBLIC),
    "home:choose_ward": (lambda world: {"procedure": "xac-nhan-hon-nhan"}, PUBLIC),
    "subscriptions:index": (nothing, PUBLIC),
    "subscriptions:ward": (lambda world: {"ward": "viet-hung"}, PUBLIC),
    "subscriptions:asked": (nothing, PUBLIC),
    "subscriptions:confirm": (asked_address, PUBLIC),
    "subscriptions:stop": (letter_holder, PUBLIC),
    "subscriptions:mine": (letter_holder, PUBLIC),
    "subscriptions:mine_of_ward": (letter_holder_in_ward, PUBLIC),
    "home:ward_calendar": (lambda world: {"ward": "viet-hung"}, PUBLIC),
    "home:announcement_calendar": (occasion, PUBLIC),
    "readership:useful": (occasion, PUBLIC),
    "readership:thanks": (occasion, PUBLIC),
    "readership:read": (occasion, everyone(405)),  # told by a script
    "publicity:register": (nothing, KEEPERS_OF_PUBLICITY),
    "publicity:register_file": (lambda world: {"format": "xlsx"}, KEEPERS_OF_PUBLICITY),
    "publicity:announcement": (published, only("editor", "leader")),
    "publicity:release": (published, only("leader", editor=403)),
    "publicity:withdraw": (
        lambda world: {**published(world), "other": 1},
        {**only(), **dict.fromkeys(("editor", "leader", "leader_elsewhere", "operator"), 405)},
    ),
    "edit_page": (lambda world: {"page_id": written(world).pk}, only("editor", "leader", "operator")),
    "catalogue:services": (lambda world: {"ward": "viet-hung"}, PUBLIC),
    "catalogue:procedure": (service, PUBLIC),
    "dossiers:start": (service, SIGNED_IN),
    "dossiers:lookup": (nothing, PUBLIC),
    "dossiers:list": (nothing, SIGNED_IN),
    "dossiers:detail": (dossier("accepted"), OWNER),
    "dossiers:withdraw": (dossier("accepted"), OWNER),
    "dossiers:delete": (dossier("draft"), OWNER),
    "dossiers:renew": (dossier("draft"), only(owner=302)),  # its version is in force: back to the check
    "dossiers:delivery": (dossier("draft"), OWNER),
    "dossiers:page": (dossier("draft", page="hon-nhan"), OWNER),
    "dossiers:check": (dossier("draft"), OWNER),
    "dossiers:confirmation": (dossier("submitted"), OWNER),
    "dossiers:agreement": (dossier("confirming"), OWNER),
    "dossiers:supplement": (dossier("supplement"), OWNER),
    "dossiers:supplement_item": (dossier("supplement", field="muc_dich"), OWNER),
    "dossiers:file": (paper("submitted"), WITH_DESK),
    "dossiers:thumbnail": (paper("submitted"), WITH_DESK),
    "conversation:conversation": (dossier("accepted"), OWNER),
    "conversation:file": (enclosure, WITH_DESK),
    "ratings:rate": (dossier("accepted", event="tiep-nhan"), OWNER),
    "ratings:thanks": (rated, OWNER),
    "documents:verify": (nothing, PUBLIC),
    "documents:verify_token": (lambda world: {"token": document(world).token}, PUBLIC),
    "documents:download": (lambda world: {"id": document(world).pk}, WITH_DESK),
    "desk:work": (nothing, DESK_ROOM),
    "desk:batch": (nothing, POSTED),
    "desk:counter": (nothing, CLERKS),
    "desk:counter_person": (nothing, CLERKS),
    "desk:counter_begin": (came_in, {**CLERKS, "clerk_elsewhere": 404}),
    "desk:load": (nothing, LEADERS),
    "desk:load_of": (lambda world: {"officer": world.people["clerk"].pk}, {**LEADERS, "leader_elsewhere": 404}),
    "desk:reasons": (nothing, DESK_ROOM),
    "desk:reason_add": (
        nothing,
        {
            **moved_by("clerk", "leader"),
            **NOT_POLICE,
            "clerk_elsewhere": 200,
            "leader_elsewhere": 200,
        },  # each in their own ward
    ),
    "desk:reason_edit": (sentence, {**moved_by("clerk", "leader"), **NOT_POLICE}),
    "desk:reason_remove": (sentence, POSTED),
    "desk:keys": (nothing, POSTED),
    "desk:save_view": (nothing, POSTED),
    "desk:drop_view": (lambda world: {"view": 1}, POSTED),
    "desk:take": (dossier("processing"), POSTED),
    "desk:undo": (dossier("processing"), POSTED),
    "desk:timeline": (dossier("processing"), DESK_ONLY),
    "desk:calendar": (nothing, DESK_ROOM),
    "desk:calendar_add": (
        nothing,
        {**moved_by("leader"), **NOT_POLICE, "clerk_elsewhere": 403, "leader_elsewhere": 200},  # each in their own ward
    ),
    "desk:calendar_edit": (storm_day, {**moved_by("leader"), **NOT_POLICE}),
    "desk:calendar_remove": (storm_day, {**moved_by("leader"), **NOT_POLICE}),
    "desk:absences": (nothing, DESK_ROOM),
    "desk:absence_record": (nothing, DESK_ROOM),
    "desk:absence_end": (clerk_away, {**moved_by("clerk", "leader"), **NOT_POLICE}),
    "appointments:day": (visit, OWNER),
    "appointments:time": (visit, only(owner=302)),  # without a day: back to the days
    "appointments:check": (visit, only(owner=302)),
    "appointments:booked": (visit, OWNER),
    "appointments:cancel": (visit, OWNER),
    "appointments:calendar_file": (visit, OWNER),
    "desk:appointments": (nothing, DESK_ROOM),
    "desk:print_appointments": (nothing, DESK_ROOM),
    "desk:find_for_appointment": (nothing, DESK_ROOM),
    "desk:visit_hours": (nothing, LEADERS),
    "desk:mark_appointment": (appointment, POSTED),
    "desk:cancel_appointment": (appointment, DESK_ONLY),
    "desk:book_appointment": (visit, DESK_ONLY),
    "registers:follow_up": (nothing, DESK_ROOM),
    "registers:issued": (nothing, DESK_ROOM),
    "registers:ask": (lambda world: {"what": "so-theo-doi"}, POSTED),
    "registers:exports": (nothing, DESK_ROOM),
    "registers:export": (export, only("clerk")),
    "registers:download": (export, only("clerk")),
    "registers:control_slip": (dossier("processing"), DESK_ONLY),
    "registers:control_slip_print": (dossier("processing"), DESK_ONLY),
    "desk:dossier": (dossier("processing"), DESK_ONLY),
    "desk:draft": (dossier("at_signing"), DESK_ONLY),
    "desk:conversation": (dossier("processing"), DESK_ONLY),
    "desk:settle": (dossier("processing"), POSTED),
    "desk:complaints": (nothing, {**LEADERS, "police_head": 200}),
    "desk:ratings": (nothing, LEADERS),
    "desk:reads": (nothing, LEADERS),
    "desk:lateness": (nothing, DESK_ROOM),
    "desk:at_risk": (nothing, DESK_ROOM),
    "desk:inspection": (nothing, LEADERS),
    "desk:report_error": (dossier("processing"), DESK_ONLY),
    "desk:explain": (late("explaining"), moved_by("specialist")),  # the only leader has to judge it
    "desk:accept_explanation": (late("explained"), moved_by("leader")),
    "desk:return_explanation": (late("explained"), moved_by("leader")),
    "desk:draft_apology": (late("apologising"), moved_by("specialist", "leader")),
    "desk:draft_letter": (late("drafted"), DESK_ONLY),
    "desk:sign_apology": (late("drafted"), moved_by("leader")),
    "desk:return_draft": (late("drafted"), moved_by("leader")),
    "desk:record_delivery": (late("sent"), DESK_ONLY),
    "desk:override": (late("explaining"), moved_by("leader")),
    "desk:evidence": (late("explained", evidence=True), DESK_ONLY),
    "desk:accept": (dossier("submitted"), moved_by("clerk")),
    "desk:request_supplement": (dossier("submitted"), moved_by("clerk")),
    "desk:refuse": (dossier("submitted"), moved_by("clerk")),
    "desk:hand_on": (dossier("accepted"), moved_by("clerk")),
    "desk:approve": (dossier("processing"), moved_by("specialist")),
    "desk:record_findings": (dossier("to_be_found"), moved_by("specialist")),
    "desk:sign": (dossier("at_signing"), moved_by("leader")),
    "desk:send_back": (dossier("at_signing"), moved_by("leader")),
    "desk:ask_confirmation": (dossier("to_be_confirmed"), moved_by("specialist")),
    "desk:ask_visit": (dossier("to_be_visited"), moved_by("specialist")),
    "desk:record_visit": (dossier("visiting"), DESK_ONLY),
    "desk:record_first_visit": (dossier("visiting_at_intake"), DESK_ONLY),
    "desk:approve_supplement": (dossier("proposed"), moved_by("leader")),
    "desk:decline_supplement": (dossier("proposed"), moved_by("leader")),
    "desk:propose_supplement": (dossier("processing"), moved_by("specialist")),
    "desk:ask_fee": (dossier("processing"), moved_by("specialist")),
    "desk:ask_verification": (dossier("to_be_verified"), moved_by("specialist")),
    "desk:record_fee": (dossier("awaiting_fee"), moved_by("clerk")),
    "desk:reassign": (dossier("processing"), moved_by("leader")),
    "desk:stop": (dossier("processing"), moved_by("leader")),
    "desk:declare_interest": (dossier("processing"), DESK_ONLY),
    "desk:approve_interest": (dossier("interest"), moved_by("leader")),
    "desk:number": (dossier("signed"), moved_by("registry_clerk")),
    "desk:issue": (dossier("numbered"), moved_by("registry_clerk")),
    "desk:correction": (dossier("done"), DESK_ONLY),
    "desk:correction_draft": (being_corrected, DESK_ONLY),
    "desk:correction_move": (dossier("done", slug="ky"), POSTED),
    "dossiers:confirm_receipt": (dossier("done"), POSTED),
    "desk:sign_several": (nothing, DESK_ROOM),
    "desk:deliver": (dossier("done"), moved_by("clerk")),
}
# Named elsewhere: allauth's own pages, Wagtail's, files by digest, and what needs a notice.
NOT_HERE = {
    "stylesheet": "public by its digest: tests/core/test_components.py",
    "core:open_notice": "POST only, own notices: tests/core/test_inbox.py",
}
ONE_ADDRESS = ("livez", "readyz")  # whatever the language
FRAMEWORKS = ("account_", "mfa_", "usersessions_", "wagtail", "holidays:", "socialaccount")


def names_of(resolver: URLResolver, prefix: str = ""):
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            namespace = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from names_of(entry, namespace)
        elif isinstance(entry, URLPattern) and entry.name:
            yield prefix + entry.name


def test_every_address_has_its_line():
    named = {name for name in names_of(get_resolver()) if not name.startswith(FRAMEWORKS)}

    assert named - {"gallery"} - set(NOT_HERE) == set(MATRIX) - set(NOT_HERE)


def client_of(person) -> Client:
    client = Client()
    if person:
        client.force_login(person)
    return client


def test_every_address_for_every_kind_of_person(world):
    clients = {name: client_of(person) for name, person in world.people.items()}
    wrong = {}
    for name, (kwargs, expected) in MATRIX.items():
        address = reverse(name, kwargs=kwargs(world))
        seen = {person: clients[person].get(address).status_code for person in PEOPLE}
        if seen != expected:
            wrong[name] = {
                person: (seen[person], expected[person]) for person in PEOPLE if seen[person] != expected[person]
            }

    assert wrong == {}


def test_every_address_in_english_is_walled_as_in_vietnamese(world):
    """The same view for every row, and two of the kinds of people at its door: all of them in turn."""
    clients = {name: client_of(person) for name, person in world.people.items()}
    wrong = {}
    for number, (name, (kwargs, expected)) in enumerate(MATRIX.items()):
        named = kwargs(world)
        address = reverse(name, kwargs=named)
        with override("en"):
            in_english = reverse(name, kwargs=named)
            found = resolve(in_english)
        assert (found.view_name, found.func) == (name, resolve(address).func)
        one_address = name in ONE_ADDRESS or address.startswith("/bien-tap/")  # the admin speaks its user's language
        assert in_english == (address if one_address else in_language(address, "en"))
        for person in (PEOPLE[number % len(PEOPLE)], PEOPLE[(number + 6) % len(PEOPLE)]):
            seen = clients[person].get(in_english).status_code
            if seen != expected[person]:
                wrong[name, person] = (seen, expected[person])

    assert wrong == {}


def test_nobody_changes_a_dossier_that_is_not_theirs(world):
    """POST to every address about a dossier, by everyone who may not even see it."""
    strangers = (
        "visitor",
        "other_resident",
        *POLICE,
        "clerk_elsewhere",
        "leader_elsewhere",
        "editor",
        "manager",
        "inspector",
        "operator",
    )
    addresses = [reverse(name, kwargs=kwargs(world)) for name, (kwargs, _) in MATRIX.items() if "id" in kwargs(world)]
    before = snapshot()
    seen = set()
    for person in strangers:
        client = client_of(world.people[person])
        for address in addresses:
            seen.add(
                (person == "visitor", client.post(address, {"reason": "x", "agreed": "on", "step": "1"}).status_code)
            )

    # 405 where an address only ever reads.
    assert seen == {(True, 302), (False, 404), (False, 405)}
    assert snapshot() == before


def snapshot() -> list[tuple]:
    return [
        *Dossier.objects.order_by("pk").values_list("pk", "state", "answers", "current_step", "changed_at"),
        *Attachment.objects.order_by("pk").values_list("pk", "removed_at"),
        *Lateness.objects.order_by("pk").values_list("pk", "state"),
        *Appointment.objects.order_by("pk").values_list("pk", "state", "starts_at"),
        *IssuedDocument.objects.order_by("pk").values_list("pk", "state"),
    ]
