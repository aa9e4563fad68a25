"""One event, one line: nothing that somebody typed into an address or a form can pass for another line of the log."""

import logging
import re

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
CONTINUED = "\n  | "  # before each further line of a traceback


class OneLine(logging.Formatter):
    """Control characters of a message are written as they would be typed; a traceback's lines are set off."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        record.message = _CONTROL.sub(_written, record.message)
        return super().formatMessage(record)

    def formatException(self, ei) -> str:  # noqa: N802
        lines = super().formatException(ei).splitlines()
        return CONTINUED.join(["", *(_CONTROL.sub(_written, line) for line in lines)]).lstrip("\n")


def _written(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
