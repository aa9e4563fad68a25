"""The managers' rooms of maintenance and checks."""

from django.urls import path

from .views import checks, works

app_name = "upkeep"
WORKS = "quan-ly-toa-nha/<slug:ward>/<slug:building>/bao-tri/"
CHECKS = "quan-ly-toa-nha/<slug:ward>/<slug:building>/kiem-tra/"

urlpatterns = [
    path(WORKS, works.calendar, name="calendar"),
    path(f"{WORKS}moi/", works.plan, name="plan"),
    path(f"{WORKS}<uuid:id>/", works.work, name="work"),
    path(f"{WORKS}<uuid:id>/sua/", works.change, name="change"),
    path(f"{WORKS}<uuid:id>/thong-bao/", works.announce, name="announce"),
    path(f"{WORKS}<uuid:id>/xong/", works.end, {"how": "xong"}, name="finish"),
    path(f"{WORKS}<uuid:id>/huy/", works.end, {"how": "huy"}, name="cancel"),
    path(CHECKS, checks.checks, name="checks"),
    path(f"{CHECKS}so-pccc.pdf", checks.fire_book_file, name="fire_book"),
    path(f"{CHECKS}bat-dau/<slug:key>/", checks.begin, name="begin"),
    path(f"{CHECKS}<uuid:id>/", checks.check, name="check"),
    path(f"{CHECKS}<uuid:id>/bien-ban.pdf", checks.record_file, name="record"),
    path(f"{CHECKS}<uuid:id>/anh/<uuid:photo>/", checks.photo, name="photo"),
]
