"""Public pages, kept: for a reverse proxy in front, and by ourselves.

A view says that its response is public and what it is about: `keep(response, ward(3))`. What shows
there calls `purge(ward(3))` when it changes, and says with `until` when it changes by itself. Nothing
else is kept; the defaults are the careful ones:

- a visitor who carries a session or a message is never answered from here, nor is their page kept;
- a page is kept only if it set no cookie, holds no CSRF token, message or nonce, and varies by
  nothing but cookies and encoding;
- the key is scheme, host, path (which names the language) and the known query parameters; any other
  parameter is answered afresh and not kept.

Django's own cache middleware is not used: it decides what is private by headers alone.

A kept page ends when its subject is purged, at the instant something on it begins or ends, at midnight,
and after `LONGEST` at the latest. So if the process dies between the commit and the purge, what changed
is shown `LONGEST` later. A proxy asks again after `PROXY_SECONDS`, a browser each time, with the validator.
"""

import gzip
import logging
import re
import secrets
import time
from collections.abc import Callable, Hashable, Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from django.conf import settings
from django.core.cache import caches
from django.core.exceptions import DisallowedHost
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers

if TYPE_CHECKING:
    from wagtail.models import DraftStateMixin

log = logging.getLogger(__name__)

LONGEST = timedelta(seconds=60)
PROXY_SECONDS = 30  # how long a proxy, which nobody purges, may show an old page
# Requests under way when a subject was purged may have read what was before; so may those begun on
# another machine whose clock is behind by this much.
SKEW = timedelta(milliseconds=500)
# What a public page may be asked with: a word, a number, a date.
PARAMETERS = frozenset({"loai", "trang", "thang", "nam", "toa-nha"})
VALUE = re.compile(r"[a-z0-9-]{1,40}")
# What others hang on a link to count with. They change nothing, so such a visitor gets the kept page.
TRACKING = re.compile(r"utm_[a-z]+|fbclid|gclid|zarsrc|zalo_[a-z]+|_gl")
PERSONAL_COOKIES = frozenset({settings.SESSION_COOKIE_NAME, "messages"})
MOST_PIECES = 3000
VARY_BY = frozenset({"cookie", "accept-encoding"})

# What Wagtail writes into the published row when a draft is saved, scheduled or locked.
UNSEEN = frozenset(
    {
        "latest_revision", "latest_revision_created_at", "draft_title", "has_unpublished_changes", "wagtail_admin_comments",
        "approved_go_live_at", "go_live_at", "expire_at", "locked", "locked_at", "locked_by", "owner",
    }
)  # fmt: skip

FRONT = "front"

T = TypeVar("T")
Response = TypeVar("Response", bound=HttpResponseBase)


def ward(pk: int) -> str:
    """The subject of every public page of this ward."""
    return f"ward:{pk}"


def keep(response: Response, subject: str) -> Response:
    """Says that this response is the same for everybody who is nobody in particular."""
    response.public_subject = subject  # type: ignore[attr-defined]
    return response


def until(request: HttpRequest, instant: datetime | None) -> None:
    """Something on this page begins or ends then: it is not kept for longer."""
    if instant:
        earlier = getattr(request, "page_turns_at", instant)
        request.page_turns_at = min(instant, earlier)  # type: ignore[attr-defined]


def purge(*subjects: str) -> None:
    """What is kept about these is old once the transaction is committed."""
    transaction.on_commit(lambda: _purge(subjects), robust=True)


def shows(item: "DraftStateMixin", update_fields: Iterable[str] | None) -> bool:
    """Whether saving these fields of something published changes what readers see: saving a draft does not."""
    return bool(item.live or item.first_published_at) and (
        update_fields is None or not UNSEEN.issuperset(update_fields)
    )


def _purge(subjects: Iterable[str]) -> None:
    try:
        for subject in subjects:
            _turn_over(subject)
    except Exception:
        log.exception("%s not purged; what is kept ends within %s", subjects, LONGEST)


# --- Keeping -------------------------------------------------------------------------------------
class Turn(NamedTuple):
    """A subject's pages of one turn are good together. No two turns are ever the same."""

    token: str
    since: float


class Kept(NamedTuple):
    subject: str
    ends: float
    headers: dict[str, str]
    body: bytes
    gzipped: bytes


def _turn_over(subject: str) -> Turn:
    turn = Turn(secrets.token_hex(8), time.time())
    caches["pages"].set(f"turn:{subject}", tuple(turn), None)
    return turn


def _turn_of(subject: str) -> Turn:
    # One that is lost begins anew: what was kept in an unknown turn is not trusted.
    known = caches["pages"].get(f"turn:{subject}")
    return Turn(*known) if known else _turn_over(subject)


def kept_pages(get_response: Callable[[HttpRequest], HttpResponseBase]):
    """The outermost middleware: answers from what is kept, and keeps what calls itself public."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        began = time.time()
        request.page_began = began  # type: ignore[attr-defined]
        key, exact = _key(request)
        if key and (kept := _load(key, began)):
            return _answer(request, HttpResponse(headers=kept.headers), kept.body, kept.gzipped)
        response = get_response(request)
        subject = getattr(response, "public_subject", None)
        if not subject:
            return response
        if not isinstance(response, HttpResponse) or not _is_clean(request, response):
            patch_cache_control(response, private=True, no_store=True)
            return response
        ends = _end(began, getattr(request, "page_turns_at", None))
        patch_cache_control(response, public=True, max_age=0, s_maxage=max(0, min(PROXY_SECONDS, int(ends - began))))
        patch_vary_headers(response, ["Cookie", "Accept-Encoding"])
        body = response.content
        response["ETag"] = f'W/"{sha256(body).hexdigest()[:32]}"'
        may_store = exact and request.method == "GET"
        gzipped = gzip.compress(body, 5, mtime=0) if may_store or _takes_gzip(request) else b""
        if key and may_store:
            _store(key, began, Kept(subject, ends, dict(response.headers), body, gzipped))
        return _answer(request, response, body, gzipped)

    return middleware


def _key(request: HttpRequest) -> tuple[str | None, bool]:
    """Under which this is kept, None for what is answered afresh each time; and whether the address is just that."""
    if request.method not in {"GET", "HEAD"} or "HTTP_AUTHORIZATION" in request.META or hasattr(request, "is_dummy"):
        return None, False
    if "HTTP_COOKIE" in request.META and not PERSONAL_COOKIES.isdisjoint(request.COOKIES):
        return None, False
    try:
        place = f"{request.scheme}://{request.get_host()}{request.path}"
    except DisallowedHost:
        return None, False
    known, exact = [], True
    for name, values in request.GET.lists() if request.META.get("QUERY_STRING") else ():
        if TRACKING.fullmatch(name):
            exact = False
        elif name in PARAMETERS and len(values) == 1 and VALUE.fullmatch(values[0]):
            known.append(f"{name}={values[0]}")
        else:
            return None, False
    return "page:" + sha256("\n".join([place, *sorted(known)]).encode()).hexdigest(), exact


def _is_clean(request: HttpRequest, response: HttpResponseBase) -> bool:
    """Whether the next visitor may be shown these very bytes."""
    said = response.get("Cache-Control", "")
    messages = getattr(request, "_messages", ())
    return (
        response.status_code == 200
        and request.method in {"GET", "HEAD"}
        and "private" not in said
        and "no-store" not in said
        and not response.cookies
        and PERSONAL_COOKIES.isdisjoint(request.COOKIES)
        and "CSRF_COOKIE" not in request.META  # of the visitor, or of a form on the page
        and not isinstance(getattr(request, "_csp_nonce", None), str)
        and not len(messages)
        and {by.strip().lower() for by in response.get("Vary", "").split(",") if by.strip()} <= VARY_BY
    )


def _end(began: float, turns_at: datetime | None) -> float:
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    ends = [began + LONGEST.total_seconds(), midnight.timestamp()]
    return min([*ends, turns_at.timestamp()] if turns_at else ends)


# --- Pieces --------------------------------------------------------------------------------------
class Piece(NamedTuple):
    turn: str
    ends: float
    made: Any


_pieces: dict[tuple[str, str, Hashable], Piece] = {}
_one_at_a_time = Lock()


def piece(request: HttpRequest, subject: str, key: Hashable, make: Callable[[], T]) -> T:
    """A part of a public page, or a row it starts from: the same whoever looks, so that it serves the signed in too.

    Kept in this process by the same rules as pages, and never from or for a preview. `make` must read
    nothing of the person; the tag `{% kept %}` sees to that.
    """
    now = time.time()
    preview = getattr(request, "is_dummy", False) or getattr(request, "is_preview", False)
    turn = None if preview else _turn_for(request, subject)
    try:
        place = (request.get_host(), subject, key)
    except DisallowedHost:  # the page that says so
        return make()
    if turn is None:
        return make()
    known = _pieces.get(place)
    if known and known.turn == turn.token and now < known.ends:
        until(request, datetime.fromtimestamp(known.ends, tz=UTC))
        return known.made
    made = make()
    ends = _end(now, getattr(request, "page_turns_at", None))  # also of what the page knew before
    if made is not None and turn.since < getattr(request, "page_began", now) - SKEW.total_seconds():
        with _one_at_a_time:
            _pieces.pop(place, None)
            _pieces[place] = Piece(turn.token, ends, made)
            while len(_pieces) > MOST_PIECES:
                del _pieces[next(iter(_pieces))]  # the one made longest ago
    return made


def _turn_for(request: HttpRequest, subject: str) -> Turn | None:
    """Read once a request; None when the cache is out of order."""
    turns: dict[str, Turn | None] = request.__dict__.setdefault("page_turns", {})
    if subject not in turns:
        try:
            turns[subject] = _turn_of(subject)
        except Exception:
            log.exception("no turn of %s", subject)
            turns[subject] = None
    return turns[subject]


# --- The cache is a convenience: without it every page is made afresh ------------------------------
def _load(key: str, now: float) -> Kept | None:
    try:
        token, *facts = caches["pages"].get(key) or [None]
        if token is None:
            return None
        kept = Kept(*facts)
        return kept if now < kept.ends and token == _turn_of(kept.subject).token else None
    except Exception:
        log.exception("kept pages cannot be read")
        return None


def _store(key: str, began: float, kept: Kept) -> None:
    try:
        turn = _turn_of(kept.subject)
        if turn.since < began - SKEW.total_seconds():  # else it may show what was before the purge
            caches["pages"].set(key, (turn.token, *kept), max(0, kept.ends - began))
    except Exception:
        log.exception("a page cannot be kept")


# --- Answering -----------------------------------------------------------------------------------
def _takes_gzip(request: HttpRequest) -> bool:
    return "gzip" in request.META.get("HTTP_ACCEPT_ENCODING", "")


def _answer(request: HttpRequest, response: HttpResponse, body: bytes, gzipped: bytes) -> HttpResponseBase:
    """The page, zipped for whoever takes it, or 304 for whoever has it."""
    if gzipped and _takes_gzip(request):
        response.content = gzipped
        response["Content-Encoding"] = "gzip"
    else:
        response.content = body
    response["Content-Length"] = str(len(response.content))
    return get_conditional_response(request, etag=response["ETag"], response=response) or response
