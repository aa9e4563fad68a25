from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"

    def ready(self) -> None:
        from .publicity import guard  # noqa: PLC0415 - the models are there only now

        guard.connect()
