"""A person's inbox and profile, and the demo's mailbox."""

from allauth.account.models import EmailAddress
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import notifications
from .accounts.fields import as_e164
from .accounts.forms import ProfileForm
from .addresses import here
from .models import MailboxMessage, Notification

NOTICES_A_PAGE = 20
MESSAGES_A_PAGE = 30


# --- Notices -------------------------------------------------------------------------------------
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    notices = Notification.objects.visible_to(request.user)
    page = Paginator(notices, NOTICES_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "core/inbox.html", {"page": page, "unread": notices.unread().count()})


@require_POST
def open_notice(request: HttpRequest, id) -> HttpResponse:
    """Mark a notice as read and go where it points."""
    mine = Notification.objects.visible_to(request.user)
    notice = get_object_or_404(mine, id=id)
    notifications.read(mine.filter(pk=notice.pk), at=timezone.now())
    inside = notice.url and url_has_allowed_host_and_scheme(notice.url, allowed_hosts=None)
    return redirect(here(notice.url) if inside else "core:inbox")


@require_POST
def read_all_notices(request: HttpRequest) -> HttpResponse:
    notifications.read(Notification.objects.visible_to(request.user), at=timezone.now())
    return redirect("core:inbox")


# --- Profile -------------------------------------------------------------------------------------
@require_safe
def profile(request: HttpRequest) -> HttpResponse:
    user = request.user
    return render(
        request,
        "core/profile.html",
        {
            "confirmed_email": EmailAddress.objects.filter(user=user, verified=True, email=user.email).exists(),
            "second_factor": is_mfa_enabled(user),
        },
    )


def edit_profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Đã lưu hồ sơ cá nhân. Các mẫu đơn sau này sẽ được điền sẵn."))
        return redirect("core:profile")
    return render(request, "core/profile_edit.html", {"form": form})


# --- The demo's mailbox --------------------------------------------------------------------------
@login_not_required
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """E-mails and SMS the demo kept. There is no such page outside it: codes are written here."""
    if not settings.DEMO:
        raise Http404
    query = request.GET.get("q", "").strip()
    kept = MailboxMessage.objects.all()
    if query:
        phone = as_e164(query)
        kept = kept.filter(Q(to__icontains=query) | (Q(to=phone) if phone else Q()))
    page = Paginator(kept, MESSAGES_A_PAGE).get_page(request.GET.get("trang"))
    return render(request, "core/mailbox.html", {"page": page, "query": query})
