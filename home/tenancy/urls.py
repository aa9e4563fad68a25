from django.urls import path

from . import staff, views

app_name = "tenancy"
urlpatterns = [
    path("phuong/", views.wards, name="wards"),
    path("phuong/mo/", views.open_new, name="open"),
    path("phuong/<slug:slug>/", views.ward, name="ward"),
    path("phuong/<slug:slug>/thong-tin/", views.facts, name="facts"),
    path("phuong/<slug:slug>/doi-ten/", views.rename, name="rename"),
    path("phuong/<slug:slug>/ten-mien/", views.host, name="host"),
    path("phuong/<slug:slug>/dong/", views.close, name="close"),
    path("phuong/<slug:slug>/nhan-su/", staff.people, name="people"),
    path("phuong/<slug:slug>/nhan-su/<int:membership>/thoi/", staff.dismiss, name="dismiss"),
    path("phuong/<slug:slug>/toa-nha/", staff.buildings, name="buildings"),
    path("sap-xep/", views.draft, name="draft"),
    path("sap-xep/<int:plan>/", views.plan, name="plan"),
    path("sap-xep/<int:plan>/phuong/<slug:slug>/", views.assign, name="assign"),
    path("sap-xep/<int:plan>/xac-nhan/", views.confirm, name="confirm"),
    path("sap-xep/<int:plan>/rut-lai/", views.call_back, name="call_back"),
    path("sap-xep/<int:plan>/chay-tiep/", views.go_on, name="go_on"),
    path("sap-xep/<int:plan>/bo/", views.drop, name="drop"),
    path("sap-xep/<int:plan>/bao-cao.xlsx", views.report, name="report"),
]
