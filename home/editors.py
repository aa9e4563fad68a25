"""Who may enter the editors' admin, and what is theirs there."""

from functools import reduce
from operator import or_

from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django.db.models import Model, Q, QuerySet
from django.utils.functional import cached_property
from wagtail.models import Collection, Page

from buildings.models import Membership, memberships_of
from buildings.roles import Position

from .models import AnnouncementPage, Picture, PublicFile, WardPage

CATALOGUE_AUTHORS = "Soạn danh mục thủ tục"


class Scope:
    """What one person may reach in the editors' admin: their wards' content, the catalogue, or nothing.

    Follows from the positions held today, not from groups: an ended membership shuts the door at once.
    """

    def __init__(self, user):
        held = memberships_of(user) if user.is_active else {}
        self.ward_ids = frozenset(ward for ward, positions in held.items() if Position.WARD_EDITOR in positions)
        # Leaders answer for what their ward publishes: they see its register, not the pages' drafts.
        self.led_ward_ids = frozenset(ward for ward, positions in held.items() if Position.LEADER in positions)
        self.writes_catalogue = any(Position.CATALOGUE_AUTHOR in positions for positions in held.values())

    def __bool__(self) -> bool:
        return bool(self.ward_ids or self.led_ward_ids) or self.writes_catalogue

    @cached_property
    def ward_pages(self) -> list[WardPage]:
        return list(WardPage.objects.filter(ward__in=self.ward_ids).select_related("collection").order_by("title"))

    def pages(self) -> QuerySet[Page]:
        return Page.objects.filter(_below(*(Q(path__startswith=page.path) for page in self.ward_pages)))

    def announcements(self) -> QuerySet[AnnouncementPage]:
        return AnnouncementPage.objects.filter(ward__in=self.ward_ids)

    def pictures(self) -> QuerySet[Picture]:
        return Picture.objects.filter(self.in_collections())

    def files(self) -> QuerySet[PublicFile]:
        return PublicFile.objects.filter(self.in_collections())

    def in_collections(self) -> Q:
        # By key, not by path: the search index knows an item's collection, not where that stands.
        trees = _below(*(Q(path__startswith=page.collection.path) for page in self.ward_pages))
        return Q(collection__in=list(Collection.objects.filter(trees).values_list("pk", flat=True)))


def _below(*places: Q) -> Q:
    return reduce(or_, places) if places else Q(pk__in=())


def scope_of(user) -> Scope:
    """The user's scope, read once a request: kept on the user object."""
    if not hasattr(user, "_editor_scope"):
        user._editor_scope = Scope(user)
    return user._editor_scope


@transaction.atomic
def grant_editor(membership: Membership) -> None:
    """Gives a ward editor or a catalogue author what Wagtail asks for. Twice is the same as once.

    Raises WardPage.DoesNotExist for an editor of a ward that was not opened, ValueError for
    a position that has no place in the editors' admin.
    """
    membership.user.groups.add(_group_of(membership))


@transaction.atomic
def revoke_editor(membership: Membership) -> None:
    """Takes it back when a membership ends."""
    membership.user.groups.remove(_group_of(membership))


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


def _group_of(membership: Membership) -> Group:
    if membership.position == Position.WARD_EDITOR:
        return WardPage.objects.select_related("editors").get(ward=membership.ward).editors
    if membership.position == Position.CATALOGUE_AUTHOR:
        return catalogue_authors()
    raise ValueError(f"No place in the editors' admin for {membership.position}")


def holds(queryset: QuerySet[Model], key: object) -> bool:
    """Whether the queryset has the object a request names. What is no key names nothing."""
    return str(key).isdecimal() and queryset.filter(pk=key).exists()
