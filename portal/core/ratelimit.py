"""How many wrong tries are borne: counters in the cache, for pages that answer to a secret.

A window starts with its first count and ends by itself; nobody is locked out for longer. Behind
several processes the counters are shared where the cache is (REDIS_URL).
"""

from allauth.core.internal.httpkit import get_client_ip
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

HOUR = 3600  # seconds


def address_of(request: HttpRequest) -> str:
    """The visitor's address, believing only as many proxies as TRUSTED_PROXIES says."""
    return get_client_ip(request) or "?"


def spent(scope: str, *keys: str, limit: int) -> bool:
    """Whether one of these keys has used up its tries. Reads only."""
    counts = cache.get_many([_name(scope, key) for key in keys])
    return any(count >= limit for count in counts.values())


def count(scope: str, *keys: str, period: int = HOUR) -> None:
    """Count one try against each of these keys, for `period` seconds from the first."""
    for key in keys:
        name = _name(scope, key)
        cache.add(name, 0, period)
        try:
            cache.incr(name)
        except ValueError:  # it ran out between the two lines
            cache.set(name, 1, period)


def _name(scope: str, key: str) -> str:
    # Hashed: addresses and codes do not lie about in a cache, and any input makes a legal name.
    return f"tries:{scope}:{salted_hmac('portal.ratelimit', key, algorithm='sha256').hexdigest()}"
