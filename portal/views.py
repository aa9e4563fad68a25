"""What belongs to no app: where a sign-in leads, the language switch, public pictures."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.i18n import set_language as django_set_language
from django.views.static import serve

from portal.workplaces import workplaces_of

set_language = login_not_required(django_set_language)


def after_login(request: HttpRequest) -> HttpResponse:
    """To the first place of work of whoever has one; residents to the wards' front page."""
    places = workplaces_of(request.user)
    return redirect(places[0].url if places else "/")


@login_not_required
def media(request: HttpRequest, path: str) -> HttpResponse:
    """Pictures of public pages, for an install without a web server in front."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
