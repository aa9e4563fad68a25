"""What does not fit together in a page, told beside the field it concerns.

`faults` holds whenever a page is saved live, by whatever way; the editors' form asks the same and shows
the words. What is merely missing is no fault of an unfinished draft. What depends on today's date is
asked by the form alone (`home.editing.forms`), so that a page once in order stays in order.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from services.catalogue.models import Procedure

from .kinds import Kind, Rule

if TYPE_CHECKING:
    from .models import AnnouncementPage, AudiencePart, PortalPage

RESERVED_SLUGS = {"rss", "atom", "lich", "luu-tru"}


def faults(page: "AnnouncementPage") -> dict[str, str]:
    """field → what is wrong with it."""
    found = [*_wrong(page)]
    if page.in_form:
        # Only there: a service that is abolished between writing and publishing loses its button, no more.
        found += _unoffered(page)
    if not page.unfinished:
        found += _missing(page)
        # The form checks what it is given; its page does not hold the parts yet.
        if not page.in_form:
            found += audience_faults(page.audience, page.audience_parts.all(), page.ward_id)
    return dict(reversed(found))  # of two faults of a field the first is told


def _wrong(page: "AnnouncementPage") -> Iterator[tuple[str, str]]:
    if page.slug in RESERVED_SLUGS:
        yield "slug", _("Địa chỉ này đã dành cho kênh theo dõi. Hãy chọn tên khác.")
    if page.urgent_from and page.urgent_until and page.urgent_until <= page.urgent_from:
        yield "urgent_until", _("Lúc hết khẩn phải sau lúc bắt đầu.")
    if page.event_starts_at and page.event_ends_at and page.event_ends_at < page.event_starts_at:
        yield "event_ends_at", _("Giờ kết thúc không được trước giờ bắt đầu.")
    if page.event_starts_at and page.event_repeats_until and page.event_repeats_until < page.event_starts_at.date():
        yield "event_repeats_until", _("Ngày lặp lại cuối cùng không được trước ngày bắt đầu.")
    if page.downtime_from and page.downtime_until and page.downtime_until <= page.downtime_from:
        yield "downtime_until", _("Lúc hết ngừng phải sau lúc bắt đầu ngừng.")
    if page.downtime_until and page.downtime_recovery_at and page.downtime_recovery_at < page.downtime_until:
        yield "downtime_recovery_at", _("Lúc hoạt động lại bình thường không được trước lúc hết ngừng.")
    if page.kind in Kind.values:
        yield from _not_of_the_kind(page, Kind(page.kind).rule)


def _not_of_the_kind(page: "AnnouncementPage", rule: Rule) -> Iterator[tuple[str, str]]:
    if page.urgent_until and not rule.may_be_urgent:
        yield "urgent_until", _("Loại thông báo này không đăng khẩn được. Hãy để trống hoặc chọn loại khác.")
    if page.event_starts_at and not rule.event:
        yield "event_starts_at", _("Loại thông báo này không phải sự kiện. Hãy để trống hoặc chọn loại khác.")
    if page.downtime_from and not rule.downtime:
        yield "downtime_from", _("Chỉ ghi cho loại “Tạm ngừng dịch vụ trực tuyến”.")


def _missing(page: "AnnouncementPage") -> Iterator[tuple[str, str]]:
    if page.picture and not page.picture_alt.strip():
        yield "picture_alt", _("Hãy viết mô tả cho ảnh đầu trang.")
    if page.urgent_from and not page.urgent_until:
        yield "urgent_until", _("Hãy ghi thông báo khẩn đến khi nào.")
    if (page.event_ends_at or page.event_repeats) and not page.event_starts_at:
        yield "event_starts_at", _("Hãy ghi sự kiện bắt đầu khi nào.")
    if page.event_starts_at and not (page.event_place.strip() or page.event_link):
        yield "event_place", _("Hãy ghi nơi diễn ra hoặc đường liên kết tham gia.")
    if page.kind not in Kind.values:
        return
    kind = Kind(page.kind)
    if kind.obliged and not page.decision_date:
        yield "decision_date", _("Loại thông báo này phải công khai theo luật: hãy ghi ngày quyết định.")
    if kind.rule.downtime and not page.downtime_from:
        yield "downtime_from", _("Hãy ghi dịch vụ ngừng từ khi nào.")
    if kind.rule.downtime and not page.downtime_until:
        yield "downtime_until", _("Hãy ghi dịch vụ ngừng đến khi nào.")


def english_gaps(page: "PortalPage") -> Iterator[tuple[str, str]]:
    """English is written whole or not at all: half a page in each language helps nobody."""
    written = [name for name in page.english_of if getattr(page, f"{name}_en")]
    if written:
        for name in page.english_of:
            if getattr(page, name) and name not in written:
                yield f"{name}_en", _("Đã viết tiếng Anh thì hãy viết cả mục này.")


def audience_faults(audience: str, parts: Iterable["AudiencePart"], ward_id: int) -> list[tuple[str, str]]:
    """What is wrong with whom an announcement is for. Also asked by the form, with the parts it was given."""
    from .models import Audience  # noqa: PLC0415 - the models ask this module

    parts = list(parts)
    if audience == Audience.WARD:
        return [("audience", _("Đã ghi tòa nhà: hãy chọn “Một số tòa nhà, khối, tầng”."))] if parts else []
    if not parts:
        return [("audience", _("Hãy ghi ít nhất một tòa nhà, hoặc chọn “Toàn phường”."))]
    if any(part.building.ward_id != ward_id for part in parts):
        return [("audience", _("Có tòa nhà không thuộc phường này. Hãy chọn lại."))]
    return []


def _unoffered(page: "AnnouncementPage") -> Iterator[tuple[str, str]]:
    """Buttons lead only to services the ward offers, and only they can be interrupted."""
    named = {field: procedures_in(getattr(page, field)) for field in ("body", "body_en")}
    # A page that is not in the tree yet has no keys of others; its form offers what is the ward's alone.
    interrupted = {procedure.slug for procedure in page.downtime_services.all()} if page.ward_id else set()
    if page.ward_id and (interrupted or any(named.values())):
        offered = set(Procedure.objects.offered_in(page.ward).values_list("slug", flat=True))
        for field, slugs in (*named.items(), ("downtime_services", interrupted)):
            if slugs - offered:
                yield field, _("Có thủ tục mà phường không cung cấp hoặc đã bị bãi bỏ. Hãy chọn lại.")


def procedures_in(body) -> set[str]:
    """The slugs of the services a body has buttons to."""
    return {block.value.get("procedure") for block in body if block.block_type == "procedure" and block.value} - {
        None,
        "",
    }
