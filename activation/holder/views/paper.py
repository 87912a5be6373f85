"""The pages that make recovery codes, and those on which one is typed.

The holder makes and prints them, and types one in the place of a key.
"""

from datetime import datetime

from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import SignInFor, SignInResult
from activation.exceptions import ActivationError, KeyGoneError, sentence
from activation.holder import signing_in
from activation.holder.exceptions import SignInBusyError
from activation.holder.key_label import ShownKey
from activation.holder.paper import recovery_codes
from activation.holder.paper.forms import RecoveryCodeForm
from activation.holder.proving import sharing_mailbox
from activation.holder.sessions import session, stages
from activation.holder.sessions.device import device_of, known_as, remember_device
from activation.holder.sessions.holder_session import Stage
from activation.holder.views import overview, proving
from activation.holder.views.recovering import no_key_left
from activation.holder.wrong_tries import CountOf, Tries
from activation.models import DigitalKey, KeyHolder
from activation.web import pages
from activation.web.office import office_of_visitor
from counter.sign_in.hashing_places import RETRY_AFTER

_SALT = "activation.holder.paper"
_FILE_FOR = 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.CODES)
@sensitive_variables()
def codes(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Show how many codes are left; a POST makes ten new ones.

    The answer to the POST is the only page that shows them.
    """
    if request.method == "POST":
        try:
            new_codes = recovery_codes.make_codes(holder=holder, at=timezone.now())
        except SignInBusyError as error:
            messages.warning(request, error.then_press(_codes_button(holder)))
            response = _sheet(request, holder, status=503)
            response.headers["Retry-After"] = str(RETRY_AFTER)
            return response
        context = {
            "office": holder.dossier.office,
            "codes": new_codes,
            "signed": signing.dumps([str(holder.pk), *new_codes], salt=_SALT),
            "made_on": timezone.localdate(),
        }
        return pages.show(
            request, "activation/holder/recovery/codes_made.html", context
        )
    return _sheet(request, holder)


def _sheet(
    request: HttpRequest, holder: KeyHolder, *, status: int = 200
) -> HttpResponse:
    context = {
        "office": holder.dossier.office,
        "most": recovery_codes.HOW_MANY,
        "sheet": recovery_codes.sheet_of(holder),
    }
    template = "activation/holder/recovery/codes.html"
    return pages.show(request, template, context, status=status)


def _codes_button(holder: KeyHolder) -> str:
    has_sheet = recovery_codes.sheet_of(holder).made_at is not None
    return _("Make ten new codes") if has_sheet else _("Make ten codes")


@sensitive_post_parameters("codes")
@pages.sent_from("activation_holder:codes")
@session.for_holder
@sensitive_variables()
def codes_file(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Download the codes of the page as plain text, within an hour.

    The page sends them back signed, because the server does not store them.
    """
    try:
        holder_id, *new_codes = signing.loads(
            request.POST.get("codes", ""), salt=_SALT, max_age=_FILE_FOR
        )
    except signing.BadSignature:
        return pages.see_other("activation_holder:codes")
    if holder_id != str(holder.pk):
        return pages.see_other("activation_holder:codes")
    lines = [_("Recovery codes"), holder.dossier.office.name, "", *new_codes, ""]
    return HttpResponse(
        "\r\n".join(lines),
        content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="recovery-codes.txt"'},
    )


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@stages.at_stage(
    Stage.SIGNING_IN,
    start="activation_holder:sign_in",
    done="activation_holder:overview",
)
@sensitive_variables()
def sign_in_with_code(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Sign in with a recovery code in the place of a key, after the password."""
    at = timezone.now()
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        device = device_of(request, holder)
        try:
            tries = Tries(CountOf.KEY, holder.user_name)
            is_used = _use(request, form, holder, tries, SignInFor.SIGN_IN, at=at)
        except KeyGoneError:
            return no_key_left(request)
        if is_used:
            signing_in.complete(
                holder=holder,
                key=None,
                device=device,
                browser=known_as(request, holder.user_name),
                at=at,
            )
            session.start(request, holder, at=at)
            response = pages.see_other("activation_holder:overview")
            remember_device(request, response, holder)
            return response
    return _ask(request, form, back=reverse("activation_holder:show_key"))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@stages.at_stage(
    Stage.RECOVERING_KEY,
    start="activation_holder:forgotten",
    done="activation_holder:new_password",
)
@sensitive_variables()
def recover_with_code(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Use a recovery code in the place of a key in a recovery, after the mail.

    Of several accounts with the address it is the one on whose sheet the code is.
    """
    at = timezone.now()
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        accounts = sharing_mailbox(holder)
        typed = form.cleaned_data["code"]
        holder = recovery_codes.find_holder(typed, among=accounts) or holder
        try:
            tries = Tries(CountOf.RECOVERY, holder.user_name)
            is_used = _use(request, form, holder, tries, SignInFor.RECOVER, at=at)
        except KeyGoneError:
            return no_key_left(request)
        if is_used:
            stages.enter_stage(request, Stage.RECOVERED, holder, at=at)
            return pages.see_other("activation_holder:new_password")
    return _ask(request, form, back=reverse("activation_holder:recovery_key"))


@sensitive_post_parameters("code", "mobile", "email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@sensitive_variables()
def prove_with_code(request: HttpRequest, holder: KeyHolder, to: str) -> HttpResponse:
    """Use a recovery code in the place of a key, to confirm before the page `to`.

    What was typed on that page is sent along, as in `proving.prove`.
    """
    at = timezone.now()
    if request.method != "POST" and session.has_shown_key(request, at=at):
        return pages.see_other("activation_holder:prove", to)  # it redirects to `to`
    what_for = proving.what_for(to)
    if what_for is None:
        return pages.see_other("activation_holder:overview")
    form = RecoveryCodeForm(request.POST if "code" in request.POST else None)
    if form.is_valid():
        try:
            tries = session.tries(request)
            is_used = _use(request, form, holder, tries, what_for, at=at)
        except KeyGoneError:
            return pages.see_other("activation_holder:no_key")
        if is_used:
            return proving.go_on(request, to, at=at)
    back = reverse("activation_holder:prove", args=[to])
    return _ask(request, form, back=back, kept=proving.kept(request))


@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@overview.for_key
@sensitive_variables()
def revoke_with_code(
    request: HttpRequest, holder: KeyHolder, target: DigitalKey
) -> HttpResponse:
    """Use a recovery code in the place of a key, to revoke a key of a lost phone."""
    at = timezone.now()
    form = RecoveryCodeForm(request.POST if request.method == "POST" else None)
    tries, what_for = session.tries(request), SignInFor.REVOKE_KEY
    if form.is_valid():
        try:
            is_used = _use(request, form, holder, tries, what_for, at=at)
        except KeyGoneError:
            return pages.see_other("activation_holder:no_key")
        if is_used:
            return overview.confirmed(request, holder, target, at=at)
    back = reverse("activation_holder:revoke_key", args=[target.pk])
    return _ask(request, form, back=back, revokes=overview.shown_to(holder, target))


@sensitive_variables()
def _use(
    request: HttpRequest,
    form: RecoveryCodeForm,
    holder: KeyHolder,
    tries: Tries,
    what_for: SignInFor,
    *,
    at: datetime,
) -> bool:
    """Use up the typed code and return True, or add the error to the form.

    Both are stored in the holder's history. Exceptions: a sign-in, which is stored when
    it is complete (signing_in.complete), and a code that was not compared because of a
    typing mistake or a wait. Raises KeyGoneError when the account has no active key.
    """
    typed = form.cleaned_data["code"]
    device = device_of(request, holder)
    try:
        recovery_codes.use_code(holder=holder, typed=typed, tries=tries, at=at)
    except KeyGoneError:
        raise
    except ActivationError as error:
        form.add_error("code", sentence(error, button=_button(what_for)))
        is_used, result = False, SignInResult.WRONG_CODE
        is_noted = error.was_compared
    else:
        is_used, result = True, SignInResult.CODE_USED
        is_noted = what_for != SignInFor.SIGN_IN
    if is_noted:
        signing_in.note_sign_in(holder, result, device=device, at=at, what_for=what_for)
    return is_used


def _button(what_for: SignInFor) -> str:
    is_end = what_for == SignInFor.REVOKE_KEY
    return _("Revoke this key") if is_end else _("Go on")


@sensitive_variables()
def _ask(
    request: HttpRequest,
    form: RecoveryCodeForm,
    *,
    back: str,
    kept: list[tuple[str, str]] | None = None,
    revokes: ShownKey | None = None,
) -> HttpResponse:
    office = office_of_visitor(request)
    context = {"form": form, "back": back, "kept": kept, "revokes": revokes}
    return pages.show(
        request,
        "activation/holder/recovery/use_code.html",
        {**context, "office": office},
        status=422 if form.errors else 200,
    )
