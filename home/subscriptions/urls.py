"""Asking for announcements, and stopping them. Links in mails carry a signed token instead of a sign-in."""

from django.urls import path

from . import views

app_name = "subscriptions"
urlpatterns = [
    path("", views.index, name="index"),
    path("da-gui-thu/", views.asked, name="asked"),
    path("xac-nhan/<str:token>/", views.confirm, name="confirm"),
    path("ngung/<str:token>/", views.stop, name="stop"),
    path("thu/<str:token>/", views.mine, name="mine"),
    path("thu/<str:token>/<slug:ward>/", views.mine_of_ward, name="mine_of_ward"),
    path("<slug:ward>/", views.ward, name="ward"),
]
