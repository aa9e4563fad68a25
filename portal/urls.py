"""Every address of the portal. The only module that knows all apps; Wagtail's pages come last."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from home.editing.commenting import edit_page
from home.editing.creating import add_page
from home.media import picture_file
from home.publicity.taking_down import take_down
from portal import views
from portal.core.urls import machine_urls

# One address whatever the language: for machines, for files, and for the editors' admin, which speaks
# the language its user has chosen.
urlpatterns = [
    *machine_urls,
    path("bien-tap/cong-khai/", include("home.publicity.urls")),
    path(
        "bien-tap/pages/add/<slug:content_type_app_name>/<slug:content_type_model_name>/<int:parent_page_id>/",
        add_page,
        name="add_page",
    ),
    path("bien-tap/pages/<int:page_id>/edit/", edit_page, name="edit_page"),
    path("bien-tap/pages/<int:page_id>/unpublish/", take_down, name="take_down"),
    path("bien-tap/", include(wagtailadmin_urls)),
    path("tep/", include(wagtaildocs_urls)),
    path("media/<path:path>", picture_file),
]

# Vietnamese as written here, English with `/en/` in front (portal.core.addresses).
spoken = [
    path("", include("portal.core.urls")),
    path("tai-khoan/tiep-tuc/", views.after_login, name="after_login"),
    path("tai-khoan/", include("allauth.urls")),
    path("mot-cua/", include("services.desk.urls")),
    path("mot-cua/", include("services.registers.urls")),
    path("", include("services.documents.urls")),
    path("", include("services.dossiers.urls")),
    path("ho-so/<uuid:id>/lich-hen/", include("services.appointments.urls")),
    path("", include("services.conversation.urls")),
    path("", include("services.ratings.urls")),
    path("", include("buildings.desk.urls")),
    path("", include("buildings.registry.urls")),
    path("", include("buildings.residence.urls")),
    path("", include("buildings.requests.urls")),
    path("", include("buildings.notices.urls")),
    path("", include("buildings.meetings.urls")),
    path("", include("buildings.upkeep.urls")),
    path("theo-doi/", include("home.subscriptions.urls")),
    path("van-hanh/", include("home.tenancy.urls")),
    path("", include("home.urls")),
    path("<slug:ward>/thong-bao/<slug:slug>/", include("home.readership.urls")),
    path("<slug:ward>/dich-vu/", include("services.catalogue.urls")),
]

if settings.DEBUG:
    from portal.core.gallery import gallery

    spoken += [path("_thanh-phan/", gallery, name="gallery")]

urlpatterns += i18n_patterns(*spoken, re_path(r"", include(wagtail_urls)), prefix_default_language=False)
