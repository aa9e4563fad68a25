from django.urls import path

from . import views

app_name = "publicity"
urlpatterns = [
    path("", views.register, name="register"),
    path("so/<str:format>/", views.register_file, name="register_file"),
    path("<uuid:key>/", views.announcement, name="announcement"),
    path("<uuid:key>/go-som/", views.release, name="release"),
    path("<uuid:key>/bo/<int:other>/", views.withdraw, name="withdraw"),
]
