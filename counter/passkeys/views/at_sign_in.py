"""The step after the password: a passkey instead of the app's digits."""

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_POST

from counter.enums import StaffSecret
from counter.models import SecondFactor
from counter.passkeys import ceremonies, challenges, keeping
from counter.passkeys.challenges import Purpose
from counter.passkeys.forms import AnswerForm
from counter.sign_in import tries
from counter.sign_in.pages import (
    after_the_password,
    finish,
    show_second_factor,
)


@require_POST
@after_the_password
@sensitive_variables()
def question(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """The options with which the browser asks for a passkey, as JSON."""
    if factor.confirmed_at is None or not keeping.are_asked_of(factor.clerk):
        return HttpResponse(status=404)
    at, clerk = timezone.now(), factor.clerk
    challenge = challenges.ask(request, clerk, Purpose.SIGN_IN, at=at)
    asked = ceremonies.question_to_sign_in(clerk, challenge)
    return HttpResponse(asked, content_type="application/json")


@require_POST
@sensitive_post_parameters()
@after_the_password
@sensitive_variables()
def sign_in(request: HttpRequest, factor: SecondFactor) -> HttpResponse:
    """Sign in with a passkey's answer; if it is refused, ask for the digits."""
    if factor.confirmed_at is None or not keeping.are_asked_of(factor.clerk):
        return HttpResponse(status=404)
    form = AnswerForm(request.POST)
    if form.is_valid():
        try:
            keeping.accept(
                request,
                clerk=factor.clerk,
                answer=form.cleaned_data["answer"],
                door=tries.at_sign_in_page(
                    request, factor.clerk.get_username(), StaffSecret.PASSKEY
                ),
                at=timezone.now(),
            )
        except ValidationError as error:
            form.add_error("answer", error)
        else:
            return finish(request, factor)
    return show_second_factor(request, factor, refused=form)
