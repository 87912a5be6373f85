"""Signing in and out, the locked screen, and the language of the screens."""

from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter import half_signed_in, one_session, second_factor
from counter import lock as screen
from counter.access import SeeOther, for_clerks
from counter.enums import StaffLanguage
from counter.models import Clerk
from counter.sign_in import SignInForm


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return SeeOther(wanted_page(request))
    half_signed_in.forget(request)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _go_on(request, form.get_user())
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(
        request, "counter/sign_in.html", context, status=422 if form.errors else 200
    )


def _go_on(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The password was right: the six digits, where they are asked for."""
    wanted = wanted_page(request)
    if not second_factor.is_required():
        one_session.begin(request, clerk)
        return SeeOther(wanted)
    half_signed_in.begin(request, clerk, at=timezone.now())
    query = urlencode({"next": wanted})
    return SeeOther(f"{reverse('counter:second_factor')}?{query}")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return SeeOther("counter:sign_in")


@require_POST
@for_clerks
def lock(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The key, the button, or the page by itself when nobody touched it for long."""
    screen.lock(clerk)
    return SeeOther(screen.lock_screen(wanted_page(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def unlock(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The locked screen: the same clerk goes on, somebody else signs in."""
    wanted = wanted_page(request)
    if clerk.screen_locked_at is None:
        return SeeOther(wanted)
    posted = request.method == "POST"
    form = screen.UnlockForm(request.POST if posted else None, clerk=clerk)
    if posted and form.is_valid():
        if screen.unlock(request, clerk):
            messages.warning(
                request,
                _("What you sent to the locked screen was not saved: do it again."),
            )
        return SeeOther(wanted)
    context = {"form": form, "next": wanted}
    status = 422 if form.errors else 200
    return render(request, "counter/unlock.html", context, status=status)


@require_POST
@for_clerks
def at_work(_request: HttpRequest, _clerk: Clerk) -> HttpResponse:
    """Somebody types or points on a page that sends nothing yet.

    counter.middleware notes it, as it notes every request.
    """
    return HttpResponse(status=204)


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English screens: kept with the clerk, and for the sign-in page here."""
    answer = SeeOther(wanted_page(request))
    language = request.POST.get("language")
    if language in StaffLanguage.values:
        Clerk.objects.filter(pk=request.user.pk).update(language=language)
        answer.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            language,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return answer


def wanted_page(request: HttpRequest) -> str:
    """Where the clerk was going, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return _readable(wanted) if ours else resolve_url(settings.LOGIN_REDIRECT_URL)


def _readable(wanted: str) -> str:
    """A page that is only shown in answer to a form: the dossier that it is about."""
    try:
        match = resolve(urlsplit(wanted).path)
    except Resolver404:
        return wanted
    if match.view_name == "counter:reveal_number":
        return reverse("counter:dossier", kwargs=match.kwargs)
    return wanted
