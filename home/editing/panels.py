"""How the editors' admin lays out the pages' fields: the Vietnamese first, English on a tab of its own."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    FieldRowPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    Panel,
    TabbedInterface,
    TitleFieldPanel,
)
from wagtail.models import Page

from ..kinds import DOWNTIME_NOTICE

TITLE = TitleFieldPanel("title")
# Of pages that stay at their address: there is none for the script to propose.
TITLE_ALONE = FieldPanel("title", classname="title")
ENGLISH_HELP = HelpPanel(
    content=_("Không bắt buộc. Đã viết tiếng Anh thì viết đủ các ô; người đọc chọn English sẽ đọc phần này.")
)
TITLE_ENGLISH = FieldPanel("title_en", heading=_("Tiêu đề tiếng Anh"))


class PublicityPanel(Panel):
    """What the law asks of this announcement and how it stands to it: due, late, kept up until."""

    class BoundPanel(Panel.BoundPanel):
        template_name = "home/publicity/panel.html"

        def get_context_data(self, parent_context=None) -> dict:
            from ..publicity import advice  # noqa: PLC0415 - it knows the pages, whose panels these are

            return {**super().get_context_data(parent_context), **advice.of(self.instance, at=timezone.now())}


ANNOUNCEMENT: list[Panel] = [
    TITLE,
    FieldPanel("kind"),
    FieldPanel("summary"),
    MultiFieldPanel([FieldPanel("picture"), FieldPanel("picture_alt")], heading=_("Ảnh đầu trang")),
    FieldPanel("body"),
    MultiFieldPanel(
        [
            FieldPanel("audience"),
            InlinePanel("audience_parts", label=_("Nơi được thông báo")),
        ],
        heading=_("Dành cho ai"),
        help_text=_("Cho người đọc biết thông báo liên quan đến nơi nào. Mọi người vẫn đọc được."),
    ),
    MultiFieldPanel(
        [
            PublicityPanel(),
            FieldRowPanel([FieldPanel("decision_date"), FieldPanel("decision_number")]),
            FieldPanel("legal_item"),
        ],
        heading=_("Công khai theo luật"),
    ),
    MultiFieldPanel(
        [FieldRowPanel([FieldPanel("urgent_from"), FieldPanel("urgent_until")])],
        heading=_("Khẩn"),
        help_text=_(
            "Trong thời gian này thông báo đứng đầu mọi trang của phường; khi bắt đầu khẩn, mọi người theo dõi phường "
            "được báo ngay."
        ),
    ),
    MultiFieldPanel(
        [
            FieldRowPanel([FieldPanel("event_starts_at"), FieldPanel("event_ends_at")]),
            FieldPanel("event_place"),
            FieldPanel("event_link"),
            FieldRowPanel([FieldPanel("event_repeats"), FieldPanel("event_repeats_until")]),
        ],
        heading=_("Sự kiện"),
        help_text=_("Có giờ và nơi diễn ra: người đọc thêm được vào lịch của mình."),
        classname="collapsed",
    ),
    MultiFieldPanel(
        [
            FieldRowPanel(
                [FieldPanel("downtime_from"), FieldPanel("downtime_until"), FieldPanel("downtime_recovery_at")]
            ),
            FieldPanel("downtime_services"),
            FieldPanel("downtime_unforeseen"),
        ],
        heading=_("Tạm ngừng dịch vụ"),
        help_text=_("Báo trước ít nhất %(days)d ngày làm việc, trừ sự cố không lường trước.")
        % {"days": DOWNTIME_NOTICE},
        classname="collapsed",
    ),
    FieldPanel("tell_again"),
]
ANNOUNCEMENT_ENGLISH: list[Panel] = [
    ENGLISH_HELP,
    TITLE_ENGLISH,
    FieldPanel("summary_en", heading=_("Tóm tắt tiếng Anh")),
    FieldPanel("picture_alt_en", heading=_("Mô tả ảnh tiếng Anh")),
    FieldPanel("body_en", heading=_("Nội dung tiếng Anh")),
]
INTRODUCTION_ENGLISH: list[Panel] = [
    ENGLISH_HELP,
    TITLE_ENGLISH,
    FieldPanel("intro_en", heading=_("Giới thiệu tiếng Anh")),
]


def with_english(content: list[Panel], english: list[Panel], *more: Panel) -> TabbedInterface:
    """The editor of a page: content, its English, what else the page has, and when it goes up and comes down."""
    schedule = ObjectList(Page.settings_panels, heading=_("Lịch đăng"))
    return TabbedInterface(
        [ObjectList(content, heading=_("Nội dung")), ObjectList(english, heading=_("Tiếng Anh")), *more, schedule]
    )
