from django.urls import path, register_converter

from . import views
from .models import Export

app_name = "registers"


class WhatConverter:
    regex = "|".join(Export.What.values)

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(WhatConverter, "register")

urlpatterns = [
    path("so-theo-doi/", views.follow_up, name="follow_up"),
    path("so-van-ban/", views.issued, name="issued"),
    path("<register:what>/ket-xuat/", views.ask, name="ask"),
    path("ket-xuat/", views.exports, name="exports"),
    path("ket-xuat/<uuid:id>/", views.export, name="export"),
    path("ket-xuat/<uuid:id>/tep/", views.download, name="download"),
    path("ho-so/<uuid:id>/phieu-kiem-soat/", views.control_slip, name="control_slip"),
    path("ho-so/<uuid:id>/phieu-kiem-soat/ban-in/", views.print_control_slip, name="control_slip_print"),
]
