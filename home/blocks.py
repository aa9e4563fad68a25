"""What the body of an announcement is made of. Each block is inert: plain text, or markup from a short list."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.documents.blocks import DocumentChooserBlock
from wagtail.images.blocks import ImageBlock

# No headings, embeds or pictures inside a paragraph: those are blocks of their own.
INLINE_FEATURES = ["bold", "italic", "ol", "ul", "link", "document-link"]


class AnnouncementBody(blocks.StreamBlock):
    paragraph = blocks.RichTextBlock(
        label=_("Đoạn văn"), icon="pilcrow", features=INLINE_FEATURES, template="home/blocks/paragraph.html"
    )
    heading = blocks.CharBlock(
        label=_("Tiêu đề mục"), icon="title", max_length=120, template="home/blocks/heading.html"
    )
    picture = ImageBlock(label=_("Ảnh"), template="home/blocks/picture.html")
    files = blocks.ListBlock(
        DocumentChooserBlock(label=_("Tệp")),
        label=_("Tệp đính kèm"),
        icon="doc-full",
        template="home/blocks/files.html",
    )


class Contact(blocks.StructBlock):
    """Whom to reach, for what and when. Part of a ward's home page."""

    office = blocks.CharBlock(label=_("Bộ phận"), max_length=100, help_text=_("Ví dụ: Bộ phận Một cửa"))
    matter = blocks.CharBlock(label=_("Việc gì"), max_length=160, required=False)
    phone = blocks.CharBlock(label=_("Điện thoại"), max_length=20, required=False)
    email = blocks.EmailBlock(label=_("Thư điện tử"), required=False)
    hours = blocks.CharBlock(label=_("Khi nào"), max_length=120, required=False)

    class Meta:
        label = _("Đầu mối liên hệ")
        icon = "user"


class Contacts(blocks.StreamBlock):
    contact = Contact()
