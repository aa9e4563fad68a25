"""The resident's appointment, beneath their dossier. The desk's day is among the desk's own addresses."""

from django.urls import path

from . import calendar_file, views

app_name = "appointments"
urlpatterns = [
    path("", views.day, name="day"),
    path("gio/", views.hour, name="time"),
    path("kiem-tra/", views.check, name="check"),
    path("da-dat/", views.booked, name="booked"),
    path(calendar_file.FILENAME, views.calendar, name="calendar_file"),
    path("huy/", views.cancel, name="cancel"),
]
