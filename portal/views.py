"""What belongs to no app: where a sign-in leads, and public pictures."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.static import serve

from portal.core.addresses import in_language
from portal.workplaces import workplaces_of


def after_login(request: HttpRequest) -> HttpResponse:
    """To the first place of work of whoever has one; residents to the wards' front page. In their language."""
    language = request.user.preferred_language
    places = workplaces_of(request.user)
    return redirect(places[0].url_in(language) if places else in_language("/", language))


@login_not_required
def media(request: HttpRequest, path: str) -> HttpResponse:
    """Pictures of public pages, for an install without a web server in front."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
