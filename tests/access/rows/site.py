"""What belongs to no dossier: accounts, wards, announcements and those who write and read them."""

from datetime import timedelta

from buildings.models import Reorganisation
from home.kinds import Kind
from home.models import AnnouncementIndexPage, AnnouncementPage
from home.subscriptions import actions as subscriptions
from home.subscriptions import tokens
from home.subscriptions.actions import Wishes
from home.subscriptions.consent import CURRENT
from home.subscriptions.models import SignUp, Subscriber
from home.tenancy import planning
from tests.access.answers import OPERATOR, POSTED, PUBLIC, SIGNED_IN, Rows, everyone, only
from tests.access.world import World, nothing
from tests.factories.buildings import WardFactory
from tests.factories.dossiers import AT

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


ROWS: Rows = {
    "icon": (nothing, everyone(302)),
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
    "tenancy:facts": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:rename": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:host": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:close": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:people": (lambda world: {"slug": "viet-hung"}, OPERATOR),
    "tenancy:dismiss": (lambda world: {"slug": "viet-hung", "membership": 1}, POSTED),
    "tenancy:buildings": (lambda world: {"slug": "viet-hung"}, OPERATOR),
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
    "add_page": (
        lambda world: {
            "content_type_app_name": "home",
            "content_type_model_name": "announcementpage",
            "parent_page_id": written(world).get_parent().pk,
        },
        only("editor", "leader", "operator"),
    ),
    # Kept up by law: told at once, without the question.
    "take_down": (
        lambda world: {"page_id": written(world).pk},
        {**only(editor=302), **dict.fromkeys(("leader", "operator"), 302)},
    ),
}
