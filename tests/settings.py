"""The product's settings, with a throwaway folder for data and what makes tests quick."""

import atexit
import os
import shutil
import tempfile

os.environ["TESTING"] = "true"
_worker = os.environ.get("PYTEST_XDIST_WORKER")
if "DATA_DIR" not in os.environ:
    os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="portal-tests-")
    atexit.register(shutil.rmtree, os.environ["DATA_DIR"], ignore_errors=True)
elif _worker:  # started by a pytest that made the folder: each worker keeps to a corner of its own
    os.environ["DATA_DIR"] = os.path.join(os.environ["DATA_DIR"], _worker)

from portal.settings import *  # noqa: E402, F403, TID251 - after the environment is set

STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405 - WhiteNoise warns of a folder that is not there
CACHES["pages"] = {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}  # noqa: F405 - a test must not see the pages of another
if REDIS_URL:  # noqa: F405 - a test begins with an empty cache: its own, not another worker's, nor the broker's beside it
    CACHES["default"]["LOCATION"] = f"{REDIS_URL.rpartition('/')[0]}/{int((_worker or 'gw0')[2:]) + 1}"  # noqa: F405
UNDO_SECONDS = 0  # a move is made when it is asked for; tests/desk/test_held.py waits
DOCUMENT_AUTHORITY = "tests.authority.SettledAuthority"
SECOND_FACTOR_REQUIRED = (
    False  # what follows sign-in is tested without it, itself in tests/core/accounts/test_second_factor.py
)
