"""User name and password."""

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

from activation import passwords
from activation.exceptions import (
    HolderHasKeyError,
    KeyGoneError,
    UserNameTakenError,
)
from activation.forms.account import AccountForm
from activation.forms.holder import NewPasswordForm
from activation.models import ActivationCode, KeyHolder
from activation.services import accounts
from activation.views import pages, visit
from activation.views.holder.device import device_of
from counter.models import Dossier

_A_DAY: Final = 24 * 60 * 60


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
@sensitive_variables()
def choose_account(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Choose user name and password; who has an account keeps it."""
    at = timezone.now()
    dossier = code.dossier
    if holder := accounts.holder_with_key(dossier.applicant, at=at):
        if request.method == "POST":
            return pages.see_other("activation:choose_account")
        return _known(request, code, holder)
    if request.method == "POST":
        form = AccountForm(request.POST, dossier=dossier)
    else:
        suggestion = accounts.suggest_user_name(dossier.applicant)
        form = AccountForm(dossier=dossier, initial={"user_name": suggestion})
    if form.is_valid():
        try:
            accounts.choose_account(
                code_id=code.pk,
                user_name=form.cleaned_data["user_name"],
                password=form.cleaned_data["password"],
                at=at,
            )
        except UserNameTakenError as error:
            form.add_error("user_name", str(error))
        except HolderHasKeyError:
            return pages.see_other("activation:choose_account")
        else:
            visit.account_chosen(request, at=at)
            return pages.see_other("activation:choose_key")
    return pages.show_step(
        request,
        "activation/choose_account.html",
        {
            "form": form,
            "known": _known_to_all(dossier),
            "is_chosen": not visit.needs_account(request, code, at=at),
        },
        code=code,
        step="account",
        status=422 if form.errors else 200,
    )


def _known(
    request: HttpRequest, code: ActivationCode, holder: KeyHolder
) -> HttpResponse:
    """The user name they have, and the way on with the password or without it."""
    return pages.show_step(
        request,
        "activation/known_account.html",
        {"user_name": holder.user_name},
        code=code,
        step="account",
    )


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
@sensitive_variables()
def renew_password(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """A new password for an account whose password is forgotten."""
    at = timezone.now()
    holder = accounts.holder_with_key(code.dossier.applicant, at=at)
    if holder is None:
        return pages.see_other("activation:choose_account")
    form = NewPasswordForm(
        request.POST if request.method == "POST" else None, holder=holder
    )
    if form.is_valid():
        try:
            accounts.renew_password(
                code_id=code.pk,
                password=form.cleaned_data["password"],
                device=device_of(request, holder),
                at=at,
            )
        except KeyGoneError:  # the last key ended meanwhile: chosen anew, with a name
            return pages.see_other("activation:choose_account")
        messages.success(request, _("Your new password counts."))
        return pages.see_other("activation:choose_key")
    return pages.show_step(
        request,
        "activation/renew_password.html",
        {
            "form": form,
            "user_name": holder.user_name,
            "known": _known_to_all(code.dossier),
        },
        code=code,
        step="account",
        status=422 if form.errors else 200,
    )


def _known_to_all(dossier: Dossier) -> str:
    """For the page: without the address, of which pages show no more than a mask."""
    applicant, office = dossier.applicant, dossier.office
    names = (applicant.first_names, applicant.last_name, office.city)
    return " ".join([*names, *passwords.SERVICE_WORDS])


@require_safe
def common_passwords(request: HttpRequest) -> HttpResponse:
    """What the page looks up while a password is typed; nothing is sent for that.

    75 KB, 31 KB as browsers take it. The same for everybody until Django is another:
    kept for a day, and asked for by its tag after that.
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
