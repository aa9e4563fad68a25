"""What the body of an announcement is made of. Each block is inert: plain text, or markup from a short list.

A block's value is data; what it looks like is `templates/home/blocks/<name>.html`. No block fetches
anything from elsewhere or lets a page of elsewhere into ours: a video or a map is a picture and a link.
"""

from urllib.parse import parse_qs, quote_plus, urlencode, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

from services.catalogue.models import Procedure

from .inert import inert

# No headings, embeds or pictures inside a paragraph: those are blocks of their own.
INLINE_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]

# Where a linked video may stand: host → its name for readers.
VIDEO_HOSTS: dict[str, str | Promise] = {
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "vimeo.com": "Vimeo",
    "vtv.vn": "VTV",
    "vtvgo.vn": "VTV Go",
    "hanoionline.vn": _("Đài Hà Nội"),
    "hanoitv.vn": _("Đài Hà Nội"),
    "chinhphu.vn": _("Cổng Chính phủ"),
    "hanoi.gov.vn": _("Cổng thành phố Hà Nội"),
}
PHONE = RegexValidator(r"^\+?[0-9 .()-]{3,20}$", _("Điện thoại chỉ gồm chữ số, dấu cách và dấu +."))


class InertText(blocks.RichTextBlock):
    """Rich text that is harmless from the moment it is written down, whoever wrote it."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **{"features": INLINE_FEATURES, **kwargs})

    def get_prep_value(self, value):
        source = super().get_prep_value(value)
        return inert(source) if source else source


class Picture(ImageBlock):
    """A picture with its description. Wagtail gives the field of the picture no name to translate."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.child_blocks["image"].label = _("Ảnh")


class Contact(blocks.StructBlock):
    """Whom to reach, for what and when. Also part of a ward's home page."""

    office = blocks.CharBlock(label=_("Bộ phận"), max_length=100, help_text=_("Ví dụ: Bộ phận Một cửa"))
    matter = blocks.CharBlock(label=_("Việc gì"), max_length=160, required=False)
    phone = blocks.CharBlock(label=_("Điện thoại"), max_length=20, required=False, validators=[PHONE])
    email = blocks.EmailBlock(label=_("Thư điện tử"), required=False)
    hours = blocks.CharBlock(label=_("Khi nào"), max_length=120, required=False)

    class Meta:
        label = _("Đầu mối liên hệ")
        icon = "user"
        template = "home/blocks/contact.html"


class Contacts(blocks.StreamBlock):
    contact = Contact()


class Step(blocks.StructBlock):
    title = blocks.CharBlock(label=_("Việc cần làm"), max_length=160)
    text = InertText(label=_("Nói rõ thêm"), required=False)

    class Meta:
        label = _("Bước")


class Question(blocks.StructBlock):
    question = blocks.CharBlock(label=_("Câu hỏi"), max_length=200)
    answer = InertText(label=_("Trả lời"))

    class Meta:
        label = _("Hỏi và đáp")


class Notice(blocks.StructBlock):
    """A few words set apart: something to notice, or a warning."""

    tone = blocks.ChoiceBlock(
        label=_("Kiểu"), choices=[("info", _("Lưu ý")), ("warning", _("Cảnh báo"))], default="info"
    )
    text = InertText(label=_("Nội dung"))

    class Meta:
        label = _("Lưu ý, cảnh báo")
        icon = "warning"
        template = "home/blocks/notice.html"


class MapValue(blocks.StructValue):
    @property
    def href(self) -> str:
        """The place on OpenStreetMap, opened there: no tile is fetched by our page."""
        latitude, longitude = self.get("latitude"), self.get("longitude")
        if latitude is None or longitude is None:
            return f"https://www.openstreetmap.org/search?query={quote_plus(self.get('address') or '')}"
        place = urlencode({"mlat": latitude, "mlon": longitude})
        return f"https://www.openstreetmap.org/?{place}#map=18/{latitude}/{longitude}"


class Map(blocks.StructBlock):
    """A picture of a map and an address. Without coordinates the link looks for the address."""

    picture = Picture(label=_("Ảnh bản đồ"))
    address = blocks.CharBlock(label=_("Địa chỉ"), max_length=200)
    latitude = blocks.DecimalBlock(
        label=_("Vĩ độ"), required=False, min_value=8, max_value=24, decimal_places=6, max_digits=9
    )
    longitude = blocks.DecimalBlock(
        label=_("Kinh độ"), required=False, min_value=102, max_value=118, decimal_places=6, max_digits=9
    )

    class Meta:
        label = _("Bản đồ")
        icon = "site"
        template = "home/blocks/map.html"
        value_class = MapValue

    def clean(self, value):
        cleaned = super().clean(value)
        if (cleaned.get("latitude") is None) != (cleaned.get("longitude") is None):
            missing = "latitude" if cleaned.get("latitude") is None else "longitude"
            error = ValidationError(_("Hãy ghi cả vĩ độ và kinh độ, hoặc để trống cả hai."))
            raise blocks.StructBlockValidationError({missing: error})
        return cleaned


def video_host(url: str) -> str | Promise | None:
    """The name of the site a video stands on; None for a site that is not in the list."""
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.username or parts.port:
        return None
    host = (parts.hostname or "").lower()
    return next((name for known, name in VIDEO_HOSTS.items() if host == known or host.endswith("." + known)), None)


def check_video(url: str) -> None:
    if not video_host(url):
        raise ValidationError(
            _(
                "Chỉ nhận liên kết https đến video trên YouTube, Vimeo, VTV, Đài Hà Nội, "
                "Cổng Chính phủ hoặc Cổng thành phố Hà Nội. Nơi khác: hãy tải video lên một trong các trang đó."
            )
        )


class VideoValue(blocks.StructValue):
    @property
    def site(self) -> str | Promise:
        return video_host(self.get("url") or "") or ""

    @property
    def href(self) -> str:
        """The address to open, freed of what follows people about; empty when it is not in the list (any more)."""
        url = self.get("url") or ""
        if not video_host(url):
            return ""
        parts = urlsplit(url)
        kept = {key: values[0] for key, values in parse_qs(parts.query).items() if key in ("v", "t", "list", "h")}
        return parts._replace(query=urlencode(kept), fragment="").geturl()


class Video(blocks.StructBlock):
    """A link to a video elsewhere. Not a player: that would send readers' addresses to the other site unasked."""

    title = blocks.CharBlock(label=_("Tên video"), max_length=160)
    url = blocks.URLBlock(label=_("Địa chỉ"), max_length=400, validators=[check_video])
    length = blocks.CharBlock(
        label=_("Độ dài"),
        required=False,
        max_length=8,
        help_text=_("Ví dụ: 3:20"),
        validators=[RegexValidator(r"^\d{1,2}(:\d{2}){1,2}$", _("Ghi phút:giây, ví dụ 3:20."))],
    )

    class Meta:
        label = _("Video (liên kết)")
        icon = "media"
        template = "home/blocks/video.html"
        value_class = VideoValue


def procedure_choices() -> list[tuple[str, str]]:
    return [(procedure.slug, procedure.name) for procedure in Procedure.objects.published().only("slug", "name")]


class ProcedureButton(blocks.StructBlock):
    """Leads to a service of the portal. Which services a ward offers is checked when the page is saved."""

    procedure = blocks.ChoiceBlock(label=_("Thủ tục"), choices=procedure_choices)
    label = blocks.CharBlock(label=_("Chữ trên nút"), required=False, max_length=60)

    class Meta:
        label = _("Nút đến thủ tục")
        icon = "form"
        template = "home/blocks/procedure.html"

    def get_context(self, value, parent_context=None):
        context = super().get_context(value, parent_context)
        # The page looked all of them up at once; a block by itself, as in a preview of blocks, has none.
        context["procedure"] = context.get("procedures", {}).get(value.get("procedure"))
        return context


class AnnouncementBody(blocks.StreamBlock):
    paragraph = InertText(label=_("Đoạn văn"), icon="pilcrow", template="home/blocks/paragraph.html")
    heading = blocks.CharBlock(
        label=_("Tiêu đề mục"), icon="title", max_length=120, template="home/blocks/heading.html"
    )
    picture = Picture(label=_("Ảnh"), template="home/blocks/picture.html")
    gallery = blocks.ListBlock(
        Picture(label=_("Ảnh")),
        label=_("Nhiều ảnh"),
        icon="image",
        min_num=2,
        max_num=12,
        template="home/blocks/gallery.html",
    )
    files = blocks.ListBlock(
        DocumentChooserBlock(label=_("Tệp")),
        label=_("Tệp đính kèm"),
        icon="doc-full",
        template="home/blocks/files.html",
    )
    table = TypedTableBlock(
        [
            ("text", blocks.CharBlock(label=_("Cột chữ"), required=False)),
            ("number", blocks.CharBlock(label=_("Cột số (canh phải)"), required=False)),
        ],
        label=_("Bảng"),
        icon="table",
        template="home/blocks/table.html",
    )
    steps = blocks.ListBlock(Step(), label=_("Các bước"), icon="list-ol", template="home/blocks/steps.html")
    questions = blocks.ListBlock(Question(), label=_("Hỏi và đáp"), icon="help", template="home/blocks/questions.html")
    notice = Notice()
    contact = Contact()
    map = Map()
    procedure = ProcedureButton()
    video = Video()
