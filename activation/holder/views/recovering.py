"""The pages for a holder who forgot the user name or the password.

The holder has to prove two things: access to the mailbox, and a key. For the first they
type the digits of a mail in the session that asked for it, or open its link in any
browser (activation.holder.views.mailed). A key whose digits are sent to that mailbox
does not count as the second (activation.holder.proving.keys_for). In the place of a key
they may type a recovery code. A holder who has neither comes to the counter.

The pages never reveal whether an account has an address or a name. For an unknown name
the answers and the next pages are the same and take the same time, and the session has
the same form.
"""

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from activation.enums import Purpose, SignInFor
from activation.holder import account, proving, recovery, signing_in
from activation.holder.exceptions import WrongRecoveryError
from activation.holder.forms import ForgottenForm, NewPasswordForm
from activation.holder.paper import recovery_codes
from activation.holder.sessions import belonging, proof, request_queue, session, stages
from activation.holder.sessions.device import device_of
from activation.holder.sessions.equal_time import in_equal_time
from activation.holder.sessions.holder_session import Stage
from activation.journey import context_words
from activation.journey.forms.key import DigitsForm
from activation.journey.forms.password import SECRETS
from activation.models import KeyHolder
from activation.public.prices import prices_for_everybody
from activation.querysets import TRIES_A_CODE
from activation.web import pages
from activation.web.office import office_of_visitor

_RECOVER = proof.Reason(Purpose.RECOVER, SignInFor.RECOVER)

_after_mail = stages.at_stage(
    Stage.RECOVERING_KEY,
    start="activation_holder:forgotten",
    done="activation_holder:new_password",
)


@require_http_methods(["GET", "HEAD", "POST"])
@in_equal_time
@sensitive_variables()
def forgotten(request: HttpRequest) -> HttpResponse:
    """Ask for the address or the user name, and mail a code to the account's address.

    An account that does not exist gets no mail, but the answer is the same.
    """
    at = timezone.now()
    form = ForgottenForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        if too_much := session.throttled(request, at=at):
            return too_much
        holder = _holder_called(form.cleaned_data["name"])
        before = stages.mailed_code_id(request)
        stages.enter_stage(request, Stage.RECOVERING, holder, at=at)
        mailed = recovery.ask(holder=holder, before=before, at=at)
        stages.set_mailed_code(request, mailed)
        return pages.see_other("activation_holder:recovery_code")
    return _show(request, "activation/holder/recovery/forgotten.html", form=form)


@sensitive_variables()
def _holder_called(name: str) -> KeyHolder | None:
    """The account with this user name, or else the newest one with this address.

    When several accounts have the address, the key or the recovery code that is used
    later decides which account is recovered (activation.holder.proving.keys_for).
    """
    holder = signing_in.find(name)
    if holder is None and "@" in name:
        holders = KeyHolder.objects.select_related("applicant").at_address(name)
        holder = holders.order_by("-created_at").first()
    return holder


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@in_equal_time
@sensitive_variables()
def recovery_code(request: HttpRequest) -> HttpResponse:
    """Ask for the six digits of the mail; then a key is asked for.

    The tries that the page shows are counted in the session, so that they are also
    counted for an account that does not exist.
    """
    at = timezone.now()
    if belonging.is_of_another(request):
        return belonging.refuse(request, "activation_holder:forgotten")
    if not stages.is_at(request, Stage.RECOVERING, at=at):
        return _not_at_the_digits(request)
    if too_much := session.throttled(request, at=at):
        return too_much
    form = DigitsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        with request_queue.take(request) as is_there:
            if not is_there or not stages.is_at(request, Stage.RECOVERING, at=at):
                return pages.see_other("activation_holder:recovery_key")
            if _takes_code(request, form, at):
                return pages.see_other("activation_holder:recovery_key")
    return _show(request, "activation/holder/recovery/recovery_code.html", form=form)


def _not_at_the_digits(request: HttpRequest) -> HttpResponse:
    """Redirect to the first page; a second click is redirected like the first one."""
    if stages.is_late(request):
        return request_queue.lead_on(request, "activation_holder:recovery_key")
    return pages.see_other("activation_holder:forgotten")


@sensitive_variables()
def _takes_code(request: HttpRequest, form: DigitsForm, at: datetime) -> bool:
    """Enter the next stage when the digits are right; otherwise add an error."""
    holder = stages.holder_at(request, Stage.RECOVERING, at=at)
    mailed = stages.mailed_code_id(request)
    if mailed and recovery.digits_are_right(
        holder=holder, code_id=mailed, typed=form.cleaned_data["digits"], at=at
    ):
        stages.enter_stage(request, Stage.RECOVERING_KEY, holder, at=at)
        return True
    left = TRIES_A_CODE - stages.count_wrong_digits(request)
    form.add_error("digits", str(WrongRecoveryError(tries_left=left)))
    return False


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@_after_mail
@sensitive_variables()
def recovery_key(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Ask for a key as well, because the mailbox alone must not open an account."""
    at = timezone.now()
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key, keys = proof.choose(
        request, holder, at=at, named=named, purpose=Purpose.RECOVER
    )
    if key is None:
        if recovery_codes.has_code_left(proving.sharing_mailbox(holder)):
            return pages.see_other("activation_holder:recover_with_code")
        return no_key_left(request)
    holder = key.holder
    if valid and proof.prove(request, holder, form, key, what_for=_RECOVER, at=at):
        stages.enter_stage(request, Stage.RECOVERED, holder, at=at)
        return pages.see_other("activation_holder:new_password")
    context = proof.context(holder, key, keys, form, purpose=Purpose.RECOVER, at=at)
    return _show(request, "activation/holder/recovery/recovery_key.html", **context)


@pages.sent_from("activation_holder:recovery_key")
@_after_mail
def recovery_send(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    proof.send_chosen(request, holder, purpose=Purpose.RECOVER, at=timezone.now())
    return pages.see_other("activation_holder:recovery_key")


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
@stages.at_stage(
    Stage.RECOVERED,
    start="activation_holder:forgotten",
    done="activation_holder:sign_in",
)
@sensitive_variables()
def new_password(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Show the user name, and choose a new password."""
    form = NewPasswordForm(
        request.POST if request.method == "POST" else None, holder=holder
    )
    if form.is_valid():
        account.recover(
            holder=holder,
            new=form.cleaned_data["password"],
            device=device_of(request, holder),
            at=timezone.now(),
        )
        session.sign_out(request)
        messages.success(request, _("Your new password counts. Sign in with it."))
        return pages.see_other("activation_holder:sign_in")
    return _show(
        request,
        "activation/holder/recovery/new_password.html",
        form=form,
        user_name=holder.user_name,
        known=context_words.for_page(context_words.of_holder(holder)),
    )


@require_safe
def no_key(request: HttpRequest) -> HttpResponse:
    """The page for a person who has no key any more.

    It offers to type a recovery code, or to come to the counter and pay again. A person
    who is signed in gets no link to type one: the page that asked for the key has it.
    """
    at = timezone.now()
    office = office_of_visitor(request)
    is_signed_in = session.holder_of(request, at=at) is not None
    is_recovering = stages.is_at(request, Stage.RECOVERING_KEY, at=at)
    codes = "recover_with_code" if is_recovering else "sign_in_with_code"
    return pages.dead_end(
        request,
        "activation/holder/recovery/no_key.html",
        office,
        {
            "prices": prices_for_everybody(office, on=timezone.localdate()),
            "codes_address": ""
            if is_signed_in
            else reverse(f"activation_holder:{codes}"),
        },
        status=200,
    )


def no_key_left(request: HttpRequest) -> HttpResponse:
    session.sign_out(request)
    return pages.see_other("activation_holder:no_key")


def _show(request: HttpRequest, template: str, **context: object) -> HttpResponse:
    office = office_of_visitor(request)
    status = 422 if getattr(context["form"], "errors", None) else 200
    return pages.show(request, template, {"office": office, **context}, status=status)
