"""The pages on which the applicant chooses a user name and a password."""

from datetime import datetime
from typing import Final

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from activation.exceptions import (
    AccountMovedError,
    HolderHasKeyError,
    KeyGoneError,
    UserNameTakenError,
)
from activation.holder.forms import NewPasswordForm
from activation.holder.sessions.device import device_of
from activation.journey import accounts, context_words, passwords, steps, visit
from activation.journey.forms.account import AccountForm, read_stamp
from activation.journey.forms.password import SECRETS
from activation.journey.visit import Visit
from activation.letters.masking import mask_name
from activation.models import ActivationCode, KeyHolder
from activation.web import pages

_A_DAY: Final = 24 * 60 * 60


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
@steps.step
@sensitive_variables()
def choose_account(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Choose a user name and a password; a person whose account has a key keeps it."""
    at = timezone.now()
    applicant = code.dossier.applicant
    if holder := accounts.holder_with_key(applicant, at=at):
        if request.method == "POST":
            return pages.to_step("choose_account", code.pk)
        return _known(request, code, holder)
    if "keep" in request.POST:
        return _keep(request, code)
    if request.method == "POST":
        form = AccountForm(request.POST, code=code)
    else:
        knows = Visit.here(request, code.pk).knows_name
        suggestion = accounts.suggest_user_name(code.dossier, knows_name=knows)
        form = AccountForm(code=code, initial={"user_name": suggestion})
    if form.is_valid():
        return _take(request, code, form, at)
    return _choose(request, code, form, status=422 if form.errors else 200)


@sensitive_variables()
def _take(
    request: HttpRequest, code: ActivationCode, form: AccountForm, at: datetime
) -> HttpResponse:
    try:
        holder = accounts.choose_account(
            code_id=code.pk,
            user_name=form.cleaned_data["user_name"],
            password=form.cleaned_data["password"],
            seen=form.cleaned_data["stands"],
            at=at,
        )
    except UserNameTakenError as error:
        form.propose(error)
        return _choose(request, code, form, status=422)
    except AccountMovedError:
        form.comes_back()
        return _choose(request, code, form, status=409)
    except HolderHasKeyError:
        return pages.to_step("choose_account", code.pk)
    visit.account_chosen(request, code.pk, holder)
    return pages.to_step("choose_key", code.pk)


@sensitive_variables()
def _choose(
    request: HttpRequest, code: ActivationCode, form: AccountForm, *, status: int
) -> HttpResponse:
    """Show the page, with a notice when an account was chosen outside this visit."""
    at = timezone.now()
    holder = accounts.account_of(code.dossier.applicant)
    stands = accounts.stamp(holder)
    return pages.show_step(
        request,
        "activation/journey/choose_account.html",
        {
            "form": form,
            "known": context_words.for_page(context_words.of_dossier(code.dossier)),
            "is_chosen": not visit.needs_account(request, code, at=at),
            "stands": stands or "",
            "notice": _notice(request, code, form, holder) if holder else "",
        },
        code=code,
        step="account",
        status=status,
    )


@sensitive_variables()
def _notice(
    request: HttpRequest, code: ActivationCode, form: AccountForm, holder: KeyHolder
) -> str:
    """Text that an account was chosen outside this visit with this code; or "".

    An account of before, whose keys have ended or whose code ended without a key, is
    chosen anew without a word.
    """
    name = {"name": mask_name(holder.user_name)}
    if visit.account_moved(request, code):
        return (
            _(
                "Meanwhile a user name and a password were chosen anew with this "
                "code, in another window or on another device. Those that you chose "
                "here no longer count. The user name is now %(name)s."
            )
            % name
        )
    if form.is_bound and form.cleaned_data.get("stands") != accounts.stamp(holder):
        return (
            _(
                "Meanwhile a user name and a password were chosen with this code, in "
                "another window or on another device. The user name is %(name)s. "
                "What you typed here was not saved."
            )
            % name
        )
    is_known_here = visit.relied_on(request, code.pk) is not None
    if is_known_here or not accounts.standing_progress(code, holder):
        return ""
    return (
        _(
            "A user name and a password were chosen with this code before. The user "
            "name is %(name)s."
        )
        % name
    )


def _keep(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Continue with the account that the page showed.

    When the account has changed since, redirect to the page that says so.
    """
    holder = accounts.account_of(code.dossier.applicant)
    seen = read_stamp(request.POST["keep"])
    if holder is None or seen != accounts.stamp(holder):
        return pages.to_step("choose_account", code.pk)
    accounts.go_on_with(code_id=code.pk, holder=holder, at=timezone.now())
    visit.rely_on(request, code.pk, holder, knows_name=False)
    return pages.to_step("choose_key", code.pk)


def _known(
    request: HttpRequest, code: ActivationCode, holder: KeyHolder
) -> HttpResponse:
    """Show the user name of an account that has a key.

    The person may continue with it, or choose a new password first.
    """
    has_moved = visit.account_moved(request, code)
    # The page shows the present account, so the person may continue with it.
    visit.rely_on(request, code.pk, holder, knows_name=True)
    return pages.show_step(
        request,
        "activation/journey/known_account.html",
        {"user_name": holder.user_name, "has_moved": has_moved},
        code=code,
        step="account",
    )


@sensitive_post_parameters(*SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
@steps.step
@sensitive_variables()
def renew_password(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Choose a new password for an account that has a key, when it is forgotten."""
    at = timezone.now()
    holder = accounts.holder_with_key(code.dossier.applicant, at=at)
    if holder is None:
        return pages.to_step("choose_account", code.pk)
    posted = request.POST if request.method == "POST" else None
    form, has_moved = NewPasswordForm(posted, holder=holder), False
    if form.is_valid():
        try:
            holder = accounts.renew_password(
                code_id=code.pk,
                password=form.cleaned_data["password"],
                device=device_of(request, holder),
                seen=read_stamp(request.POST.get("stands", "")),
                at=at,
            )
        # The last key ended meanwhile, so the user name has to be chosen anew too.
        except KeyGoneError:
            return pages.to_step("choose_account", code.pk)
        except AccountMovedError:
            has_moved = True
            form.comes_back()
        else:
            visit.rely_on(request, code.pk, holder, knows_name=True)
            messages.success(request, _("Your new password counts."))
            return pages.to_step("choose_key", code.pk)
    status = 409 if has_moved else 422 if form.errors else 200
    return _renew(request, code, form, holder, has_moved=has_moved, status=status)


def _renew(
    request: HttpRequest,
    code: ActivationCode,
    form: NewPasswordForm,
    holder: KeyHolder,
    *,
    has_moved: bool,
    status: int,
) -> HttpResponse:
    return pages.show_step(
        request,
        "activation/journey/renew_password.html",
        {
            "form": form,
            "user_name": holder.user_name,
            "known": context_words.for_page(context_words.of_holder(holder)),
            "stands": accounts.stamp(holder),
            "has_moved": has_moved,
        },
        code=code,
        step="account",
        status=status,
    )


@require_safe
def common_passwords(request: HttpRequest) -> HttpResponse:
    """The list of common passwords, with which the page checks a typed password.

    The browser does the check, so that the password is not sent before the form is. The
    list has 75 KB, or 31 KB with gzip. It changes only with Django's version: browsers
    cache it for a day, and after that they ask with its ETag.
    """
    packed = "gzip" in request.headers.get("Accept-Encoding", "")
    served = passwords.common_for_browsers(packed=packed)
    response = HttpResponse(
        served.content,
        content_type="text/plain; charset=utf-8",
        headers={
            "Cache-Control": f"public, max-age={_A_DAY}",
            "ETag": served.tag,
            "Vary": "Accept-Encoding",
        },
    )
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    known = get_conditional_response(request, etag=served.tag, response=response)
    return known or response
