from django.urls import path

from . import views
from .pages import PAGES

app_name = "desk"
urlpatterns = [
    path("", views.work, name="work"),
    path("ho-so/<uuid:id>/", views.dossier, name="dossier"),
    path("ho-so/<uuid:id>/du-thao/", views.draft_result, name="draft"),
    *(
        path(f"ho-so/<uuid:id>/{page.slug}/", views.move, {"name": page.name}, name=page.name)
        for page in PAGES.values()
    ),
]
