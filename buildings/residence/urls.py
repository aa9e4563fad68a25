from django.urls import path

from .views import claiming, household, managing, mine

app_name = "residence"
MANAGED = "quan-ly-toa-nha/<slug:ward>/<slug:building>/cu-dan/"
urlpatterns = [
    path("can-ho/", mine.mine, name="mine"),
    path("can-ho/nhan/", claiming.ward, name="claim"),
    path("can-ho/nhan/<slug:ward>/", claiming.building, name="claim_building"),
    path("can-ho/nhan/<slug:ward>/<slug:building>/", claiming.flat, name="claim_flat"),
    path("can-ho/<int:flat>/nhan/", claiming.role, name="claim_role"),
    path("can-ho/<int:flat>/nhan/thoi-gian/", claiming.dates, name="claim_dates"),
    path("can-ho/<int:flat>/nhan/chung-minh/", claiming.evidence, name="claim_evidence"),
    path("can-ho/<int:flat>/nhan/gui/", claiming.send, name="claim_send"),
    path("can-ho/cua-toi/<int:residency>/", mine.residency, name="residency"),
    path("can-ho/cua-toi/<int:residency>/da-gui/", claiming.claimed, name="claimed"),
    path("can-ho/cua-toi/<int:residency>/roi-di/", mine.leave, name="leave"),
    path("can-ho/cua-toi/<int:residency>/dien-thoai/", mine.phone, name="phone"),
    path("can-ho/cua-toi/<int:residency>/giay-to/", mine.proof, name="proof"),
    path("can-ho/loi-moi/<uuid:invitation>/", mine.invitation, name="invitation"),
    path("can-ho/<int:flat>/ho/", household.household, name="household"),
    path("can-ho/<int:flat>/ho/moi/", household.invite, name="invite"),
    path("can-ho/<int:flat>/ho/moi/<uuid:invitation>/rut/", household.take_back, name="take_back"),
    path("can-ho/<int:flat>/ho/<int:residency>/<slug:move>/", household.decide, name="household_decide"),
    path(MANAGED, managing.residents, name="manage_residents"),
    path(f"{MANAGED}thu/", managing.letters, name="manage_letters"),
    path(f"{MANAGED}<int:residency>/", managing.resident, name="manage_resident"),
    path(f"{MANAGED}<int:residency>/giay-to/", managing.proof, name="manage_proof"),
    path(f"{MANAGED}<int:residency>/<slug:move>/", managing.decide, name="manage_decide"),
]
