"""What the views of signing in share: redirects, and responses to forms with a secret.

After the password, a second step asks for the digits of the app or for a passkey.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counter.models import Clerk, SecondFactor
from counter.passkeys import keeping
from counter.sign_in import known_devices, pending_sign_in
from counter.sign_in.tries import NotComparedError
from counter.staff import desks
from counter.web.form_fields import SixDigitsField
from counter.web.form_layout import Row, layout
from counter.web.next_page import next_page
from counter.web.see_other import SeeOther


def go_to_the_desk(
    request: HttpRequest, clerk: Clerk, wanted: str = ""
) -> HttpResponse:
    """Answer a complete sign-in, and remember this computer for the account.

    `wanted` is the URL to go to, when this request does not contain it.
    """
    wanted = wanted or wanted_page(request)
    response = SeeOther(desks.after_signing_in(request, clerk, wanted))
    known_devices.remember(request, response, clerk)
    return response


def answer_to(
    form: forms.Form, request: HttpRequest, template: str, context: dict[str, object]
) -> HttpResponse:
    """Return the page of a form with a secret, with status 422 when it has errors.

    When the secret was not compared (NotComparedError), the response has that error's
    status and the header Retry-After.
    """
    for error in (error for of in form.errors.as_data().values() for error in of):
        if isinstance(error, NotComparedError):
            response = render(request, template, context, status=error.status)
            response.headers["Retry-After"] = str(error.seconds)
            return response
    return render(request, template, context, status=422 if form.errors else 200)


def wanted_page(request: HttpRequest) -> str:
    """The page of this site to which the clerk was going; the desk by default."""
    return next_page(request) or resolve_url(settings.LOGIN_REDIRECT_URL)


class SecondFactorForm(forms.Form):
    helper = layout(Row("digits"))

    digits = SixDigitsField()
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["digits"].widget.attrs["autofocus"] = True


def after_the_password[**P](
    view: Callable[Concatenate[HttpRequest, SecondFactor, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """A decorator that passes the pending sign-in's app to the view; when there is
    none, it redirects to the step of the password.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        wanted = wanted_page(request)
        if request.user.is_authenticated:
            return SeeOther(wanted)
        factor = pending_sign_in.whose(request, at=timezone.now())
        if factor is None:
            sentence = _("First your user name and password; then you have 5 minutes.")
            messages.info(request, sentence)
            return SeeOther(with_next("counter_sign_in:sign_in", wanted))
        return view(request, factor, *args, **kwargs)

    return guarded


def finish(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """Sign in after the right digits or passkey, and redirect to the desk."""
    pending_sign_in.finish(request, factor)
    return go_to_the_desk(request, factor.clerk)


def show_second_factor(
    request: HttpRequest,
    factor: SecondFactor,
    form: SecondFactorForm | None = None,
    *,
    refused: forms.Form | None = None,
) -> HttpResponse:
    """Return the page that asks for the digits, and for a passkey if there is one.

    The field `answer` of `refused` has the errors of a passkey that was refused.
    """
    form = form or SecondFactorForm()
    context: dict[str, object] = {
        "form": form,
        "refusals": refused.errors["answer"] if refused else [],
        "next": wanted_page(request),
        "has_passkey": keeping.are_asked_of(factor.clerk),
    }
    return answer_to(
        refused or form, request, "counter/sign_in/second_factor.html", context
    )


def with_next(name: str, wanted: str) -> str:
    """The URL of the view `name`, with `wanted` as the page to go to afterwards."""
    return f"{reverse(name)}?{urlencode({'next': wanted})}"
