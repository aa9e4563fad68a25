"""What people agree to before anything is sent to them (Law 91/2025/QH15 on personal data).

A text that was ever shown stays here under its version: the record of a consent names the version and
holds the hash of the words.
"""

import hashlib

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

TEXTS: dict[str, Promise] = {
    "2026-11-23": _(
        "Ủy ban nhân dân phường dùng địa chỉ của bạn chỉ để gửi những thông báo bạn chọn ở trên, cho đến khi bạn "
        "ngừng nhận. Bạn ngừng được bất cứ lúc nào."
    ),
}
CURRENT = "2026-11-23"


def evidence(version: str) -> dict[str, str]:
    """For the record: which words were agreed to. Raises KeyError for a version that never was."""
    with override("vi"):
        words = str(TEXTS[version])
    return {"consent": version, "consent_sha256": hashlib.sha256(words.encode()).hexdigest()}
