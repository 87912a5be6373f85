"""The pages on which a holder changes the account's password, address or language."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import SignInFor
from activation.exceptions import ActivationError, TooManyCodesError, sentence
from activation.holder import account
from activation.holder.exceptions import AddressOfAnotherAccountError
from activation.holder.forms import ChangePasswordForm, EmailForm, LanguageForm
from activation.holder.sessions import session
from activation.holder.views import proving
from activation.journey import context_words
from activation.journey.forms.key import DigitsForm
from activation.journey.forms.password import SECRETS
from activation.letters.masking import mask_email
from activation.models import KeyHolder
from activation.web import pages
from activation.web.form_base import PageForm
from counter.email.mail_syntax import display_address
from counter.enums import Language


@sensitive_post_parameters("present", *SECRETS)
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@sensitive_variables()
def change_password(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Change the password of a holder who types the present one.

    All other sessions of the holder end.
    """
    form = ChangePasswordForm(
        request.POST if request.method == "POST" else None, holder=holder
    )
    if form.is_valid():
        try:
            account.change_password(
                holder=holder,
                present=form.cleaned_data["present"],
                new=form.cleaned_data["password"],
                tries=session.tries(request),
                at=timezone.now(),
            )
        except ActivationError as error:
            form.add_error("present", sentence(error, button=_("Save")))
        else:
            session.renew(request, holder)
            messages.success(request, _("Your password is changed."))
            return pages.see_other("activation_holder:overview")
    return _show(
        request,
        holder,
        "activation/holder/change_password.html",
        form,
        known=context_words.for_page(context_words.of_holder(holder)),
    )


@sensitive_post_parameters("email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.EMAIL)
@sensitive_variables()
def change_email(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Ask for a new contact address, and send a one-time code to it."""
    form = EmailForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            code = account.ask_for_email(
                holder=holder, email=form.cleaned_data["email"], at=timezone.now()
            )
        except TooManyCodesError as error:
            form.add_error("email", error.then_press(_("Go on")))
        else:
            session.typed_email(request, code)
            return pages.see_other("activation_holder:confirm_email")
    return _show(
        request,
        holder,
        "activation/holder/change_email.html",
        form,
        masked=mask_email(holder.email) if holder.email else "",
    )


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.EMAIL)
@sensitive_variables()
def confirm_email(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Change the contact address when the six digits from its mailbox are right."""
    if not holder.new_email:
        return pages.see_other("activation_holder:change_email")
    form = DigitsForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            account.confirm_email(
                holder=holder, typed=form.cleaned_data["digits"], at=timezone.now()
            )
        except AddressOfAnotherAccountError as error:
            messages.error(request, str(error))
            return pages.see_other("activation_holder:change_email")
        except ActivationError as error:
            again = _("No e-mail? Type the address again")
            form.add_error("digits", sentence(error, button=again))
        else:
            session.renew(request, holder)
            messages.success(request, _("Your new address counts from now on."))
            return pages.see_other("activation_holder:overview")
    return _show(
        request,
        holder,
        "activation/holder/confirm_email.html",
        form,
        # Not masked when it was typed in this session, so that a mistake can be seen.
        masked=display_address(holder.new_email)
        if session.has_typed_email(request, holder)
        else mask_email(holder.new_email),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
def change_language(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    form = LanguageForm(
        request.POST if request.method == "POST" else None,
        initial={"language": holder.language},
    )
    if form.is_valid():
        account.choose_language(
            holder=holder,
            language=Language(form.cleaned_data["language"]),
            at=timezone.now(),
        )
        messages.success(request, _("Saved."))
        return pages.see_other("activation_holder:overview")
    return _show(request, holder, "activation/holder/change_language.html", form)


def _show(
    request: HttpRequest,
    holder: KeyHolder,
    template: str,
    form: PageForm,
    **context: object,
) -> HttpResponse:
    return pages.show(
        request,
        template,
        {"form": form, "holder": holder, "office": holder.dossier.office, **context},
        status=422 if form.errors else 200,
    )
