from django.urls import path, re_path

from . import views

app_name = "documents"
urlpatterns = [
    path("xac-thuc/", views.check, name="verify"),
    re_path(r"^xac-thuc/(?P<token>[\w-]{16,32})/$", views.check_token, name="verify_token"),
    path("tai-lieu/<uuid:id>/", views.download, name="download"),
]
