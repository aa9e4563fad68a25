from django.apps import AppConfig


class UpkeepConfig(AppConfig):
    name = "buildings.upkeep"
    verbose_name = "bảo trì và kiểm tra"
