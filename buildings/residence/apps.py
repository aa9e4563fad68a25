from django.apps import AppConfig


class ResidenceConfig(AppConfig):
    name = "buildings.residence"
    verbose_name = "cư dân"
