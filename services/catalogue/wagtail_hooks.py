"""The authors' screen for procedures in the editors' admin."""

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel, MultiFieldPanel, ObjectList, TabbedInterface
from wagtail.admin.ui.tables import LiveStatusTagColumn
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import DeleteView, SnippetViewSet

from . import checks
from .models import Procedure


class ProcedureForm(WagtailAdminModelForm):
    """A draft may be saved half written; what is published must be complete, told input by input."""

    def _post_clean(self) -> None:
        super()._post_clean()
        if self.is_deferred_validation or self.errors:
            return
        if found := checks.mistakes(self.instance.definition()):
            self.add_error(None, checks.as_validation_error(found))


class ProcedureDeleteView(DeleteView):
    """What has been published is kept: dossiers name it. Unpublishing takes it off the portal."""

    def get_object(self, queryset=None) -> Procedure:
        procedure = super().get_object(queryset)
        if procedure.versions.exists():
            raise PermissionDenied
        return procedure


ABOUT = [
    FieldPanel("name"),
    FieldRowPanel([FieldPanel("code"), FieldPanel("slug")]),
    FieldPanel("area"),
    FieldPanel("keywords"),
    FieldPanel("purpose"),
    FieldPanel("eligibility"),
    MultiFieldPanel(
        [
            FieldPanel("level"),
            FieldPanel("presence_reason"),
            FieldRowPanel([FieldPanel("visit_purpose"), FieldPanel("visit_minutes")]),
        ],
        heading=_("Mức độ trực tuyến"),
    ),
    FieldRowPanel([FieldPanel("agency"), FieldPanel("decided_by")]),
    MultiFieldPanel(
        [
            FieldPanel("limit_kind"),
            FieldRowPanel([FieldPanel("limit_amount"), FieldPanel("limit_cutoff")]),
            FieldPanel("limit_note"),
        ],
        heading=_("Thời hạn cam kết"),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("legal_limit_kind"), FieldPanel("legal_limit_amount")]),
            FieldPanel("legal_limit_note"),
            FieldRowPanel([FieldPanel("verification_limit_kind"), FieldPanel("verification_limit_amount")]),
            FieldPanel("verification_limit_note"),
            FieldRowPanel([FieldPanel("decision_number"), FieldPanel("decision_date")]),
            FieldPanel("decision_reason"),
        ],
        heading=_("Thời hạn luật định và quyết định rút ngắn"),
    ),
    FieldRowPanel([FieldPanel("effective_from"), FieldPanel("effective_to")], heading=_("Hiệu lực của phiên bản")),
    FieldPanel("fees"),
    FieldPanel("legal_basis"),
    FieldPanel("wards"),
]
FORM = [
    HelpPanel(
        content=_(
            "<p>Mỗi trang hỏi một việc, càng ít câu càng tốt. Khóa của câu hỏi dùng trong điều kiện và trong "
            "văn bản kết quả; đã công bố thì nên giữ nguyên.</p>"
        )
    ),
    FieldPanel("sections"),
    FieldPanel("papers"),
    FieldPanel("declaration"),
    FieldPanel("confirm_draft"),
]
WORK = [
    FieldPanel("transfer_cutoff"),
    FieldPanel("slip_family"),
    FieldPanel("steps"),
    HelpPanel(
        content=_(
            "<p>Công chức phải ghi những nội dung này trước khi trình ký; chúng điền vào văn bản kết quả "
            "như câu trả lời của người dân. Khóa không trùng với khóa của tờ khai.</p>"
        )
    ),
    FieldPanel("findings"),
]
RESULT = [
    HelpPanel(
        content=_(
            "<p>Viết khóa của câu hỏi, hoặc của nội dung công chức ghi, trong ngoặc nhọn để điền: {ho_ten}, hoặc một phần của nó: "
            "{nguoi_yeu_cau.ngay_sinh}. Hệ thống cho thêm: {ward}, {agency}, {code}, {applicant}, {date}.</p>"
        )
    ),
    FieldPanel("result_title"),
    FieldRowPanel([FieldPanel("result_book"), FieldPanel("result_suffix")]),
    FieldPanel("result_blocks"),
]


class ProcedureViewSet(SnippetViewSet):
    model = Procedure
    icon = "clipboard-list"
    menu_label = _("Thủ tục")
    menu_order = 250
    add_to_admin_menu = True
    list_display = ["name", "code", "level", LiveStatusTagColumn()]
    list_filter = ["area", "level"]
    search_backend_name = None  # the columns below are few; the index holds folded text
    search_fields = ["folded", "name"]
    delete_view_class = ProcedureDeleteView
    edit_handler = TabbedInterface(
        [
            ObjectList(ABOUT, heading=_("Thủ tục")),
            ObjectList(FORM, heading=_("Tờ khai")),
            ObjectList(WORK, heading=_("Các bước")),
            ObjectList(RESULT, heading=_("Kết quả")),
        ],
        base_form_class=ProcedureForm,
    )


register_snippet(ProcedureViewSet)
