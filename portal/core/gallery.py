"""Every component on one page with invented content, in development only."""

from datetime import date, datetime
from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from portal.core.forms import DateField, FilesField, choices_with_prompt


class GalleryForm(forms.Form):
    """One field of each kind. Sent as it stands it shows each of their errors."""

    full_name = forms.CharField(
        label="Họ, chữ đệm và tên",
        help_text="Viết như trên thẻ căn cước, có dấu.",
        widget=forms.TextInput({"autocomplete": "name"}),
    )
    birth_date = DateField(
        label="Ngày sinh", help_text="Ví dụ: 27 3 1985", autocomplete="bday", latest=date(2026, 11, 23)
    )
    purpose = forms.CharField(label="Mục đích sử dụng giấy", widget=forms.Textarea({"rows": 4}))
    ethnicity = forms.ChoiceField(
        label="Dân tộc",
        choices=choices_with_prompt([("kinh", "Kinh"), ("tay", "Tày"), ("muong", "Mường")]),
        widget=forms.Select({"class": "input-20"}),
    )
    delivery = forms.ChoiceField(
        label="Nhận kết quả bằng cách nào",
        choices=[
            ("pdf", "Bản điện tử, tải về ngay khi ký"),
            ("desk", "Bản giấy tại bộ phận Một cửa"),
            ("post", "Bản giấy qua bưu điện"),
        ],
        widget=forms.RadioSelect,
    )
    notices = forms.MultipleChoiceField(
        label="Nhận thông báo qua",
        choices=[("sms", "Tin nhắn điện thoại"), ("email", "Thư điện tử")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    phone = forms.CharField(
        label="Số điện thoại", required=False, widget=forms.TextInput({"type": "tel", "class": "input-12"})
    )
    identity = FilesField(label="Ảnh thẻ căn cước, hai mặt", help_text="Ảnh hoặc PDF, mỗi tệp không quá 10 MB.")
    declared = forms.BooleanField(label="Tôi chịu trách nhiệm trước pháp luật về lời khai này")

    def clean(self) -> dict:
        if self.errors:
            self.add_error(None, "Phần khai này chưa đủ để gửi.")
        return self.cleaned_data


class UploadForm(forms.Form):
    identity = FilesField(label="Ảnh thẻ căn cước, hai mặt", help_text="Ảnh hoặc PDF, mỗi tệp không quá 10 MB.")


class SmallForm(forms.Form):
    note = forms.CharField(label="Ghi chú", required=False)


def _example_files() -> list[dict]:
    return [
        {
            "id": 1,
            "name": "can-cuoc-mat-truoc.jpg",
            "size": 1_240_000,
            "pages": 1,
            "url": "#tep-1",
            "thumbnail_url": "",
        },
        {
            "id": 2,
            "name": "Giấy xác nhận nơi cư trú.pdf",
            "size": 384_000,
            "pages": 3,
            "url": "#tep-2",
            "thumbnail_url": "",
        },
    ]


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """`?trang=` turns the pages, `?loi=1` sends the form empty."""
    messages.success(request, "Đã lưu phần khai. Bạn có thể nghỉ và quay lại sau.")
    messages.error(request, "Tệp chưa được lưu: đường truyền bị ngắt.")
    wards = [
        SimpleNamespace(name=name, address=address, get_absolute_url=f"#{slug}")
        for slug, name, address in (
            ("viet-hung", "Việt Hưng", "Số 1, phố Hoa Lâm"),
            ("giang-bien", "Giang Biên", "Số 2, phố Tình Quang"),
            ("thuong-thanh", "Thượng Thanh", "Số 3, phố Thanh Am"),
        )
    ]
    return render(
        request,
        "gallery.html",
        {
            "form": GalleryForm({}) if "loi" in request.GET else GalleryForm(),
            "upload_form": UploadForm(prefix="tep"),
            "wrong_form": GalleryForm(
                {"sai-birth_date_day": "31", "sai-birth_date_month": "2", "sai-birth_date_year": "1985"}, prefix="sai"
            ),
            "formset": forms.formset_factory(SmallForm, extra=1)(prefix="nhom"),
            "page": Paginator(range(240), 20).get_page(request.GET.get("trang")),
            "files": _example_files(),
            "wards": wards,
            "at": datetime(2026, 11, 23, 17, 5, tzinfo=timezone.get_default_timezone()),
        },
    )
