from django.urls import path

from .lateness_pages import PAGES as ROAD
from .pages import PAGES
from .views import (
    absences,
    appointments,
    batch,
    calendar,
    conversation,
    corrections,
    counter,
    dossier,
    held,
    keys,
    lateness,
    load,
    ratings,
    reads,
    reasons,
    signing,
    timeline,
    work,
)

app_name = "desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("ky/", signing.sign_several, name="sign_several"),
    path("ho-so/<uuid:id>/dinh-chinh/", corrections.correction, name="correction"),
    path("ho-so/<uuid:id>/dinh-chinh/ban-in/", corrections.print_draft, name="correction_draft"),
    path("ho-so/<uuid:id>/dinh-chinh/<slug:slug>/", corrections.move, name="correction_move"),
    path("phim-tat/", keys.keys, name="keys"),
    path("nhieu-ho-so/", batch.together, name="batch"),
    path("nop-ho/", counter.find, name="counter"),
    path("nop-ho/nguoi-moi/", counter.new_person, name="counter_person"),
    path("nop-ho/<str:person>/", counter.begin, name="counter_begin"),
    path("lich-han/", load.load, name="load"),
    path("lich-han/<int:officer>/", load.of_officer, name="load_of"),
    path("cau-soan-san/", reasons.reasons_of_ward, name="reasons"),
    path("cau-soan-san/them/", reasons.write, name="reason_add"),
    path("cau-soan-san/<int:reason>/", reasons.write, name="reason_edit"),
    path("cau-soan-san/<int:reason>/bo/", reasons.remove, name="reason_remove"),
    path("bo-loc/luu/", work.save_view, name="save_view"),
    path("bo-loc/<int:view>/bo/", work.drop_view, name="drop_view"),
    path("ho-so/<uuid:id>/nhan-viec/", work.take, name="take"),
    path("ho-so/<uuid:id>/hoan-tac/", held.undo, name="undo"),
    path("ho-so/<uuid:id>/qua-trinh/", timeline.timeline, name="timeline"),
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
    path("qua-han/", lateness.cases, name="lateness"),
    path("qua-han/nguy-co/", lateness.at_risk, name="at_risk"),
    path("qua-han/kiem-tra/", lateness.inspection, name="inspection"),
    path("ho-so/<uuid:id>/sai-sot/", lateness.error, name="report_error"),
    path("ho-so/<uuid:id>/qua-han/ban-in/", lateness.draft_letter, name="draft_letter"),
    path("ho-so/<uuid:id>/qua-han/<uuid:case>/minh-chung/", lateness.evidence, name="evidence"),
    *(
        path(f"ho-so/<uuid:id>/qua-han/{page.slug}/", lateness.road, {"name": page.name}, name=page.name)
        for page in ROAD.values()
    ),
    path("phan-anh/", conversation.complaints, name="complaints"),
    path("luot-doc/", reads.reads, name="reads"),
    path("danh-gia/", ratings.ratings, name="ratings"),
    *(
        path(
            f"ho-so/<uuid:id>/{page.slug}/",
            signing.VIEWS.get(page.name, dossier.move),
            {"name": page.name},
            name=page.name,
        )
        for page in PAGES.values()
    ),
]
