from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "portal.core"
    label = "core"

    def ready(self) -> None:
        from . import outbox  # noqa: PLC0415 - needs the models

        outbox.discover()
