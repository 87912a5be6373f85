"""Signing in and out, the locked screen, and the language of the screens."""

from urllib.parse import urlencode, urlsplit

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter import desks, half_signed_in, known_devices, one_session, second_factor
from counter import lock as screen
from counter.access import SeeOther, for_clerks
from counter.enums import StaffLanguage
from counter.models import Clerk
from counter.next_page import next_page
from counter.sign_in import SignInForm
from counter.tries import NotComparedError


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
    return answer_to(form, request, "counter/sign_in.html", context)


def _go_on(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The password was right: the six digits, where they are asked for."""
    if not second_factor.is_required():
        one_session.begin(request, clerk)
        return go_to_the_desk(request, clerk)
    half_signed_in.begin(request, clerk, at=timezone.now())
    query = urlencode({"next": wanted_page(request)})
    return SeeOther(f"{reverse('counter:second_factor')}?{query}")


def go_to_the_desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Signed in with everything that is asked: this computer is known from now on."""
    wanted = wanted_page(request)
    response = SeeOther(desks.after_signing_in(request, clerk, wanted))
    known_devices.remember(request, response, clerk)
    return response


def answer_to(
    form: forms.Form, request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    """The page of a form that takes a secret, which may have to be sent again later."""
    for error in (error for of in form.errors.as_data().values() for error in of):
        if isinstance(error, NotComparedError):
            response = render(request, template, context, status=error.status)
            response.headers["Retry-After"] = str(error.seconds)
            return response
    return render(request, template, context, status=422 if form.errors else 200)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Clerk):
        desks.sit_at(clerk=request.user, desk=None, at=timezone.now())
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
    return answer_to(form, request, "counter/unlock.html", context)


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
            samesite=settings.LANGUAGE_COOKIE_SAMESITE,
        )
    return answer


def wanted_page(request: HttpRequest) -> str:
    """Where the clerk was going, if that is a page of this site; else the desk."""
    wanted = next_page(request)
    return _readable(wanted) if wanted else resolve_url(settings.LOGIN_REDIRECT_URL)


def _readable(wanted: str) -> str:
    """A page that is only shown in answer to a form: the dossier that it is about."""
    match = resolve(urlsplit(wanted).path)
    if match.view_name == "counter:reveal_number":
        return reverse("counter:dossier", kwargs=match.kwargs)
    return wanted
