"""What is logged: whoever types a line break forges no line."""

import logging
import logging.config
import sys

from django.conf import settings


def printed(message: str, *args, exc_info=None) -> str:
    made = logging.config.DictConfigurator({}).configure_formatter(dict(settings.LOGGING["formatters"]["line"]))
    record = logging.LogRecord("portal", logging.ERROR, __file__, 1, message, args, exc_info)
    return made.format(record).partition(" ERROR ")[2]


def test_a_line_break_in_an_address_begins_no_line():
    address = "/media/x\n2026-11-23 09:00:00 INFO portal: đã duyệt\x1b[2J\r\u2028"

    assert printed("%s: away", address) == (
        r"portal: /media/x\n2026-11-23 09:00:00 INFO portal: đã duyệt\x1b[2J\r\u2028: away"
    )


def test_nor_does_one_in_the_words_of_an_exception():
    try:
        raise ValueError("gõ vào\n2026-11-23 09:00:00 INFO portal: đã duyệt")
    except ValueError:
        lines = printed("failed", exc_info=sys.exc_info()).splitlines()

    assert lines[0] == "portal: failed"
    assert [line for line in lines[1:] if not line.startswith("  | ")] == []
    assert lines[-1] == "  | 2026-11-23 09:00:00 INFO portal: đã duyệt"
