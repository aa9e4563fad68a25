from django.urls import path

from . import views

app_name = "building_desk"
urlpatterns = [
    path("quan-ly-toa-nha/", views.buildings, name="buildings"),
    path("quan-ly-toa-nha/<slug:ward>/<slug:building>/", views.building, name="building"),
]
