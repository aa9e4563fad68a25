"""Requests: the report in public addresses, the residents' own, the managers'."""

from django.urls import path

from .views import mine, photos, report

app_name = "requests"
urlpatterns = [
    path("<slug:ward>/toa-nha/<slug:building>/bao/", report.new, name="new"),
    path("yeu-cau/", mine.requests, name="mine"),
    path("yeu-cau/anh/", photos.add, name="add_photo"),
    path("yeu-cau/anh/<uuid:id>/", photos.photo, name="photo"),
    path("yeu-cau/anh/<uuid:id>/nho/", photos.thumbnail, name="thumbnail"),
    path("yeu-cau/<uuid:id>/", mine.request, name="request"),
    path("yeu-cau/<uuid:id>/thu-xin-loi/<uuid:case>/", mine.letter, name="letter"),
]
