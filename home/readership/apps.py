from django.apps import AppConfig


class ReadershipConfig(AppConfig):
    name = "home.readership"
    verbose_name = "người đọc"
