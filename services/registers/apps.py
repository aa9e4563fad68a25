from django.apps import AppConfig


class RegistersConfig(AppConfig):
    name = "services.registers"
    verbose_name = "sổ sách và kết xuất"
