from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "buildings.notices"
    verbose_name = "thông báo của tòa nhà"
