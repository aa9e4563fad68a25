from django.urls import path

from .pages import PAGES
from .views import absences, appointments, calendar, conversation, dossier, ratings, work

app_name = "desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("lich-lam-viec/", calendar.month, name="calendar"),
    path("lich-lam-viec/them/", calendar.add, name="calendar_add"),
    path("lich-lam-viec/<int:day>/", calendar.edit, name="calendar_edit"),
    path("lich-lam-viec/<int:day>/bo/", calendar.remove, name="calendar_remove"),
    path("vang-mat/", absences.absences, name="absences"),
    path("vang-mat/them/", absences.record, name="absence_record"),
    path("vang-mat/<int:absence>/ket-thuc/", absences.end, name="absence_end"),
    path("lich-hen/", appointments.appointments, name="appointments"),
    path("lich-hen/in/", appointments.print_appointments, name="print_appointments"),
    path("lich-hen/tim/", appointments.find_for_appointment, name="find_for_appointment"),
    path("lich-hen/gio-tiep/", appointments.visit_hours, name="visit_hours"),
    path("lich-hen/<uuid:id>/ghi-nhan/", appointments.mark_appointment, name="mark_appointment"),
    path("lich-hen/<uuid:id>/huy/", appointments.cancel_appointment, name="cancel_appointment"),
    path("ho-so/<uuid:id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:id>/hen/", appointments.book_appointment, name="book_appointment"),
    path("ho-so/<uuid:id>/du-thao/", dossier.draft_result, name="draft"),
    path("ho-so/<uuid:id>/trao-doi/", conversation.conversation, name="conversation"),
    path("ho-so/<uuid:id>/trao-doi/khong-can-tra-loi/", conversation.settle, name="settle"),
    path("phan-anh/", conversation.complaints, name="complaints"),
    path("danh-gia/", ratings.ratings, name="ratings"),
    *(
        path(f"ho-so/<uuid:id>/{page.slug}/", dossier.move, {"name": page.name}, name=page.name)
        for page in PAGES.values()
    ),
]
