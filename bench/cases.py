"""Which cases there are, and one run of them on a demo of three wards loaded as `make run` loads it."""

import io
from collections.abc import Callable, Collection
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from portal.core import outbox

from . import buildings, managers, notices, pages, papers, services
from .servers import gunicorn

# A module a line, in the order of the table. Its `cases(portal, bare)` yields what is measured: the
# case, the ratio, and how many queries it asks or None. Each may leave rows behind for those after it.
MODULES = {
    "pages": pages,
    "papers": papers,
    "services": services,
    "buildings": buildings,
    "managers": managers,
    "notices": notices,
}


def run(names: Collection[str], *, say: Callable[[str], None]) -> dict[str, Any]:
    """The rows of these modules, and what `pages` measures beside: queries by number of rows, a minute of visits."""
    say("Preparing the demo")
    call_command("prepare", demo=True, verbosity=0, stdout=io.StringIO())
    outbox.run_all(at=timezone.now())
    report: dict[str, Any] = {"cases": []}
    with gunicorn("bench.bare") as bare, gunicorn("portal.wsgi") as portal:
        for name, module in MODULES.items():
            for case, ratio, queries in module.cases(portal, bare) if name in names else ():
                report["cases"].append(
                    {"case": case, **ratio.to_json()} | ({} if queries is None else {"queries": queries})
                )
                worked = f", {ratio.by_processor} × by processor time" if ratio.by_processor else ""
                say(f"{case}: {ratio.times_bare} × ({ratio.target} against {ratio.bare} {ratio.unit}){worked}")
        if "pages" in names:
            say("A minute of visits")
            report["asked"] = pages.asked()
            report["visits"] = pages.spike(portal)
    return report
