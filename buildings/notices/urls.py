"""Notices and meetings: the managers' rooms, what residents read, and a notice's own public address."""

from django.urls import path

from . import calendar_file
from .views import manager, meetings, owner, resident

app_name = "notices"
ROOM = "quan-ly-toa-nha/<slug:ward>/<slug:building>/thong-bao/"
HALL = "quan-ly-toa-nha/<slug:ward>/<slug:building>/hoi-nghi/"
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
    path(HALL, meetings.meetings, name="meetings"),
    path(f"{HALL}moi/", meetings.prepare, name="meetings_prepare"),
    path(f"{HALL}<uuid:id>/", meetings.meeting, name="meetings_meeting"),
    path(f"{HALL}<uuid:id>/khai-mac/", meetings.begin, name="meetings_begin"),
    path(f"{HALL}<uuid:id>/diem-danh/", meetings.attendance, name="meetings_attendance"),
    path(f"{HALL}<uuid:id>/bieu-quyet/", meetings.resolve, name="meetings_resolve"),
    path(f"{HALL}<uuid:id>/be-mac/", meetings.close, name="meetings_close"),
    path(f"{HALL}<uuid:id>/hoan/", meetings.adjourn, name="meetings_adjourn"),
    path(f"{HALL}<uuid:id>/giay-moi/", meetings.invitations, name="meetings_invitations"),
    path(f"{HALL}<uuid:id>/bien-ban/", meetings.minutes, name="meetings_minutes"),
    path("toa-nha-cua-toi/", resident.mine, name="mine"),
    path("thong-bao-toa-nha/<uuid:id>/tep/<uuid:file>/", resident.file, name="file"),
    path("hoi-nghi/<uuid:id>/", owner.meeting, name="meeting"),
    path("hoi-nghi/<uuid:id>/giay-moi/", owner.invitation, name="invitation"),
    path("hoi-nghi/<uuid:id>/giay-uy-quyen/", owner.proxy_form, name="proxy_form"),
    path("hoi-nghi/<uuid:id>/bien-ban/", owner.minutes, name="minutes"),
    path(PAGE, resident.notice, name="notice"),
    path(f"{PAGE}{calendar_file.FILENAME}", resident.calendar, name="calendar"),
]
