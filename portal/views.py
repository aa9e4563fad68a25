"""What belongs to no app: where a sign-in leads, the language switch, public pictures."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST
from django.views.i18n import set_language as django_set_language
from django.views.static import serve

from portal.core.models import User
from portal.workplaces import workplaces_of


@login_not_required
@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the pages, and of the e-mails a signed-in person gets."""
    language = request.POST.get("language", "")
    if request.user.is_authenticated and check_for_language(language) and language in dict(settings.LANGUAGES):
        User.objects.filter(pk=request.user.pk).update(preferred_language=language)
    return django_set_language(request)


def after_login(request: HttpRequest) -> HttpResponse:
    """To the first place of work of whoever has one; residents to the wards' front page."""
    places = workplaces_of(request.user)
    return redirect(places[0].url if places else "/")


@login_not_required
def media(request: HttpRequest, path: str) -> HttpResponse:
    """Pictures of public pages, for an install without a web server in front."""
    return serve(request, path, document_root=settings.MEDIA_ROOT)
