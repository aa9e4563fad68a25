"""Every address of the portal. The only module that knows all apps; Wagtail's pages come last."""

from django.conf import settings
from django.urls import include, path, re_path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from portal import views

urlpatterns = [
    path("", include("portal.core.urls")),
    path("tai-khoan/tiep-tuc/", views.after_login, name="after_login"),
    path("tai-khoan/", include("allauth.urls")),
    path("ngon-ngu/", views.set_language, name="set_language"),
    path("mot-cua/", include("services.desk.urls")),
    path("mot-cua/", include("services.registers.urls")),
    path("bien-tap/", include(wagtailadmin_urls)),
    path("tep/", include(wagtaildocs_urls)),
    path("", include("services.documents.urls")),
    path("", include("services.dossiers.urls")),
    path("ho-so/<uuid:id>/lich-hen/", include("services.appointments.urls")),
    path("", include("services.conversation.urls")),
    path("", include("services.ratings.urls")),
    path("", include("home.urls")),
    path("<slug:ward>/dich-vu/", include("services.catalogue.urls")),
]

if settings.DEBUG:
    from portal.core.gallery import gallery

    urlpatterns += [path("_thanh-phan/", gallery, name="gallery")]
if not settings.S3_BUCKET:
    # A web server in front may answer these itself; an object store always does.
    urlpatterns += [
        re_path(r"^media/(?P<path>.*)$", views.media),
    ]

urlpatterns += [re_path(r"", include(wagtail_urls))]
