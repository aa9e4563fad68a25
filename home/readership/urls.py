"""Below the address of an announcement."""

from django.urls import path

from . import views

app_name = "readership"
urlpatterns = [
    path("huu-ich/", views.useful, name="useful"),
    path("huu-ich/cam-on/", views.thanks, name="thanks"),
    path("da-doc/", views.read, name="read"),
]
