from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        from .editing import approval, wording  # noqa: PLC0415 - the models are there only now
        from .publicity import guard  # noqa: PLC0415

        guard.connect()
        approval.connect()
        wording.name_fields()
