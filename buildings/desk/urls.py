from django.urls import path

from .views import buildings, contractor, lateness, posters, report, requests

AT = "quan-ly-toa-nha/<slug:ward>/<slug:building>"
ONE = f"{AT}/yeu-cau/<uuid:id>"

app_name = "building_desk"
urlpatterns = [
    path("quan-ly-toa-nha/", buildings.buildings, name="buildings"),
    path(f"{AT}/", buildings.building, name="building"),
    path(f"{AT}/yeu-cau/", requests.work, name="work"),
    path(f"{AT}/yeu-cau/bang/", requests.board, name="board"),
    path(f"{AT}/qua-han/", lateness.cases, name="lateness"),
    path(f"{AT}/bien-qr/", posters.posters, name="posters"),
    path(f"{AT}/bien-qr/them/", posters.add, name="posters_add"),
    path(f"{AT}/bao-cao/", report.report, name="report"),
    path(f"{AT}/bao-cao/ban-in/", report.printed, name="report_print"),
    path(f"{ONE}/", requests.show, name="request"),
    path(f"{ONE}/trao-doi/", requests.say, name="say"),
    path(f"{ONE}/thu-hoi-lien-ket/", requests.revoke, name="revoke"),
    path(f"{ONE}/anh/<uuid:photo>/", requests.photo, name="photo"),
    path(f"{ONE}/thu-xin-loi/", lateness.draft_letter, name="letter"),
    path(f"{ONE}/qua-han/<slug:slug>/", lateness.road, name="road"),
    path(f"{ONE}/qua-han/<uuid:case>/minh-chung/", lateness.evidence, name="evidence"),
    path(f"{ONE}/<slug:slug>/", requests.move, name="move"),
    path("viec/<str:secret>/", contractor.work, name="contractor"),
    path("viec/<str:secret>/anh/<uuid:photo>/", contractor.photo, name="contractor_photo"),
]
