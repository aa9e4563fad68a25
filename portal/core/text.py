"""Vietnamese text for machines: searching and addressing without diacritics."""

import unicodedata


def fold(text: str) -> str:
    """Lower case without diacritics, đ as d: "Đăng ký khai sinh" → "dang ky khai sinh".

    Decomposition alone does not do it: đ is a letter of its own, not a d with a mark.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return " ".join("".join(c for c in decomposed if not unicodedata.combining(c)).split())
