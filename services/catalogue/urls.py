from django.urls import path

from . import views

app_name = "catalogue"
urlpatterns = [
    path("", views.services, name="services"),
    path("<slug:procedure>/", views.procedure, name="procedure"),
]
