from django.urls import path

from .pages import PAGES
from .views import absences, calendar, conversation, dossier, work

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
    path("ho-so/<uuid:id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:id>/du-thao/", dossier.draft_result, name="draft"),
    path("ho-so/<uuid:id>/trao-doi/", conversation.conversation, name="conversation"),
    path("ho-so/<uuid:id>/trao-doi/khong-can-tra-loi/", conversation.settle, name="settle"),
    path("phan-anh/", conversation.complaints, name="complaints"),
    *(
        path(f"ho-so/<uuid:id>/{page.slug}/", dossier.move, {"name": page.name}, name=page.name)
        for page in PAGES.values()
    ),
]
