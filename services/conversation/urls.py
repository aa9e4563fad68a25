"""The resident's addresses of a conversation. The desk's are the desk's own."""

from django.urls import path

from . import views

app_name = "conversation"
urlpatterns = [
    path("ho-so/<uuid:id>/trao-doi/", views.conversation, name="conversation"),
    path("ho-so/<uuid:id>/trao-doi/tep/<uuid:file>/", views.file, name="file"),
]
