"""How much may be sent, for the hint beside a field."""

from django import template
from django.conf import settings

from portal.core.files.uploads import MAX_BYTES
from portal.core.limits import MEGABYTE

register = template.Library()


@register.simple_tag
def upload_limits() -> dict[str, int]:
    """Megabytes of one `file`, and of all that is sent at `once`."""
    return {"file": MAX_BYTES // MEGABYTE, "once": settings.MAX_FILES_BYTES // MEGABYTE}
