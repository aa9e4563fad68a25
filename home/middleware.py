from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponseBadRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.datastructures import MultiValueDictKeyError
from wagtail.models import Site

from portal.core import page_cache

from .editing import wall
from .editing.editors import scope_of
from .models import RootPage

# Wagtail's account page asks for names our people do not have, and its sign-out drops the cookie even
# on a GET that it refuses: the portal's own take their place.
ELSEWHERE = {"wagtailadmin_account": "core:profile", "wagtailadmin_logout": "account_logout"}

# A field without which Wagtail's dialog fails by an error of its own kind, instead of refusing.
ASKED_OF_POSTS = {"wagtailadmin_choose_page_external_link": "external-link-chooser-url"}


def kept_site(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """Wagtail looks up the site of the host and its first page for every page: here they are kept pieces."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> None:
        if request.resolver_match.url_name == "wagtail_serve" and not hasattr(request, "_wagtail_site"):
            # Where Site.find_for_request keeps what it found.
            request._wagtail_site = page_cache.piece(request, page_cache.FRONT, "site", lambda: _site_of(request))

    middleware.process_view = process_view
    return middleware


def _site_of(request: HttpRequest) -> Site | None:
    site = Site.find_for_request(request)
    if site:
        root = site.root_page
        # The front page's own words are read where it is shown itself: the wards' pages only start from it.
        site.root_page = root.specific_deferred if root.specific_class is RootPage else root.specific
    return site


def editors_admin_allow_list(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """Shows of Wagtail's admin what `wall` lets through; the rest does not exist.

    Operators (superusers) see all of it. Who is not signed in was led to sign in before.
    """
    admin = reverse("wagtailadmin_home")

    def middleware(request: HttpRequest) -> HttpResponseBase:
        return get_response(request)

    def process_view(request: HttpRequest, view: Callable, args: tuple, kwargs: dict) -> HttpResponseBase | None:
        if not request.path_info.startswith(admin) or request.user.is_anonymous:
            return None
        translation.activate(request.user.preferred_language)  # the admin's addresses name no language
        if not request.user.is_superuser and not scope_of(request.user):
            raise Http404
        if elsewhere := ELSEWHERE.get(request.resolver_match.view_name):
            return redirect(elsewhere)
        if not request.user.is_superuser and not wall.lets_through(scope_of(request.user), request.resolver_match):
            raise Http404
        asked = ASKED_OF_POSTS.get(request.resolver_match.view_name)
        if asked and request.method == "POST" and asked not in request.POST:
            return HttpResponseBadRequest()
        return None

    def process_exception(request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Where a posted field is missing, Wagtail fails instead of refusing."""
        if request.path_info.startswith(admin) and isinstance(exception, MultiValueDictKeyError):
            return HttpResponseBadRequest()
        return None

    middleware.process_view = process_view
    middleware.process_exception = process_exception
    return middleware
