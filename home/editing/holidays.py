"""The days that hold for every ward, in the editors' admin: holidays, and Saturdays worked for them.

Entered by those who write the catalogue, or the operator, from the document that decrees them. A day is
never deleted here: the next run of the seed would bring it back. A holiday that is none becomes a
working day. Wards enter their own days at their desk.
"""

from datetime import date

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets import AdminDateInput
from wagtail.permission_policies import ModelPermissionPolicy

from portal.core.calendar_days import DayRefused, hours_of, set_day
from portal.core.models import CalendarDay
from services.catalogue.models import Procedure
from services.dossiers import watch

ADDRESSES = ("index", "index_results", "add", "edit")


def nationwide() -> QuerySet[CalendarDay]:
    return CalendarDay.objects.filter(ward_code="")


class HolidayForm(WagtailAdminModelForm):
    """A day, how every ward works on it, why, and by which document."""

    class Meta:
        model = CalendarDay
        fields = ("date", "kind", "hours", "note", "source")
        widgets = {"date": AdminDateInput(), "kind": forms.RadioSelect}
        labels = {
            "date": gettext_lazy("Ngày"),
            "kind": gettext_lazy("Các phường làm việc thế nào"),
            "hours": gettext_lazy("Giờ riêng"),
            "note": gettext_lazy("Lý do"),
            "source": gettext_lazy("Văn bản căn cứ"),
        }
        help_texts = {
            "hours": gettext_lazy("Chỉ điền khi làm việc theo giờ riêng. Ví dụ: 08:00-12:00, 13:00-16:00."),
            "source": gettext_lazy("Số, ngày và cơ quan ban hành."),
        }

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["source"].required = True
        self.fields["kind"].choices = [(kind.value, capfirst(kind.label)) for kind in CalendarDay.Kind]
        self.fields["date"].disabled = self.instance.pk is not None  # another day is another row

    def clean_date(self) -> date:
        day = self.cleaned_data["date"]
        if self.instance.pk is None and nationwide().filter(date=day).exists():
            raise forms.ValidationError(_("Ngày này đã có trong lịch. Hãy sửa dòng đã có."))
        return day

    def clean(self) -> dict:
        given = super().clean()
        if "kind" in given:
            try:
                given["hours"] = hours_of(given["kind"], given.get("hours", ""))
            except DayRefused as refused:
                self.add_error(refused.field, refused)
        return given


class ByTheWriter:
    """Saved by the one writer of such days; what has not started is planned anew in every ward."""

    success_message = gettext_lazy("Đã ghi vào lịch: %(object)s.")
    error_message = gettext_lazy("Chưa ghi được. Hãy xem những mục báo lỗi bên dưới.")

    def save_instance(self) -> CalendarDay:
        at, given = timezone.now(), self.form.cleaned_data
        facts = {name: given[name] for name in ("kind", "hours", "note", "source")}
        with transaction.atomic():
            row = set_day(given["date"], office=None, by=self.request.user, at=at, **facts)
            watch.calendar_changed(None, at=at)
        return row


class HolidayIndex(generic.IndexView):
    def get_base_queryset(self) -> QuerySet[CalendarDay]:
        return nationwide()


class HolidayCreate(ByTheWriter, generic.CreateView):
    page_title = gettext_lazy("Thêm")


class HolidayEdit(ByTheWriter, generic.EditView):
    def get_object(self, queryset=None) -> CalendarDay:
        return get_object_or_404(nationwide(), pk=self.kwargs["pk"])


class HolidayViewSet(ModelViewSet):
    model = CalendarDay
    name = "holidays"
    url_prefix = "ngay-nghi-le"
    icon = "date"
    menu_label = gettext_lazy("Ngày nghỉ lễ")
    menu_order = 260
    add_to_admin_menu = True
    add_to_reference_index = False
    copy_view_enabled = False
    index_view_class, add_view_class, edit_view_class = HolidayIndex, HolidayCreate, HolidayEdit
    list_display = (
        TitleColumn(
            "date",
            label=gettext_lazy("Ngày"),
            accessor=lambda row: f"{row.date:%d/%m/%Y}",
            sort_key="date",
            url_name="holidays:edit",
        ),
        Column("get_kind_display", label=gettext_lazy("Làm việc")),
        Column("note", label=gettext_lazy("Lý do")),
        Column("source", label=gettext_lazy("Văn bản căn cứ")),
    )
    ordering = "-date"

    @property
    def permission_policy(self) -> ModelPermissionPolicy:
        """Whoever may write procedures enters holidays too: both hold for every ward."""
        return ModelPermissionPolicy(Procedure)

    def get_common_view_kwargs(self, **kwargs) -> dict:
        none = dict.fromkeys(("history_url_name", "usage_url_name", "delete_url_name"), "")
        return super().get_common_view_kwargs(**{**none, **kwargs})

    def get_urlpatterns(self) -> list:
        # Nothing else has an address: deleting, and Wagtail's own history beside the portal's record.
        return [pattern for pattern in super().get_urlpatterns() if pattern.name in ADDRESSES]

    def get_form_class(self, for_update: bool = False) -> type[HolidayForm]:
        return HolidayForm
