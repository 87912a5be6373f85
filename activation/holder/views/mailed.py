"""The pages for the link in the mail for a forgotten password.

Like the digits in that mail, the link proves access to the holder's mailbox. It works
in any browser, also when other people have used up the tries for the user name or the
mails of the day. Mail scanners open links too, so opening it changes nothing: which
link was opened is stored in a signed cookie, as with the link of an activation. A form
then asks how to continue.
"""

import uuid
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from activation.holder import recovery_links
from activation.holder.sessions import device, session, stages
from activation.holder.sessions.holder_session import Stage
from activation.models import KeyHolder, OneTimeCode
from activation.web import pages
from activation.web.office import office_of_visitor

#: The two ways to continue, as the buttons send them.
_SIGN_IN: Final = "sign_in"
_FORGOT_IT: Final = "new_password"
_FOR: Final = timedelta(minutes=60)
_SALT: Final = "activation.mailed"


def _cookie() -> str:
    return "__Host-mailed" if settings.SESSION_COOKIE_SECURE else "mailed"


@require_safe
@sensitive_variables()
def open_mail(request: HttpRequest, presented: str) -> HttpResponse:
    """Check the token, and redirect to a page whose address does not contain it."""
    code = recovery_links.find(presented, at=timezone.now())
    if code is None:
        return _no_longer(request)
    response = pages.see_other("activation_holder:way_in")
    response.set_signed_cookie(
        _cookie(),
        code.pk.hex,
        salt=_SALT,
        max_age=int(_FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def way_in(request: HttpRequest) -> HttpResponse:
    """Ask whether the holder knows the password or wants a new one, and continue."""
    at = timezone.now()
    code = _opened(request)
    holder = next(iter(recovery_links.holders_of_link(code)), None) if code else None
    if code is None or holder is None:
        return _no_longer(request)
    if too_much := session.throttled(request, at=at):
        return too_much
    if request.method == "POST":
        return _go_on(request, code, holder, request.POST.get("go_on", ""))
    return pages.show(
        request,
        "activation/holder/recovery/way_in.html",
        {"office": holder.dossier.office},
    )


def _go_on(
    request: HttpRequest, code: OneTimeCode, holder: KeyHolder, answer: str
) -> HttpResponse:
    if answer == _FORGOT_IT:
        at = timezone.now()
        stages.enter_stage(request, Stage.RECOVERING_KEY, holder, at=at)
        return pages.see_other("activation_holder:recovery_key")
    if answer != _SIGN_IN:
        return pages.see_other("activation_holder:way_in")
    device.let_in(request, code.pk)
    messages.success(request, _("Sign in now. In this browser you need not wait."))
    return pages.see_other("activation_holder:sign_in")


@sensitive_variables()
def _opened(request: HttpRequest) -> OneTimeCode | None:
    """The one-time code whose link was opened in this browser in the last hour.

    None without one, or when its link no longer works.
    """
    seconds = int(_FOR.total_seconds())
    value = request.get_signed_cookie(_cookie(), "", salt=_SALT, max_age=seconds)
    if not value:
        return None
    return recovery_links.good(uuid.UUID(hex=value), at=timezone.now())


def _no_longer(request: HttpRequest) -> HttpResponse:
    """The page for every link that does not work: too old, used up, or invented."""
    office = office_of_visitor(request)
    return pages.show(
        request,
        "activation/holder/recovery/mail_too_old.html",
        {"office": office},
        status=410,
    )
