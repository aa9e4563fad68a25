"""The screens. A signed-in person is known by the session, the reader of a mail by the token in it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from buildings.models import Residency, Ward
from portal.core.limits import too_often, within_rate

from . import actions, consent, tokens
from .forms import EVERY_BUILDING, INBOX, MAIL, NewResidentForm, ResidentForm, SignUpForm, WishesForm
from .models import SignUp, Subscriber, Subscription

ASK_RATE = "30/h/ip"  # an office or a family behind one address


# --- Asking --------------------------------------------------------------------------------------
@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """What one follows, and the wards one may follow."""
    subscriber = Subscriber.objects.visible_to(request.user).select_related("user").first()
    followed = _followed(subscriber)
    others = Ward.objects.open().exclude(pk__in=[row.ward_id for row in followed])
    return render(
        request, "subscriptions/index.html", {"subscriber": subscriber, "followed": followed, "others": others}
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ward(request: HttpRequest, ward: str) -> HttpResponse:
    place = get_object_or_404(Ward.objects.open(), slug=ward)
    if request.user.is_authenticated:
        return _as_resident(request, place)
    form = SignUpForm(place, request.POST or None)
    if request.method == "POST":
        if not within_rate(request, "subscribe", ASK_RATE):
            return too_often(request)
        if form.is_valid():
            actions.ask(
                form.cleaned_data["email"],
                place,
                form.wishes(),
                language=get_language(),
                consent_version=consent.CURRENT,
                at=timezone.now(),
            )
            return redirect("subscriptions:asked")
    return render(request, "subscriptions/ward.html", {"ward": place, "form": form})


def _as_resident(request: HttpRequest, ward: Ward) -> HttpResponse:
    subscription = Subscription.objects.filter(
        ward=ward, subscriber__in=Subscriber.objects.visible_to(request.user)
    ).first()
    address = request.user.email or ""
    if subscription:
        form = ResidentForm(ward, request.POST or None, address=address, initial=_initial(subscription))
    else:
        form = NewResidentForm(ward, request.POST or None, address=address, initial=_suggested(request.user, ward))
    if request.method == "POST":
        at = timezone.now()
        if subscription and "leave" in request.POST:
            actions.leave(subscription, by=request.user, at=at)
            messages.success(request, _("Bạn không còn theo dõi %(ward)s.") % {"ward": ward.shown})
            return redirect("subscriptions:index")
        if form.is_valid():
            if subscription:
                actions.change(subscription, form.wishes(), by=request.user, at=at)
            else:
                actions.follow(request.user, ward, form.wishes(), consent_version=consent.CURRENT, at=at)
            messages.success(request, _("Đã lưu. Thông báo của %(ward)s sẽ đến nơi bạn chọn.") % {"ward": ward.shown})
            return redirect("subscriptions:index")
    return render(request, "subscriptions/ward.html", {"ward": ward, "form": form, "subscription": subscription})


@login_not_required
@require_safe
def asked(request: HttpRequest) -> HttpResponse:
    """The same for every address, known or not, asked too often or not."""
    return render(request, "subscriptions/asked.html")


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """The button is pressed by a person: programs that open every link of a mail confirm nothing."""
    key = tokens.sign_up_of(token)
    sign_up = SignUp.objects.select_related("ward").filter(pk=key).first() if key else None
    if sign_up is None:
        return render(request, "subscriptions/gone.html", status=410)
    if request.method == "POST":
        subscription = actions.confirm(sign_up, at=timezone.now())
        context = {"ward": sign_up.ward, "subscription": subscription}
        if subscription and not subscription.subscriber.user_id:
            context["token"] = tokens.for_subscriber(subscription.subscriber)
        return render(request, "subscriptions/confirmed.html", context)
    return render(
        request,
        "subscriptions/confirm.html",
        {"ward": sign_up.ward, "sign_up": sign_up, "days": settings.SUBSCRIPTION_SIGN_UPS_KEPT.days},
    )


# --- By the link in a mail -----------------------------------------------------------------------
@csrf_exempt  # mail programs post here without having seen a page (RFC 8058); the token is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """GET changes nothing: what scans mails opens every link in them."""
    subscriber = _holder(token)
    if request.method == "POST":
        subscriber = actions.stop_mail(subscriber, at=timezone.now())
        return render(request, "subscriptions/stopped.html", {"subscriber": subscriber})
    mailed = [row for row in _followed(subscriber) if row.by_mail]
    if not mailed:
        return render(request, "subscriptions/stopped.html", {"subscriber": subscriber})
    return render(
        request,
        "subscriptions/stop.html",
        {"subscriber": subscriber, "wards": [row.ward for row in mailed], "token": token},
    )


@login_not_required
@never_cache
@require_safe
def mine(request: HttpRequest, token: str) -> HttpResponse:
    subscriber = _holder(token)
    if subscriber.user_id:
        return _to_account(request, reverse("subscriptions:index"))
    return render(
        request,
        "subscriptions/index.html",
        {"subscriber": subscriber, "followed": _followed(subscriber), "token": token},
    )


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def mine_of_ward(request: HttpRequest, token: str, ward: str) -> HttpResponse:
    subscriber = _holder(token)
    if subscriber.user_id:
        return _to_account(request, reverse("subscriptions:ward", args=[ward]))
    subscription = get_object_or_404(subscriber.subscriptions.select_related("ward"), ward__slug=ward)
    form = WishesForm(subscription.ward, request.POST or None, initial=_initial(subscription))
    if request.method == "POST":
        at = timezone.now()
        if "leave" in request.POST:
            actions.leave(subscription, by=None, at=at)
            messages.success(request, _("Bạn không còn theo dõi %(ward)s.") % {"ward": subscription.ward.shown})
            return redirect("subscriptions:mine", token)
        if form.is_valid():
            actions.change(subscription, form.wishes(), by=None, at=at)
            messages.success(request, _("Đã lưu."))
            return redirect("subscriptions:mine", token)
    context = {"ward": subscription.ward, "form": form, "subscription": subscription, "token": token}
    return render(request, "subscriptions/ward.html", context)


def _holder(token: str) -> Subscriber:
    """Whose mail the token stood in, even if they have stopped since."""
    key = tokens.subscriber_of(token)
    subscriber = Subscriber.objects.select_related("user").filter(pk=key).first() if key else None
    if subscriber is None:
        raise Http404
    return subscriber


def _to_account(request: HttpRequest, address: str) -> HttpResponse:
    """An account's choices are behind its sign-in, whoever holds a mail sent to it."""
    return redirect(address) if request.user.is_authenticated else redirect_to_login(address)


def _followed(subscriber: Subscriber | None) -> list[Subscription]:
    if subscriber is None:
        return []
    return list(subscriber.subscriptions.select_related("ward").prefetch_related("buildings"))


def _initial(subscription: Subscription) -> dict:
    buildings = [str(pk) for pk in subscription.buildings.values_list("pk", flat=True)]
    return {
        "buildings": [*buildings, EVERY_BUILDING] if subscription.every_building else buildings,
        "kinds": subscription.kinds,
        "rhythm": subscription.rhythm,
        "channels": [name for name, on in ((MAIL, subscription.by_mail), (INBOX, subscription.in_inbox)) if on],
    }


def _suggested(user, ward: Ward) -> dict:
    """The buildings of the ward in which this person lives, as its manager confirmed."""
    home = Residency.objects.confirmed().filter(user=user, apartment__building__ward=ward)
    return {"buildings": [str(pk) for pk in home.values_list("apartment__building", flat=True).distinct()]}
