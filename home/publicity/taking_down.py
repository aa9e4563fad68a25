"""Wagtail's question before a page comes down, which asks nobody what would be refused."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.unpublish import Unpublish


class TakeDown(Unpublish):
    """It stands before Wagtail's own at the same address (`portal.urls`), which looks at the law after the answer."""

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        refusal = self.run_hook("before_unpublish_page", request, self.object)
        return refusal or super().get(request, *args, **kwargs)


take_down = never_cache(require_admin_access(TakeDown.as_view()))
