from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "buildings.requests"
    verbose_name = "yêu cầu của cư dân"
