from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "buildings.notices"
    verbose_name = "thông báo và hội nghị của tòa nhà"
