from django.contrib.auth.decorators import login_not_required
from django.urls import path
from wagtail.documents.views import serve as files
from wagtail.views import serve as serve_page

from . import views

# Pages and the files they offer are public once published. Wagtail, which has these two views, does
# not know that signing in is required by default here.
login_not_required(serve_page)
login_not_required(files.serve)

app_name = "home"
urlpatterns = [
    path("tim-kiem/", views.search_results, name="search"),
    path("chon-phuong/<slug:procedure>/", views.choose_ward, name="choose_ward"),
    path("<slug:ward>/thong-bao/lich.ics", views.ward_calendar, name="ward_calendar"),
    path("<slug:ward>/thong-bao/<slug:slug>/lich.ics", views.announcement_calendar, name="announcement_calendar"),
]
