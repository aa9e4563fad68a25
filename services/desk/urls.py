from django.urls import path

from .pages import PAGES
from .views import dossier, work

app_name = "desk"
urlpatterns = [
    path("", work.work, name="work"),
    path("ho-so/<uuid:id>/", dossier.dossier, name="dossier"),
    path("ho-so/<uuid:id>/du-thao/", dossier.draft_result, name="draft"),
    *(
        path(f"ho-so/<uuid:id>/{page.slug}/", dossier.move, {"name": page.name}, name=page.name)
        for page in PAGES.values()
    ),
]
