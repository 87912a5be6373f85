"""The link of the mail for a forgotten password.

Whoever opens it reads the holder's mail, as whoever types its digits. It works in any
browser, also when strangers used up the tries under the name, or the mails of the day.
Machines open links too: looking changes nothing, and what is remembered goes into a
signed cookie, as with the link of an activation. A form asks how to go on.
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

#: How to go on; what the buttons send.
_SIGN_IN: Final = "sign_in"
_FORGOT_IT: Final = "new_password"
_FOR: Final = timedelta(minutes=60)
_SALT: Final = "activation.mailed"


def _cookie() -> str:
    return "__Host-mailed" if settings.SESSION_COOKIE_SECURE else "mailed"


@require_safe
@sensitive_variables()
def open_mail(request: HttpRequest, presented: str) -> HttpResponse:
    """Look at the token, and go on to a page whose address does not hold it."""
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
    """Ask whether the password is known, and go on from there."""
    at = timezone.now()
    code = _opened(request)
    holder = next(iter(recovery_links.holders_shown_by(code)), None) if code else None
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
    request: HttpRequest, code: OneTimeCode, holder: KeyHolder, how: str
) -> HttpResponse:
    if how == _FORGOT_IT:
        at = timezone.now()
        stages.enter_stage(request, Stage.RECOVERING_KEY, holder, at=at)
        return pages.see_other("activation_holder:recovery_key")
    if how != _SIGN_IN:
        return pages.see_other("activation_holder:way_in")
    device.let_in(request, code.pk)
    messages.success(request, _("Sign in now. In this browser you need not wait."))
    return pages.see_other("activation_holder:sign_in")


@sensitive_variables()
def _opened(request: HttpRequest) -> OneTimeCode | None:
    """The code whose link was opened here within the hour, if it still works."""
    seconds = int(_FOR.total_seconds())
    value = request.get_signed_cookie(_cookie(), "", salt=_SALT, max_age=seconds)
    if not value:
        return None
    return recovery_links.good(uuid.UUID(hex=value), at=timezone.now())


def _no_longer(request: HttpRequest) -> HttpResponse:
    """One page for a link that is too old, used up, or made up."""
    office = office_of_visitor(request)
    return pages.show(
        request,
        "activation/holder/recovery/mail_too_old.html",
        {"office": office},
        status=410,
    )
