"""What the form of an announcement posts from the editors' admin."""

from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter

from home.kinds import Kind

COUNTS = {"TOTAL_FORMS": "0", "INITIAL_FORMS": "0", "MIN_NUM_FORMS": "0", "MAX_NUM_FORMS": "1000"}


def stream(*blocks):
    """The fields of a body as the editor's form posts them."""
    data = {"body-count": str(len(blocks)), "body_en-count": "0"}
    for number, (kind, fields) in enumerate(blocks):
        data |= {f"body-{number}-type": kind, f"body-{number}-order": str(number), f"body-{number}-deleted": ""}
        data |= {f"body-{number}-value{suffix}": value for suffix, value in fields.items()}
    return data


def no_forms(prefix):
    return {f"{prefix}-{name}": number for name, number in COUNTS.items()}


def form_of(**fields):
    blank = {
        "title": "Tin mới",
        "slug": "tin-moi",
        "kind": Kind.RECEPTION.value,
        "summary": "Tóm tắt",
        "picture": "",
        "picture_alt": "",
        "decision_date": "",
        "legal_item": "",
        "audience": "ward",
        "urgent_from": "",
        "urgent_until": "",
        **no_forms("audience_parts"),
        "go_live_at": "",
        "expire_at": "",
        **no_forms("comments"),
        "action-publish": "action-publish",
    }
    return {**blank, **stream(), **fields}


def create(client, ward_page, **fields):
    index = ward_page.get_children().get()
    return client.post(
        reverse("wagtailadmin_pages:add", args=["home", "announcementpage", index.pk]), form_of(**fields)
    )


def rich_text(html):
    features = ["bold", "italic", "link", "document-link", "image"]
    return {"": ContentstateConverter(features=features).from_database_format(html)}
