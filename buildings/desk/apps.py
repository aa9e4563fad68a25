from django.apps import AppConfig


class BuildingDeskConfig(AppConfig):
    name = "buildings.desk"
    label = "building_desk"
    verbose_name = "ban quản lý tòa nhà"
