"""What a plan comes to, counted before anything is done, and what stands in its way."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from wagtail.models import Revision, WorkflowState

from buildings.agencies import AGENCIES, AgencyKey
from buildings.models import Membership, Reorganisation, Residency, Ward
from buildings.roles import DESK_POSITIONS, Position
from services.appointments.models import Appointment
from services.catalogue.models import Procedure
from services.documents.models import IssuedDocument
from services.dossiers.models import OPEN_STATES, Dossier, DossierState

from ..models import AnnouncementPage, Picture, PublicFile, WardPage
from ..subscriptions.models import Subscription
from .closing import editing_positions
from .planning import Plan, movable_people


@dataclass
class Share:
    """What one ward gives to another (or keeps): counts of each kind of thing."""

    old: Ward
    new: Ward
    counts: Counter = field(default_factory=Counter)

    def __getitem__(self, key: str) -> int:
        return self.counts[key]


@dataclass
class Preview:
    shares: list[Share]
    closing: list[Ward]
    obstacles: list[str]  # it cannot be confirmed before they are gone
    warnings: list[str]  # it can, but somebody should know

    def totals(self) -> dict[str, int]:
        total: Counter = Counter()
        for share in self.shares:
            total += share.counts
        return dict(total)


def preview(plan: Reorganisation, *, at: datetime) -> Preview:
    """What would happen, counted now; the number of queries follows from the wards, not from what they hold."""
    read = Plan(plan)
    shares: dict[tuple[int, int], Share] = {}
    warnings: list[str] = []

    def share(old: Ward, new: Ward) -> Share:
        return shares.setdefault((old.pk, new.pk), Share(old, new))

    for old, new in read.defaults.items():
        _count_pages(share(old, new), old)
        elsewhere = read.people_elsewhere(old)
        for owner, state, count in _dossiers(old):
            target = read.ward(elsewhere[owner]) if owner in elsewhere else new
            if old == new and state not in OPEN_STATES and state != DossierState.DRAFT:
                target = old  # what a ward has finished stays with it while it goes on
            share(old, target).counts[_kind(state)] += count
        for owner, count in _documents(old):
            share(old, read.ward(elsewhere[owner]) if owner in elsewhere and old != new else new).counts[
                "documents"
            ] += count
        for owner, count in _appointments(old, at):
            share(old, read.ward(elsewhere[owner]) if owner in elsewhere else new).counts["appointments"] += count
        warnings += _left_behind(old, new)
    _count_buildings(read, share)
    _count_people(read, share)
    ordered = sorted(shares.values(), key=lambda one: (one.old.name, one.new.name))
    return Preview(ordered, read.closing, obstacles(read, at=at), warnings + _warnings(read))


Expected = Sequence[tuple[str, int]]  # what, and how many


def of_renaming(ward: Ward) -> Expected:
    """What another name and address touch."""
    page = WardPage.objects.filter(ward=ward).first()
    return _counted(
        (
            _("Trang đổi địa chỉ theo; địa chỉ cũ vẫn dẫn đến"),
            page.get_descendants(inclusive=True).count() if page else 0,
        ),
        (_("Hồ sơ giữ nguyên mã"), Dossier.objects.sent().filter(ward=ward).count()),
        (_("Văn bản giữ tên phường lúc phát hành"), IssuedDocument.objects.filter(ward=ward).count()),
        (_("Người theo dõi vẫn nhận thông báo"), Subscription.objects.filter(ward=ward).count()),
    )


def of_closing(ward: Ward, *, at: datetime) -> Expected:
    """What closing a ward that nobody takes over from leaves to do, and what it ends."""
    page = WardPage.objects.filter(ward=ward).first()
    keys = [str(pk) for pk in page.get_descendants(inclusive=True).values_list("pk", flat=True)] if page else []
    of_pages = {"object_id__in": keys, "base_content_type__model": "page"}
    return _counted(
        (_("Hồ sơ cán bộ còn phải giải quyết"), Dossier.objects.open().filter(ward=ward).count()),
        (_("Bản nháp không gửi được nữa"), Dossier.objects.drafts().filter(ward=ward).count()),
        (_("Lịch hẹn sắp tới"), Appointment.objects.filter(ward=ward, starts_at__gt=at).booked().count()),
        (
            _("Văn bản đã ký chưa phát hành"),
            IssuedDocument.objects.filter(ward=ward, state__in=IssuedDocument.IN_HAND).count(),
        ),
        (_("Tòa nhà chưa giao cho phường nào"), ward.buildings.count()),
        (_("Biên tập viên và người duyệt thôi vị trí"), editing_positions(ward).count()),
        (
            _("Bài hẹn giờ không đăng nữa"),
            Revision.page_revisions.filter(approved_go_live_at__isnull=False, **of_pages).count(),
        ),
        (_("Bài chờ duyệt bị dừng"), WorkflowState.objects.active().filter(**of_pages).count()),
        (_("Người theo dõi không còn thông báo mới"), Subscription.objects.filter(ward=ward).count()),
    )


def _counted(*expected: tuple[str, int]) -> Expected:
    return [(what, number) for what, number in expected if number]


def obstacles(read: Plan, *, at: datetime) -> list[str]:
    """Why the plan cannot be carried out, in words."""
    found = []
    if not read.successors:
        found.append(_("Chưa có phường nào nhận gì từ phường khác."))
    for new in read.successors:
        if new.closed_at or not new.is_open:
            found.append(_("%(ward)s đã đóng nên không nhận được.") % {"ward": new})
        if read.defaults.get(new, new) != new:
            found.append(_("%(ward)s vừa nhận vừa bị đóng trong cùng đợt này.") % {"ward": new})
        if not WardPage.objects.filter(ward=new).exists():
            found.append(_("%(ward)s chưa mở: chưa có trang, nhóm và quy trình duyệt.") % {"ward": new})
        found += _headless(read, new)
    for line in read.lines:
        if line.building_id and line.new in read.closing:
            found.append(
                _("%(building)s được giao cho %(ward)s, phường sẽ đóng.")
                % {"building": line.building, "ward": line.new}
            )
    for ward in read.closing:
        if ward.closed_at:
            found.append(_("%(ward)s đã đóng từ trước.") % {"ward": ward.shown})
    if other := Reorganisation.objects.in_hand().exclude(pk=read.reorganisation.pk).first():
        found.append(_("Đợt “%(other)s” đang thực hiện. Hãy đợi đợt đó xong.") % {"other": other})
    return found


def _headless(read: Plan, new: Ward) -> list[str]:
    """Agencies that would have nobody to fall back on for a step (`dossiers.assignment`)."""
    held, labels = _holders_after(read, new), dict(Position.choices)
    working = Dossier.objects.open().filter(ward__in=[old.pk for old in read.defaults])
    return [
        _("%(ward)s sẽ không có %(head)s nào: không ai nhận bước của hồ sơ.")
        % {"ward": new, "head": str(labels[agency.head]).lower()}
        for agency in AGENCIES.values()
        if not held[agency.head]
        and (agency.key == AgencyKey.COMMITTEE or working.filter(version__agency=agency.key).exists())
    ]


def _warnings(read: Plan) -> list[str]:
    found = []
    labels = dict(Position.choices)
    for new in read.successors:
        held = _holders_after(read, new)
        lacking = [
            str(labels[position])
            for position in (Position.CLERK, Position.SPECIALIST, Position.REGISTRY_CLERK)
            if not held[position]
        ]
        if lacking and held[Position.LEADER]:
            found.append(
                _("%(ward)s sẽ thiếu: %(positions)s. Lãnh đạo phải nhận thay những bước đó.")
                % {"ward": new, "positions": ", ".join(lacking)}
            )
    in_hand = IssuedDocument.objects.filter(ward__in=read.closing, state__in=IssuedDocument.IN_HAND).count()
    if in_hand:
        found.append(
            _(
                "%(count)s văn bản đã ký chưa phát hành. Nên phát hành hết trước ngày hiệu lực; nếu không, phường mới phát hành tiếp vào sổ của phường cũ."
            )
            % {"count": in_hand}
        )
    return found


def _holders_after(read: Plan, ward: Ward) -> Counter:
    """How many people the ward will have in each position of the desk."""
    leaving = {transfer.membership_id for transfer in read.transfers}
    own = Membership.objects.current().filter(ward=ward, position__in=DESK_POSITIONS, user__is_active=True)
    held = Counter(own.exclude(pk__in=leaving).values_list("position", flat=True))
    held.update(one.membership.position for one in read.transfers if one.new_id == ward.pk)
    return held


def _kind(state: str) -> str:
    if state == DossierState.DRAFT:
        return "drafts"
    return "open" if state in OPEN_STATES else "finished"


def _dossiers(old: Ward):
    counted = Counter()
    for owner, state in Dossier.objects.filter(ward=old).values_list("owner", "state").iterator():
        counted[owner, state] += 1
    return [(owner, state, count) for (owner, state), count in counted.items()]


def _documents(old: Ward):
    return Counter(IssuedDocument.objects.filter(ward=old).values_list("owner", flat=True).iterator()).items()


def _appointments(old: Ward, at: datetime):
    ahead = Appointment.objects.filter(ward=old, starts_at__gt=at).booked()
    return Counter(ahead.values_list("dossier__owner", flat=True)).items()


def _count_pages(share: Share, old: Ward) -> None:
    page = WardPage.objects.filter(ward=old).select_related("collection").first()
    if page is None:
        return
    inside = {"collection__path__startswith": page.collection.path}
    share.counts["announcements"] += AnnouncementPage.objects.of(old).count()
    share.counts["pages"] += page.get_descendants(inclusive=True).count()
    share.counts["pictures"] += Picture.objects.filter(**inside).count()
    share.counts["files"] += PublicFile.objects.filter(**inside).count()


def _count_buildings(read: Plan, share) -> None:
    planned = {line.building_id: line for line in read.lines if line.building_id}
    residents = Counter(
        Residency.objects.confirmed()
        .filter(apartment__building__in=planned)
        .values_list("apartment__building", flat=True)
    )
    for building_id, line in planned.items():
        counts = share(line.old, line.new).counts
        counts["buildings"] += 1
        counts["residents"] += residents[building_id]


def _count_people(read: Plan, share) -> None:
    going = {one.membership_id: one.new for one in read.transfers}
    for membership in movable_people(read.reorganisation):
        old = membership.ward
        if membership.pk in going:
            share(old, going[membership.pk]).counts["officers"] += 1
        elif read.defaults[old] != old:
            share(old, read.defaults[old]).counts["officers_leaving"] += 1
        else:
            share(old, old).counts["officers"] += 1


def _left_behind(old: Ward, new: Ward) -> list[str]:
    """Drafts for services the successor does not offer."""
    if old == new:
        return []
    offered = Procedure.objects.offered_in(new)
    lost = Dossier.objects.drafts().filter(ward=old).exclude(version__procedure__in=offered)
    names = sorted(set(lost.values_list("version__procedure__name", flat=True)))
    if not names:
        return []
    return [
        _(
            "%(count)s bản nháp ở %(old)s thuộc thủ tục %(new)s chưa có: %(names)s. Bản nháp còn nguyên, người nộp được báo."
        )
        % {"count": lost.count(), "old": old, "new": new, "names": ", ".join(names)}
    ]
