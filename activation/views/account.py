"""User name and password."""

import gzip

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from activation import passwords
from activation.exceptions import HolderHasKeyError, UserNameTakenError
from activation.forms.account import AccountForm
from activation.models import ActivationCode
from activation.services import accounts
from activation.views import pages, visit
from counter.models import Dossier


@sensitive_post_parameters("password", "password_again")
@require_http_methods(["GET", "HEAD", "POST"])
@visit.step
@sensitive_variables()
def choose_account(request: HttpRequest, code: ActivationCode) -> HttpResponse:
    """Choose user name and password; skipped by who has a key already."""
    at = timezone.now()
    dossier = code.dossier
    if accounts.holder_with_key(dossier.applicant, at=at):
        return pages.see_other("activation:choose_key")
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
            return pages.see_other("activation:choose_key")
        else:
            visit.account_chosen(request, at=at)
            return pages.see_other("activation:choose_key")
    return pages.show_step(
        request,
        "activation/choose_account.html",
        {"form": form, "known": _known_to_all(dossier)},
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

    75 KB, 31 KB as browsers take it.
    """
    words = passwords.common_for_browsers()
    response = HttpResponse(words, content_type="text/plain; charset=utf-8")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        response.content = gzip.compress(words)
        response.headers["Content-Encoding"] = "gzip"
    return response
