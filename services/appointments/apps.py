from django.apps import AppConfig


class AppointmentsConfig(AppConfig):
    name = "services.appointments"
    verbose_name = "lịch hẹn"
