"""Wagtail's screen for a new page. It stands before Wagtail's own at the same address (`portal.urls`)."""

from typing import Any

from django.views.decorators.cache import never_cache
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.pages.create import CreateView


class PageCreate(CreateView):
    """Keeps by itself only what was saved once.

    Wagtail would make the page a moment after the first words, and make it twice for who presses a button in that
    moment: one draft that nobody wants, and an error for the address that the other has taken.
    """

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        context.pop("autosave_indicator", None)
        return context | {"autosave_enabled": False}


add_page = never_cache(require_admin_access(PageCreate.as_view()))
