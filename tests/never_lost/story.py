"""What the killed processes do: run as `python -m tests.never_lost.story <act>`, on a database of its own."""

import json
import sys
from collections import Counter

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from buildings.models import Apartment, Building, Membership, Reorganisation, Residency  # noqa: E402
from buildings.notices.models import Telling  # noqa: E402
from home.models import AnnouncementIndexPage, AnnouncementPage  # noqa: E402
from home.subscriptions.models import Subscriber, Subscription  # noqa: E402
from home.tenancy import carrying_out, planning  # noqa: E402
from home.tenancy.opening import open_ward  # noqa: E402
from portal.core import audit  # noqa: E402
from portal.core.models import AuditEvent, Job, MailboxMessage, Notification, User  # noqa: E402
from portal.core.notifications import notify  # noqa: E402
from services.documents.issuing import Paper, issue  # noqa: E402
from services.documents.models import IssuedDocument  # noqa: E402
from services.dossiers import actions  # noqa: E402
from services.dossiers.models import Dossier  # noqa: E402
from tests.factories.buildings import ApartmentFactory, BuildingFactory, ResidencyFactory, WardFactory  # noqa: E402
from tests.factories.dossiers import DossierFactory, advance  # noqa: E402
from tests.factories.notices import published  # noqa: E402
from tests.factories.people import UserFactory  # noqa: E402


def prepare() -> None:
    call_command("migrate", interactive=False, verbosity=0)


def submit() -> None:
    """A complete draft is sent; what the resident is told goes to stdout."""
    dossier = DossierFactory(at=timezone.now())
    dossier = actions.submit(dossier, by=dossier.owner, at=timezone.now())
    print(json.dumps({"id": str(dossier.pk), "code": dossier.code}))


def walk() -> None:
    """The desk takes every dossier from the counter to the issued result."""
    for dossier in Dossier.objects.filter(state="submitted"):
        for move in ("accept", "hand_on", "approve", "sign", "number", "issue"):
            dossier = advance(dossier, move, at=timezone.now())


def report() -> None:
    """Every document with the bytes of its file, every promise not kept."""
    documents = [
        {"kind": document.kind, "state": document.state, "sha256": document.sha256, "size": document.size}
        | ({"read": document.file.open().read()[:5].decode()} if document.file else {})
        for document in IssuedDocument.objects.order_by("issued_at")
    ]
    print(
        json.dumps(
            {
                "documents": documents,
                "waiting": Job.objects.exclude(state="done").count(),
                "begun": Job.objects.filter(attempts__gt=0).count(),
                "leased": Job.objects.exclude(leased_until=None).count(),
            }
        )
    )


PAPERS = 50


def flood() -> None:
    """Fifty papers are promised, and then a resident is told something."""
    at, ward, owner = timezone.now(), WardFactory(), UserFactory()
    facts = {"kind": "receipt", "title": "Giấy", "book": "G", "suffix": "G", "template": "example.html", "context": {}}
    for number in range(PAPERS):
        with transaction.atomic():
            issue(Paper(key=str(number), ward=ward, owner=owner, subject=ward, **facts), at=at)
    notify(owner, kind="tests.told", key="told", title="Tin", body="Có tin mới.", url="/", at=at)


READERS = 250


def announce() -> None:
    """A ward with many readers publishes an announcement."""
    at = timezone.now()
    facts = {"name": "Việt Hưng", "code": "00127", "agency_code": "H26.004.127", "address": "Phố Vạn Hạnh"}
    page = open_ward(slug="viet-hung", by=None, at=at, phone="02438271234", email="ward@portal.example", **facts)
    people = Subscriber.objects.bulk_create(
        Subscriber(email=f"an{number}@portal.example", since=at) for number in range(READERS)
    )
    Subscription.objects.bulk_create(Subscription(subscriber=person, ward=page.ward, since=at) for person in people)
    AnnouncementIndexPage.objects.child_of(page).get().add_child(
        instance=AnnouncementPage(title="Tiêm chủng", kind="tiem-chung-phong-dich", summary="Thứ Bảy.", live=False)
    )
    AnnouncementPage.objects.get().save_revision().publish()


def mailbox() -> None:
    """How often each reader was written to."""
    found = Counter(MailboxMessage.objects.values_list("to", flat=True))
    waiting = Job.objects.exclude(state="done").filter(kind__startswith="subscriptions.").count()
    print(json.dumps({"readers": len(found), "mails": found.total(), "waiting": waiting}))


NEIGHBOURS, WITH_MAIL = 5_000, 40  # twenty batches of telling


def put_up() -> None:
    """A large house is told that its water will be off; some of its people read their mail."""
    at = timezone.now()
    building = BuildingFactory()
    flats = Apartment.objects.bulk_create(
        Apartment(building=building, floor=1 + number // 100, number=f"{number:04d}") for number in range(NEIGHBOURS)
    )
    people = User.objects.bulk_create(
        User(full_name=f"Cư dân {number}", email=f"an{number}@portal.example" if number < WITH_MAIL else None)
        for number in range(NEIGHBOURS)
    )
    Residency.objects.bulk_create(
        ResidencyFactory.build(user=person, apartment=flat, confirmed_by=people[0])
        for person, flat in zip(people, flats, strict=True)
    )
    published(building, at=at)


def told() -> None:
    """How often each of them was told, and written to."""
    found = Counter(Notification.objects.filter(kind="notices.published").values_list("recipient", flat=True))
    mails = Counter(MailboxMessage.objects.values_list("to", flat=True))
    print(
        json.dumps(
            {
                "people": len(found),
                "times": sorted(set(found.values())),
                "told": Telling.objects.get().told,
                "readers": len(mails),
                "mails": mails.total(),
                "waiting": Job.objects.exclude(state="done").count(),
            }
        )
    )


DOSSIERS = 10  # of each building of the ward that is closed


def wards() -> None:
    """Giang Biên is to be closed: Ven Sông goes to Việt Hưng, the rest to Thượng Thanh, and so does Việt Hưng's Bằng Lăng."""
    at, operator = timezone.now(), UserFactory(is_superuser=True)
    made = {}
    for slug, code in (("viet-hung", "00127"), ("giang-bien", "00121"), ("thuong-thanh", "00115")):
        made[slug] = WardFactory(slug=slug, name=slug.replace("-", " ").title(), code=code, staffed=True)
        open_ward(slug=slug, by=None, at=at)
    goes = {"ven-song": "viet-hung", "lua-vang": "thuong-thanh", "bang-lang": "thuong-thanh"}
    buildings = {}
    for slug, number in (("ven-song", DOSSIERS), ("lua-vang", DOSSIERS), ("bang-lang", 1)):
        ward = made["viet-hung" if slug == "bang-lang" else "giang-bien"]
        flat = ApartmentFactory(building__ward=ward, building__slug=slug, building__name=slug)
        buildings[flat.building.pk] = made[goes[slug]].pk
        owner = ResidencyFactory(apartment=flat).user
        for _number in range(number):
            DossierFactory(ward=ward, owner=owner, at=at, submitted=True)
    plan = planning.draft(
        title="Sắp xếp", decision="1656", effective_on=timezone.localdate(at), wards=made.values(), by=operator, at=at
    )
    planning.assign(
        plan,
        defaults={made["giang-bien"].pk: made["thuong-thanh"].pk},
        buildings=buildings,
        by=operator,
        at=at,
    )
    carrying_out.confirm(plan, by=operator, at=at)
    print(json.dumps({"plan": plan.pk, "facts": facts()}))


def facts() -> list:
    """What a reorganisation leaves as it was."""
    dossiers = Dossier.objects.order_by("pk").values_list("pk", "code", "secret", "state", "due_at", "owner")
    papers = IssuedDocument.objects.order_by("pk").values_list("pk", "ward", "number", "token", "state")
    return [[str(value) for value in row] for row in (*dossiers, *papers)]


def moved() -> None:
    """Where everything stands, and how often each thing that happens once has happened."""
    changes = AuditEvent.objects.filter(action="change_ward").values_list("stream", flat=True)
    told = Notification.objects.filter(key__contains="ward_changed:").values_list("url", flat=True)
    current = Membership.objects.current().values_list("user", "ward__slug", "position")
    where = Counter(Dossier.objects.values_list("owner__residencies__apartment__building__slug", "ward__slug"))
    said = {
        "facts": facts(),
        "where": sorted([*place, number] for place, number in where.items()),
        "buildings": dict(Building.objects.values_list("slug", "ward__slug")),
        "changes": sorted(Counter(changes).values()),
        "told": sorted(Counter(told).values()),
        "positions": max(Counter(current).values()),
        "left": sum(slug == "giang-bien" for _user, slug, _position in current),
        "broken": sum(audit.verify(audit.history_of(dossier)) is not None for dossier in Dossier.objects.all()),
        "events": sorted(
            AuditEvent.objects.filter(action__startswith="reorganisation.").values_list("action", flat=True)
        ),
        "done": Reorganisation.objects.get().done_at is not None,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    acts = (prepare, submit, walk, report, flood, announce, mailbox, put_up, told, wards, moved)
    {act.__name__: act for act in acts}[sys.argv[1]]()
