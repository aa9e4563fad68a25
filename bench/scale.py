"""`python deploy/throwaway_servers.py python -m bench.scale`: the desk over the years, on PostgreSQL.

Sets the environment, then measures what `years.py` holds; a module of its own, so that imports stay on top there.
"""

import os
import shutil
import tempfile


def main() -> None:
    folder = tempfile.mkdtemp(prefix="portal-scale-")
    os.environ.update(DATA_DIR=folder, DEMO="true", DJANGO_SETTINGS_MODULE="portal.settings", LOG_LEVEL="ERROR")
    try:
        import django  # noqa: PLC0415 - after the environment is set

        django.setup()
        from . import years  # noqa: PLC0415

        years.run()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
