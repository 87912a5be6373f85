"""The pages that sign a holder in (user name, password, key) and out."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import Purpose, SignInFor
from activation.exceptions import ActivationError, TooManyRequestsError, WaitError
from activation.holder import account, signing_in
from activation.holder.exceptions import SignInBusyError
from activation.holder.forms import SignInForm
from activation.holder.sessions import belonging, proof, request_queue, session, stages
from activation.holder.sessions.device import device_of, known_as, remember_device
from activation.holder.sessions.holder_session import Stage
from activation.holder.views.recovering import no_key_left
from activation.journey.forms.key import DigitsForm
from activation.models import KeyHolder
from activation.web import pages
from activation.web.office import office_of_visitor
from activation.web.throttling import count_request
from counter.sign_in.hashing_places import RETRY_AFTER
from counter.web.visitor_address import address_of
from counter.web.waiting import seconds_until

_SIGN_IN = proof.Reason(Purpose.SIGN_IN, SignInFor.SIGN_IN)

_after_password = stages.at_stage(
    Stage.SIGNING_IN,
    start="activation_holder:sign_in",
    done="activation_holder:overview",
)


@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_variables()
def sign_in(request: HttpRequest) -> HttpResponse:
    """Check the user name and the password; the error never says which is wrong."""
    at = timezone.now()
    form = SignInForm(request.POST if request.method == "POST" else None)
    if present := session.holder_of(request, at=at):
        return _signed_in_already(request, form, present)
    if form.is_valid():
        try:
            count_request(address=address_of(request), at=at)
            holder = signing_in.check_password(
                user_name=form.cleaned_data["user_name"],
                password=form.cleaned_data["password"],
                device=device_of(request),
                browser=known_as(request, form.cleaned_data["user_name"]),
                at=at,
            )
        except (SignInBusyError, TooManyRequestsError) as error:
            return _not_now(request, form, error)
        except ActivationError as error:
            form.add_error(None, _with_the_way_in(error))
        else:
            return _ask_for_a_key(request, holder)
    return _show(request, form, status=422 if form.errors else 200)


def _not_now(
    request: HttpRequest,
    form: SignInForm,
    error: SignInBusyError | TooManyRequestsError,
) -> HttpResponse:
    """The answer when nothing was compared, because the person has to wait.

    The page does not keep the password, so the person types it again.
    """
    form.add_error(None, error.then_press(_("Go on")))
    if isinstance(error, SignInBusyError):
        return _show(request, form, status=503, retry_after=RETRY_AFTER)
    seconds = seconds_until(error.free_at, at=error.at)
    return _show(request, form, status=429, retry_after=seconds)


def _with_the_way_in(error: ActivationError) -> str:
    """The text of the error; when the person has to wait, also how the mail helps.

    With the link in the mail for a forgotten password they can sign in without waiting.
    """
    if not isinstance(error, WaitError):
        return str(error)
    way_in = _("Or press “Forgotten?”: with the link in the e-mail you need not wait.")
    return format_html("{} {}", error.then_press(_("Go on")), way_in)


def _show(
    request: HttpRequest, form: SignInForm, *, status: int, retry_after: int = 0
) -> HttpResponse:
    context = {"form": form, "office": office_of_visitor(request)}
    response = pages.show(
        request, "activation/holder/sign_in.html", context, status=status
    )
    if retry_after:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _signed_in_already(
    request: HttpRequest, form: SignInForm, present: KeyHolder
) -> HttpResponse:
    """Redirect to the overview of the holder who is signed in.

    When another user name was typed, a message says who is signed in.
    """
    typed = form.cleaned_data.get("user_name", "") if form.is_valid() else ""
    if typed and typed.lower() != present.user_name.lower():
        messages.warning(
            request,
            _(
                "Somebody is signed in here already, as %(name)s. To use another "
                "account, sign out first."
            )
            % {"name": present.user_name},
        )
    return pages.see_other("activation_holder:overview")


def _ask_for_a_key(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Propose a key and redirect to the page that asks for its digits.

    A message is sent here, because this is a POST; showing that page sends nothing.
    """
    at = timezone.now()
    stages.enter_stage(request, Stage.SIGNING_IN, holder, at=at)
    key, _keys = proof.choose(request, holder, at=at, named=None)
    if key is None:
        return no_key_left(request)
    proof.send(request, holder, key, purpose=Purpose.SIGN_IN, at=at)
    return pages.see_other("activation_holder:show_key")


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@_after_password
@sensitive_variables()
def show_key(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Sign the holder in when the six digits of one of their keys are right."""
    at = timezone.now()
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key, keys = proof.choose(request, holder, at=at, named=named)
    if key is None:
        return no_key_left(request)
    if valid:
        proved_key = proof.prove(request, holder, form, key, what_for=_SIGN_IN, at=at)
        if proved_key is not None:
            signing_in.complete(
                holder=holder,
                key=proved_key,
                device=device_of(request, holder),
                browser=known_as(request, holder.user_name),
                at=at,
            )
            session.start(request, holder, at=at)
            response = pages.see_other("activation_holder:overview")
            remember_device(request, response, holder)
            return response
    return pages.show(
        request,
        "activation/holder/show_key.html",
        {
            **proof.context(holder, key, keys, form, purpose=Purpose.SIGN_IN, at=at),
            "office": holder.dossier.office,
        },
        status=422 if form.errors else 200,
    )


@pages.sent_from("activation_holder:show_key")
@_after_password
def send_digits(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Send new digits for this key, or choose another key to sign in with."""
    proof.send_chosen(request, holder, purpose=Purpose.SIGN_IN, at=timezone.now())
    return pages.see_other("activation_holder:show_key")


@pages.sent_from("activation_holder:sign_in")
def sign_out(request: HttpRequest) -> HttpResponse:
    """Sign the holder out of this session.

    It waits for earlier requests of the session, which may continue it under a new key.
    """
    with request_queue.take(request) as is_there:
        if is_there and belonging.is_of_another(request):
            return belonging.refuse(request, "activation_holder:sign_in")
        session.sign_out(request)
    return pages.see_other("activation_holder:sign_in")


@pages.sent_from("activation_holder:overview")
@session.for_holder
def sign_out_everywhere(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """End all sessions of the holder, also this one.

    The person who presses the button may be at somebody else's computer.
    """
    account.sign_out_everywhere(holder=holder)
    session.sign_out(request)
    messages.success(request, _("You are signed out everywhere."))
    return pages.see_other("activation_holder:sign_in")
