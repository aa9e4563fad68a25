"""Who may enter the editors' admin, and what is theirs there.

Two hands publish: editors write and send for approval; the ward's culture officer or a leader lets it
out, asks for changes, or publishes at once what is urgent. Wagtail asks its groups what a person may do;
they are kept after the positions held (`settle`).
"""

from functools import reduce
from operator import or_

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.functional import cached_property
from wagtail.models import Collection, GroupApprovalTask, Page, TaskState, Workflow, WorkflowState

from buildings.models import Membership, Ward, memberships_of
from buildings.roles import APPROVER_POSITIONS, Position
from portal.core.models import User

from ..models import AnnouncementPage, Picture, PublicFile, WardPage

CATALOGUE_AUTHORS = "Soạn danh mục thủ tục"


class Scope:
    """What one person may reach in the editors' admin: their wards' content, the catalogue, or nothing.

    Follows from the positions held today, not from groups: an ended membership shuts the door at once.
    """

    def __init__(self, user):
        held = memberships_of(user) if user.is_active else {}
        self.edited_ward_ids = _held(held, Position.WARD_EDITOR)
        self.approved_ward_ids = _held(held, *APPROVER_POSITIONS)
        self.writes_catalogue = any(Position.CATALOGUE_AUTHOR in positions for positions in held.values())

    def __bool__(self) -> bool:
        return bool(self.edited_ward_ids or self.approved_ward_ids) or self.writes_catalogue

    @property
    def keeps_publicity(self) -> bool:
        return bool(self.edited_ward_ids or self.approved_ward_ids)

    @cached_property
    def ward_pages(self) -> list[WardPage]:
        # The leader of a ward that was closed finishes its dossiers; its pages change no more.
        theirs = Q(ward__in=self.edited_ward_ids) | Q(ward__in=self.approved_ward_ids, ward__closed_at=None)
        return list(WardPage.objects.filter(theirs).select_related("ward", "collection").order_by("title"))

    @cached_property
    def ward_ids(self) -> frozenset[int]:
        """The wards whose pages they write or approve."""
        return frozenset(page.ward_id for page in self.ward_pages)

    def approves(self, ward_id: int) -> bool:
        return ward_id in self.approved_ward_ids and ward_id in self.ward_ids

    def pages(self) -> QuerySet[Page]:
        return Page.objects.filter(_below(*(Q(path__startswith=page.path) for page in self.ward_pages)))

    def announcements(self) -> QuerySet[AnnouncementPage]:
        return AnnouncementPage.objects.filter(ward__in=self.ward_ids)

    def pictures(self) -> QuerySet[Picture]:
        return Picture.objects.filter(self.in_collections())

    def files(self) -> QuerySet[PublicFile]:
        return PublicFile.objects.filter(self.in_collections())

    def tasks(self) -> QuerySet[GroupApprovalTask]:
        return GroupApprovalTask.objects.filter(groups__in=[page.approvers_id for page in self.ward_pages])

    def task_states(self) -> QuerySet[TaskState]:
        return TaskState.objects.filter(task__in=self.tasks().values("pk"))

    def workflow_states(self) -> QuerySet[WorkflowState]:
        return WorkflowState.objects.filter(
            workflow__in=Workflow.objects.filter(workflow_tasks__task__in=self.tasks().values("pk"))
        )

    def in_collections(self) -> Q:
        # By key, not by path: the search index knows an item's collection, not where that stands.
        trees = _below(*(Q(path__startswith=page.collection.path) for page in self.ward_pages))
        return Q(collection__in=list(Collection.objects.filter(trees).values_list("pk", flat=True)))


def _held(held: dict[int | None, frozenset[str]], *positions: str) -> frozenset[int]:
    return frozenset(ward for ward, theirs in held.items() if ward is not None and not theirs.isdisjoint(positions))


def _below(*places: Q) -> Q:
    return reduce(or_, places) if places else Q(pk__in=())


def scope_of(user) -> Scope:
    """The user's scope, read once a request: kept on the user object."""
    if not hasattr(user, "_editor_scope"):
        user._editor_scope = Scope(user)
    return user._editor_scope


@transaction.atomic
def settle(user: User) -> None:
    """Puts the person into the groups that go with the positions held today, and out of the others. Twice is once.

    Called where a position begins or ends, and where a ward closes. Wagtail's other groups are left as they are.
    """
    held = Membership.objects.current().filter(user=user, user__is_active=True)
    positions = {(ward, position) for ward, position in held.values_list("ward", "position")}
    wanted, ours = set(), set()
    pages = WardPage.objects.values_list("ward", "ward__closed_at", "editors", "approvers")
    for ward, closed_at, editors, approvers in pages:
        ours |= {editors, approvers}
        if (ward, Position.WARD_EDITOR) in positions:
            wanted.add(editors)
        if closed_at is None and any((ward, position) in positions for position in APPROVER_POSITIONS):
            wanted.add(approvers)
    if authors := Group.objects.filter(name=CATALOGUE_AUTHORS).values_list("pk", flat=True).first():
        ours.add(authors)
    if any(position == Position.CATALOGUE_AUTHOR for _ward, position in positions):
        wanted.add(authors or catalogue_authors().pk)
    in_now = set(user.groups.values_list("pk", flat=True))
    user.groups.add(*wanted - in_now - {None})
    user.groups.remove(*(in_now & ours) - wanted)


def approvers_of(ward: Ward) -> QuerySet[User]:
    """Who may approve this ward's pages today: by position, whether they ever came to the editors' admin or not."""
    return _holders(ward, *APPROVER_POSITIONS)


def people_of(ward: Ward) -> QuerySet[User]:
    """Who writes or approves this ward's pages today."""
    return _holders(ward, Position.WARD_EDITOR, *APPROVER_POSITIONS)


def _holders(ward: Ward, *positions: str) -> QuerySet[User]:
    held = Membership.objects.current().filter(ward=ward, position__in=positions)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def catalogue_authors() -> Group:
    """The group of those who write procedures, made when it is not there yet."""
    group, _created = Group.objects.get_or_create(name=CATALOGUE_AUTHORS)
    group.permissions.set(
        [
            admin_access(),
            *Permission.objects.filter(content_type__app_label="catalogue", content_type__model="procedure"),
        ]
    )
    return group


def admin_access() -> Permission:
    return Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin")


def holds(queryset: QuerySet[Model], key: object) -> bool:
    """Whether the queryset has the object a request names. What is no key names nothing."""
    return str(key).isdecimal() and queryset.filter(pk=key).exists()
