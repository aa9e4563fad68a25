"""Notices: the managers' room, what residents read, and a notice's own public address."""

from django.urls import path

from . import calendar_file
from .views import manager, resident

app_name = "notices"
ROOM = "quan-ly-toa-nha/<slug:ward>/<slug:building>/thong-bao/"
PAGE = "<slug:ward>/toa-nha/<slug:building>/thong-bao/<uuid:id>/"

urlpatterns = [
    path(ROOM, manager.notices, name="manage"),
    path(f"{ROOM}moi/", manager.kinds, name="manage_kinds"),
    path(f"{ROOM}moi/<slug:kind>/", manager.write, name="manage_write"),
    path(f"{ROOM}<uuid:id>/", manager.notice, name="manage_notice"),
    path(f"{ROOM}<uuid:id>/sua/", manager.change, name="manage_change"),
    path(f"{ROOM}<uuid:id>/dang/", manager.publish, name="manage_publish"),
    path(f"{ROOM}<uuid:id>/rut/", manager.withdraw, name="manage_withdraw"),
    path(f"{ROOM}<uuid:id>/bo/", manager.drop, name="manage_drop"),
    path(f"{ROOM}<uuid:id>/tep/<uuid:file>/bo/", manager.remove_file, name="manage_remove_file"),
    path(f"{ROOM}<uuid:id>/tep/<uuid:file>/", manager.file, name="manage_file"),
    path("toa-nha-cua-toi/", resident.mine, name="mine"),
    path("thong-bao-toa-nha/<uuid:id>/tep/<uuid:file>/", resident.file, name="file"),
    path(PAGE, resident.notice, name="notice"),
    path(f"{PAGE}{calendar_file.FILENAME}", resident.calendar, name="calendar"),
]
