"""What belongs to no app: where a sign-in leads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from portal.core.addresses import in_language
from portal.workplaces import workplaces_of


def after_login(request: HttpRequest) -> HttpResponse:
    """To the first place of work of whoever has one; residents to the wards' front page. In their language."""
    language = request.user.preferred_language
    places = workplaces_of(request.user)
    return redirect(places[0].url_in(language) if places else in_language("/", language))
