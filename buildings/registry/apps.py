from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "buildings.registry"
    label = "registry"
    verbose_name = "hồ sơ tòa nhà"
