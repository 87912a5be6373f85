"""After the password, as its pages share it: the digits of the app, or a passkey."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counter.models import SecondFactor
from counter.passkeys import keeping
from counter.sign_in import pending_sign_in
from counter.sign_in.pages import answer_to, go_to_the_desk, wanted_page
from counter.web.form_fields import SixDigitsField
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther


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
    """Give the view the app that is asked; who has to type the password goes there."""

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
    """Digits or passkey were right: signed in, and on to the desk."""
    pending_sign_in.finish(request, factor)
    return go_to_the_desk(request, factor.clerk)


def show_second_factor(
    request: HttpRequest,
    factor: SecondFactor,
    form: SecondFactorForm | None = None,
    *,
    refused: forms.Form | None = None,
) -> HttpResponse:
    """The page that asks for the digits, and first for a passkey of who has one.

    `refused` has in `answer` why a passkey was not accepted.
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
    """The address of the page `name`, which goes on to `wanted`."""
    return f"{reverse(name)}?{urlencode({'next': wanted})}"
