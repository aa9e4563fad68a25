"""The owners' meetings: the room in which they are run, and what an owner reads and answers."""

from django.urls import path

from .views import manager, owner

app_name = "meetings"
ROOM = "quan-ly-toa-nha/<slug:ward>/<slug:building>/hoi-nghi/"

urlpatterns = [
    path(ROOM, manager.meetings, name="manage"),
    path(f"{ROOM}moi/", manager.prepare, name="manage_prepare"),
    path(f"{ROOM}<uuid:id>/", manager.meeting, name="manage_meeting"),
    path(f"{ROOM}<uuid:id>/khai-mac/", manager.begin, name="manage_begin"),
    path(f"{ROOM}<uuid:id>/diem-danh/", manager.attendance, name="manage_attendance"),
    path(f"{ROOM}<uuid:id>/bieu-quyet/", manager.resolve, name="manage_resolve"),
    path(f"{ROOM}<uuid:id>/be-mac/", manager.close, name="manage_close"),
    path(f"{ROOM}<uuid:id>/hoan/", manager.adjourn, name="manage_adjourn"),
    path(f"{ROOM}<uuid:id>/giay-moi/", manager.invitations, name="manage_invitations"),
    path(f"{ROOM}<uuid:id>/bien-ban/", manager.minutes, name="manage_minutes"),
    path("hoi-nghi/<uuid:id>/", owner.meeting, name="meeting"),
    path("hoi-nghi/<uuid:id>/giay-moi/", owner.invitation, name="invitation"),
    path("hoi-nghi/<uuid:id>/giay-uy-quyen/", owner.proxy_form, name="proxy_form"),
    path("hoi-nghi/<uuid:id>/bien-ban/", owner.minutes, name="minutes"),
]
