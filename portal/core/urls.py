"""The person's own pages and the operator's, served for all wards."""

from django.urls import path

from . import health, styles, views

app_name = "core"
urlpatterns = [
    path("tai-khoan/ho-so/", views.profile, name="profile"),
    path("tai-khoan/ho-so/sua/", views.edit_profile, name="profile_edit"),
    path("thong-bao-cua-toi/", views.inbox, name="inbox"),
    path("thong-bao-cua-toi/da-doc/", views.read_all_notices, name="read_all_notices"),
    path("thong-bao-cua-toi/<uuid:id>/mo/", views.open_notice, name="open_notice"),
    path("hop-thu-thu/", views.mailbox, name="mailbox"),
]

# What speaks no language.
machine_urls = [
    path("favicon.ico", styles.icon, name="icon"),
    path("giao-dien/<str:digest>.css", styles.stylesheet, name="stylesheet"),
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
