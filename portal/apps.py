from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The composition: it owns no tables, only what needs to know every app (demo data, guards)."""

    name = "portal"

    def ready(self) -> None:
        from . import checks  # noqa: F401, PLC0415 - registers itself once settings are read
