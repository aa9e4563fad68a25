"""How the editors' admin lists pages: with filters that say nothing of other wards.

Wagtail's own offer every owner, editor and site there is.
"""

import django_filters
from django.utils.translation import gettext_lazy as _
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.ui.tables import Column
from wagtail.admin.viewsets.pages import PageViewSet
from wagtail.models import Page

from ..models import AnnouncementPage


class PageFilters(WagtailFilterSet):
    latest_revision_created_at = django_filters.DateFromToRangeFilter(
        label=_("Ngày cập nhật"), widget=DateRangePickerWidget
    )
    live = django_filters.BooleanFilter(label=_("Đang đăng"))

    class Meta:
        model = Page
        fields = ()


class AnnouncementFilters(PageFilters):
    class Meta:
        model = AnnouncementPage
        fields = ("kind",)


# Without the boxes for bulk actions, which are not open to editors.
TITLE, PARENT, UPDATED, TYPE, STATUS = PageViewSet.index_view_class.base_columns[1:]


class PageListing(PageViewSet):
    """The listing of all kinds of pages that have none of their own."""

    model = Page
    filterset_class = PageFilters
    columns = (TITLE, PARENT, UPDATED, TYPE, STATUS)


class AnnouncementListing(PageViewSet):
    model = AnnouncementPage
    filterset_class = AnnouncementFilters
    columns = (TITLE, UPDATED, Column("kind", label=_("Loại"), accessor="kind_label", sort_key="kind"), STATUS)
