from django.urls import path

from . import views

app_name = "ratings"
urlpatterns = [
    path("ho-so/<uuid:id>/danh-gia/<slug:event>/", views.rate, name="rate"),
    path("ho-so/<uuid:id>/danh-gia/<slug:event>/cam-on/", views.thanks, name="thanks"),
]
