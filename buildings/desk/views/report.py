"""The monthly report, on the screen and as a PDF for the board's meeting."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.http import require_safe

from portal.core.files.downloads import private_response
from portal.core.pdf import render_pdf_now

from ...access import manager_required
from ...models import Building
from ..report import Month
from ..report import report as report_of


@require_safe
@manager_required()
def report(request: HttpRequest, building: Building) -> HttpResponse:
    """The month asked for, else the current one; months to come have no report."""
    current = Month.of(timezone.now())
    month = Month.parse(request.GET.get("thang", ""), otherwise=current)
    context = {
        "building": building,
        "report": report_of(building, month),
        "later": month.after if month != current else None,
    }
    return render(request, "building_desk/report.html", context)


@require_safe
@manager_required()
def printed(request: HttpRequest, building: Building) -> HttpResponse:
    at = timezone.now()
    month = Month.parse(request.GET.get("thang", ""), otherwise=Month.of(at))
    with translation.override("vi"):  # its words are chosen here, and the paper is Vietnamese
        told = report_of(building, month)
    context = {
        "title": "BÁO CÁO THÁNG",
        "subtitle": f"Xử lý yêu cầu của cư dân, tháng {month.first:%m/%Y}",
        "agency": building.operated_by.company if building.operated_by else f"Ban quản lý {building.name}",
        "building": building,
        "report": told,
        "place": building.ward.name,
        "date": timezone.localdate(at),
    }
    return private_response(
        render_pdf_now("pdf/buildings/report.html", context),
        filename=f"bao-cao-{building.slug}-{month}.pdf",
        mime="application/pdf",
        inline=True,
    )
