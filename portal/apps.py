from django.apps import AppConfig


class PortalConfig(AppConfig):
    """The composition: it owns no tables, only what needs to know every app (demo data, guards)."""

    name = "portal"
