"""Signing in and out, the locked screen, and the language of the screens."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter.city_sign_on import asking, linking, provider, way
from counter.enums import StaffLanguage
from counter.models import Clerk
from counter.sign_in import (
    pending_sign_in,
    screen_lock,
    sign_in_app,
    single_session,
)
from counter.sign_in.pages import answer_to, go_to_the_desk, wanted_page
from counter.sign_in.secrets import SignInForm
from counter.staff import desks
from counter.staff.access import for_staff
from counter.web.see_other import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return SeeOther(wanted_page(request))
    pending_sign_in.forget(request)
    form = SignInForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _go_on(request, form.get_user())
    context = {
        "form": form,
        "next": request.GET.get("next", ""),
        "city": provider.name(),
        "is_for_few": bool(settings.PASSWORD_SIGN_IN_ONLY_FOR),
    }
    return answer_to(form, request, "counter/sign_in/sign_in.html", context)


def _go_on(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """After the right password: go to the second step, if one is required."""
    if not sign_in_app.is_required():
        single_session.begin(request, clerk)
        return go_to_the_desk(request, clerk)
    pending_sign_in.begin(request, clerk, at=timezone.now())
    query = urlencode({"next": wanted_page(request)})
    return SeeOther(f"{reverse('counter_sign_in:second_factor')}?{query}")


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign out; a clerk who came by the city's sign-on is signed out there too.

    The computer is shared: otherwise the city's sign-on would take the next person for
    this clerk.
    """
    by_city = request.session.get(single_session.BY_CITY, False)
    if isinstance(request.user, Clerk):
        single_session.sign_out(request, request.user)
        desks.sit_at(clerk=request.user, desk=None, at=timezone.now())
    logout(request)
    if by_city and (address := asking.address_to_sign_out()):
        return way.lead_there(address)
    return SeeOther("counter_sign_in:sign_in")


@require_POST
@for_staff
def lock(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """Lock the screen: by a key, by the button, or by the page's script when idle."""
    screen_lock.lock(clerk)
    return SeeOther(screen_lock.address_of_lock(wanted_page(request)))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_staff
def unlock(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The lock screen: the same clerk unlocks it, or somebody else signs in."""
    wanted = wanted_page(request)
    if clerk.sign_in.screen_locked_at is None:
        return SeeOther(wanted)
    posted = request.method == "POST"
    form = screen_lock.UnlockForm(request.POST if posted else None, clerk=clerk)
    if posted and form.is_valid():
        if screen_lock.unlock(request, clerk):
            messages.warning(request, screen_lock.NOT_SAVED)
        return SeeOther(wanted)
    context = {
        "form": form,
        "next": wanted,
        "has_password": clerk.has_usable_password(),
        "city": provider.name() if linking.is_linked(clerk) else "",
    }
    return answer_to(form, request, "counter/sign_in/unlock.html", context)


@require_POST
@for_staff
def at_work(_request: HttpRequest, _clerk: Clerk) -> HttpResponse:
    """The page's script calls this while somebody types or moves the pointer.

    counter.web.middleware notes the time, as at every request.
    """
    return HttpResponse(status=204)


@require_POST
def switch_language(request: HttpRequest) -> HttpResponse:
    """Switch between Dutch and English: for the clerk, and in a cookie for the sign-in
    page on this computer.
    """
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
