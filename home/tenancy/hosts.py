"""A ward's own host name: a Wagtail Site whose root is the ward's page.

`/` shows the ward's home there; every other address is the same as on the portal's host, and no other
ward's content is to be had. Which hosts are answered at all says ALLOWED_HOSTS; messages and papers name
PUBLIC_URL.
"""

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.http.request import split_domain_port, validate_host
from django.utils.translation import gettext as _
from wagtail.models import Site

from buildings.models import Ward
from portal.core import audit
from portal.core.addresses import plain
from portal.core.models import User

from ..models import PublicFile, WardPage

# Whether the portal lives is asked under any name, and answered when the database is away.
EVERYWHERE = ("icon", "livez", "readyz")
NAME = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(\.(?!-)[a-z0-9-]{1,63}(?<!-))+")


@transaction.atomic
def give_host(ward: Ward, hostname: str, *, by: User | None, at: datetime) -> bool:
    """Let the ward be reached under this name; "" takes its own name back. False when nothing changes.

    Raises ValidationError for what is no host name, is another's, or is not answered (ALLOWED_HOSTS).
    """
    hostname = hostname.strip().lower()
    page = WardPage.objects.select_related("collection").get(ward=ward)
    site = Site.objects.filter(root_page=page).first()
    if hostname == (site.hostname if site else ""):
        return False
    if not hostname:
        site.delete()
    else:
        _check(hostname, page)
        parts = urlsplit(settings.PUBLIC_URL)
        site = site or Site(root_page=page)
        site.hostname, site.site_name = hostname, str(ward)
        site.port = parts.port or (443 if parts.scheme == "https" else 80)
        site.full_clean()
        site.save()
    audit.record(ward, "ward.host", by=by, at=at, ward_id=ward.pk, host=hostname)
    return True


def _check(hostname: str, page: WardPage) -> None:
    if not NAME.fullmatch(hostname):
        raise ValidationError({"host": _("Tên miền viết không có http:// và không có dấu gạch chéo: viethung.example")})
    if hostname == urlsplit(settings.PUBLIC_URL).hostname or (
        Site.objects.filter(hostname=hostname).exclude(root_page=page).exists()
    ):
        raise ValidationError({"host": _("Tên miền này đã được dùng.")})
    if not validate_host(hostname, settings.ALLOWED_HOSTS):
        raise ValidationError(
            {"host": _("Máy chủ chưa trả lời tên miền này: thêm vào biến ALLOWED_HOSTS rồi khởi động lại.")}
        )


def host_of(ward: Ward) -> str:
    """The ward's own host name; "" when it has none."""
    return Site.objects.filter(root_page__wardpage__ward=ward).values_list("hostname", flat=True).first() or ""


def ward_page_of_host(request: HttpRequest) -> WardPage | None:
    """The ward whose own host was asked. One look into Wagtail's cache unless it is some ward's."""
    if not hasattr(request, "_ward_page_of_host"):
        request._ward_page_of_host = None
        host = split_domain_port(request.get_host())[0]
        paths = Site.get_site_root_paths()
        own = next((path for path in paths if urlsplit(path.root_url).hostname == host), None)
        # The portal's own site stands above the wards': nothing to look up there.
        if own and own.root_path != min(path.root_path for path in paths):
            site = Site.objects.filter(pk=own.site_id, is_default_site=False).select_related("root_page").first()
            if site:
                request._ward_page_of_host = (
                    WardPage.objects.filter(pk=site.root_page_id).select_related("ward", "collection").first()
                )
    return request._ward_page_of_host


def ward_of_host(request: HttpRequest) -> Ward | None:
    page = ward_page_of_host(request)
    return page.ward if page else None


def one_ward_a_host(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """Under a ward's own host there is that ward and what belongs to no ward; every other ward is 404."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponseBase | None:
        if request.resolver_match.view_name in EVERYWHERE:
            return None
        page = ward_page_of_host(request)
        if page is None:
            return None
        request.portal_url = settings.PUBLIC_URL  # where the other wards are
        if kwargs.get("ward", page.slug) != page.slug:
            raise Http404
        match request.resolver_match.view_name:
            case "wagtail_serve":
                first = plain(request.path_info).strip("/").partition("/")[0]
                if first == page.slug:
                    request._wagtail_site = Site.objects.select_related("root_page").get(is_default_site=True)
                elif first:
                    raise Http404
            case "wagtaildocs_serve" if not _is_its_file(page, args, kwargs):
                raise Http404
        return None

    middleware.process_view = process_view
    return middleware


def _is_its_file(page: WardPage, args: tuple, kwargs: dict) -> bool:
    inside = {"collection__path__startswith": page.collection.path}
    return PublicFile.objects.filter(pk=kwargs.get("document_id", args[0] if args else None), **inside).exists()


def hosts() -> dict[int, str]:
    """ward → its own host name, of those that have one."""
    named = Site.objects.filter(is_default_site=False, root_page__wardpage__isnull=False)
    return dict(named.values_list("root_page__wardpage__ward", "hostname"))
