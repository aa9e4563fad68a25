"""The resident's addresses: filing, following, looking up. Included at the root: they have three stems."""

from django.urls import path

from .views import agreement, files, form, lookup, mine, receipt, renew, start, supplement

app_name = "dossiers"
urlpatterns = [
    path("<slug:ward>/dich-vu/<slug:procedure>/nop/", start.start, name="start"),
    path("ho-so/", mine.dossiers, name="list"),
    path("ho-so/<uuid:id>/", mine.detail, name="detail"),
    path("ho-so/<uuid:id>/rut/", mine.withdraw, name="withdraw"),
    path("ho-so/<uuid:id>/xoa/", mine.delete, name="delete"),
    path("ho-so/<uuid:id>/nop/nhan-ket-qua/", form.delivery, name="delivery"),
    path("ho-so/<uuid:id>/nop/<slug:page>/", form.section, name="page"),
    path("ho-so/<uuid:id>/kiem-tra/", form.check, name="check"),
    path("ho-so/<uuid:id>/mau-moi/", renew.renew, name="renew"),
    path("ho-so/<uuid:id>/xac-nhan/", form.confirmation, name="confirmation"),
    path("ho-so/<uuid:id>/ban-dien-tu/", agreement.agreement, name="agreement"),
    path("ho-so/<uuid:id>/da-nhan/", receipt.confirm_receipt, name="confirm_receipt"),
    path("ho-so/<uuid:id>/bo-sung/", supplement.send, name="supplement"),
    path("ho-so/<uuid:id>/bo-sung/<slug:field>/", supplement.item, name="supplement_item"),
    path("ho-so/<uuid:id>/giay-to/<uuid:attachment>/", files.file, name="file"),
    path("ho-so/<uuid:id>/giay-to/<uuid:attachment>/anh/", files.thumbnail, name="thumbnail"),
    path("tra-cuu/", lookup.lookup, name="lookup"),
]
