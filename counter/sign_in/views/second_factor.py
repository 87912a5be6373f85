"""After the password: six digits of the app, and setting the app up the first time."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from counter.enums import StaffSecret
from counter.models import SecondFactor
from counter.sign_in import pending_sign_in, totp, tries
from counter.sign_in import second_factor as app
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
            return SeeOther(_with_next("counter_sign_in:sign_in", wanted))
        return view(request, factor, *args, **kwargs)

    return guarded


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@after_the_password
def second_factor(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """The digits that the clerk's app shows now."""
    if factor.confirmed_at is None:
        return SeeOther(_with_next("counter_sign_in:set_up_app", wanted_page(request)))
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            app.accept(
                clerk=factor.clerk,
                typed=form.cleaned_data["digits"],
                door=tries.at_sign_in_page(
                    request, factor.clerk.get_username(), StaffSecret.DIGITS
                ),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("digits", error)
        else:
            return _finish(request, factor)
    return _show(request, "counter/sign_in/second_factor.html", form)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@after_the_password
@sensitive_variables()
def set_up_app(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """The first time: the secret as a picture and typed, and the digits it gives."""
    if factor.confirmed_at is not None:
        return SeeOther(
            _with_next("counter_sign_in:second_factor", wanted_page(request))
        )
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            app.confirm(
                factor=factor,
                typed=form.cleaned_data["digits"],
                door=tries.while_setting_up(request, factor.attempt),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("digits", error)
        else:
            return _finish(request, factor)
    secret = totp.grouped(factor.secret)
    return _show(request, "counter/sign_in/set_up_app.html", form, secret=secret)


@require_safe
@after_the_password
@sensitive_variables()
def app_qr_code(_request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """What the page that sets an app up shows, to scan; never after it."""
    if factor.confirmed_at is not None:
        return HttpResponse(status=404)
    return HttpResponse(totp.qr_image(app.uri(factor)), content_type="image/svg+xml")


def _finish(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    pending_sign_in.finish(request, factor)
    return go_to_the_desk(request, factor.clerk)


@sensitive_variables()
def _show(
    request: HttpRequest, template: str, form: SecondFactorForm, **context: object
) -> HttpResponse:
    context |= {"form": form, "next": wanted_page(request)}
    return answer_to(form, request, template, context)


def _with_next(name: str, wanted: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': wanted})}"
