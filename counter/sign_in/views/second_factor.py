"""The second step of signing in: the app's six digits, or setting up the app."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from counter.enums import StaffSecret
from counter.models import SecondFactor
from counter.sign_in import sign_in_app, totp, tries
from counter.sign_in.pages import (
    SecondFactorForm,
    after_the_password,
    answer_to,
    finish,
    show_second_factor,
    wanted_page,
    with_next,
)
from counter.web.see_other import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@after_the_password
def second_factor(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """Ask for the digits that the clerk's app shows now."""
    if factor.confirmed_at is None:
        return SeeOther(with_next("counter_sign_in:set_up_app", wanted_page(request)))
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sign_in_app.accept(
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
            return finish(request, factor)
    return show_second_factor(request, factor, form)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@after_the_password
@sensitive_variables()
def set_up_app(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """Show the secret as QR code and as text, and ask for the digits that it gives."""
    if factor.confirmed_at is not None:
        return SeeOther(
            with_next("counter_sign_in:second_factor", wanted_page(request))
        )
    form = SecondFactorForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            sign_in_app.confirm(
                factor=factor,
                typed=form.cleaned_data["digits"],
                door=tries.while_setting_up(request, factor.attempt),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("digits", error)
        else:
            return finish(request, factor)
    secret = totp.grouped(factor.secret)
    return _show(request, "counter/sign_in/set_up_app.html", form, secret=secret)


@require_safe
@after_the_password
@sensitive_variables()
def app_qr_code(_request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """The QR code for the page that sets up an app; 404 when the app is set up."""
    if factor.confirmed_at is not None:
        return HttpResponse(status=404)
    return HttpResponse(
        totp.qr_image(sign_in_app.uri(factor)), content_type="image/svg+xml"
    )


@sensitive_variables()
def _show(
    request: HttpRequest, template: str, form: SecondFactorForm, **context: object
) -> HttpResponse:
    context |= {"form": form, "next": wanted_page(request)}
    return answer_to(form, request, template, context)
