from django.apps import AppConfig


class DossiersConfig(AppConfig):
    name = "services.dossiers"
    label = "dossiers"
