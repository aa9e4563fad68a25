from django.apps import AppConfig


class MeetingsConfig(AppConfig):
    name = "buildings.meetings"
    verbose_name = "hội nghị nhà chung cư"
