"""Signing in and out, and the language of the screens."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter.access import SeeOther
from counter.enums import StaffLanguage
from counter.models import Clerk
from counter.sign_in import SignInForm


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return SeeOther(_wanted_page(request))
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        login(request, form.get_user())
        return SeeOther(_wanted_page(request))
    context = {"form": form, "next": request.GET.get("next", "")}
    return render(
        request, "counter/sign_in.html", context, status=422 if form.errors else 200
    )


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return SeeOther("counter:sign_in")


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Dutch or English screens: kept with the clerk, and for the sign-in page here."""
    answer = SeeOther(_wanted_page(request))
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


def _wanted_page(request: HttpRequest) -> str:
    """Where the clerk was going, if that is a page of this site."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours else resolve_url(settings.LOGIN_REDIRECT_URL)
