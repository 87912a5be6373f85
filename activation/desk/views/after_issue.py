"""The clerk's pages after a dossier was recorded or its code issued.

They send the mail again, correct the address, and print a new code.
"""

import uuid
from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.addresses.changed_addresses import AddressDisputedError
from activation.addresses.same_visit import is_not_agreed, needs_supervisor
from activation.codes import reissuing
from activation.enums import CodeState, ReissueReason
from counter.dossiers.document_seen import DocumentSeenField
from counter.dossiers.find import dossier_for
from counter.dossiers.form_layout import Doubts
from counter.email.forms import EmailForm
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.staff.access import for_clerks
from counter.staff.reauthentication import PresenceForm
from counter.staff.supervisor_approval import SupervisorForm
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther

#: What probably happened to a code in this state.
_LIKELY = {
    CodeState.LOCKED: ReissueReason.CODE_LOCKED,
    CodeState.FROZEN: ReissueReason.CODE_STOPPED,
}


class ReissueForm(forms.Form):
    """Why a new code is printed.

    A second form on the page asks which supervisor agrees (`_consent`).
    """

    helper = layout(Row("code_id"), Row("reason"), Row("document_seen"))

    code_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is a new code printed?"),
        choices=ReissueReason,
        coerce=ReissueReason,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )
    document_seen = DocumentSeenField()


class CorrectEmailForm(EmailForm):
    """The correct address, and the code that is replaced because of it.

    `code_id` is empty before payment, when there is no code to replace. A second form
    on the page asks which supervisor agrees and for the clerk's own password. It is
    read only when this form is valid, so that no six digits are used up on an address
    that is refused (`_consent`).
    """

    helper = layout(Row("code_id"), Row("email"), Doubts(), Row("document_seen"))

    code_id = forms.UUIDField(widget=forms.HiddenInput, required=False)
    document_seen = DocumentSeenField()

    def __init__(self, *args: Any, may_stay: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_stay = may_stay

    @sensitive_variables()
    def clean_email(self) -> str:
        """Refuse the present address, which would replace a good sheet for nothing.

        It is accepted when a supervisor has to agree to that address.
        """
        email: str = self.cleaned_data["email"]
        if email == self.initial["email"] and not self.may_stay:
            raise ValidationError(_("This is the address that it has already."))
        return email


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def resend_link(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Send the mail with the same link again."""
    dossier = dossier_for(clerk, pk)
    form = PresenceForm(_posted(request), request=request)
    if not form.is_valid():
        return _show(request, dossier, form, "activation/desk/resend_link.html")
    return _do(
        request,
        dossier,
        lambda: reissuing.resend_link(dossier=dossier, clerk=clerk, at=timezone.now()),
        _("The mail is sent again."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def correct_email(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Correct the address. An unused code and its link are replaced by new ones."""
    dossier = dossier_for(clerk, pk)
    now = timezone.now()
    code = reissuing.unused_code(dossier, at=now)
    if code is None and dossier.state != DossierState.RECORDED:
        messages.warning(request, reissuing.why_not(dossier))
        return SeeOther("counter_dossiers:dossier", pk)
    is_disputed = dossier.address_changes.disputed().exists()
    form = CorrectEmailForm(
        _posted(request),
        applicant=dossier.applicant,
        may_stay=is_disputed or is_not_agreed(dossier, clerk=clerk, at=now),
        initial={"email": dossier.email, "code_id": code and code.pk},
    )
    is_late = needs_supervisor(dossier, clerk=clerk, at=now)
    consent = _consent(request, clerk, dossier, form, is_late=is_late)
    if not (form.is_valid() and consent.is_valid()):
        context = {"consent": consent, "is_late": is_late, "is_disputed": is_disputed}
        page = "activation/desk/correct_email.html"
        return _show(request, dossier, form, page, has_code=bool(code), **context)
    return _do(
        request,
        dossier,
        lambda: reissuing.correct_email(
            dossier=dossier,
            clerk=clerk,
            email=form.cleaned_data["email"],
            code_id=form.cleaned_data["code_id"],
            at=now,
            document_seen=form.cleaned_data["document_seen"],
            supervisor=getattr(consent, "supervisor", None),
            accepted=form.accepted,
        ),
        _("The address is changed. The address before is told."),
    )


def _consent(
    request: HttpRequest,
    clerk: Clerk,
    dossier: Dossier,
    form: forms.Form,
    *,
    is_late: bool,
) -> PresenceForm:
    """The form that asks for the clerk's password, and for a supervisor if `is_late`.

    It is bound only when `form` is valid.
    """
    right = request.POST if form.is_bound and form.is_valid() else None
    if is_late:
        return SupervisorForm(right, request=request, clerk=clerk, dossier=dossier)
    return PresenceForm(right, request=request)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def reissue_code(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Replace a lost, locked or stopped code by a new one, free of charge."""
    dossier = dossier_for(clerk, pk)
    now = timezone.now()
    code = reissuing.unused_code(dossier, at=now)
    if code is None:
        messages.warning(request, _("There is no code to replace."))
        return SeeOther("counter_dossiers:dossier", pk)
    if dossier.address_changes.disputed().exists():
        messages.warning(request, str(AddressDisputedError()))
        return SeeOther("activation_desk:correct_email", pk)
    reason = _LIKELY.get(CodeState(code.state), ReissueReason.SHEET_LOST)
    initial = {"code_id": code.pk, "reason": reason}
    form = ReissueForm(_posted(request), initial=initial)
    is_late = needs_supervisor(dossier, clerk=clerk, at=now)
    consent = _consent(request, clerk, dossier, form, is_late=is_late)
    if not (form.is_valid() and consent.is_valid()):
        page = "activation/desk/reissue_code.html"
        return _show(request, dossier, form, page, consent=consent, is_late=is_late)
    return _do(
        request,
        dossier,
        lambda: reissuing.reissue_code(
            dossier=dossier,
            clerk=clerk,
            reason=form.cleaned_data["reason"],
            code_id=form.cleaned_data["code_id"],
            document_seen=form.cleaned_data["document_seen"],
            supervisor=getattr(consent, "supervisor", None),
            at=now,
        ),
        _("A new code is ready to print. The old sheet is worth nothing any more."),
    )


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _do(
    request: HttpRequest, dossier: Dossier, act: Callable[[], object], done: str
) -> HttpResponse:
    try:
        act()
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, done)
    return SeeOther("counter_dossiers:dossier", dossier.pk)


def _show(
    request: HttpRequest,
    dossier: Dossier,
    form: forms.Form,
    template: str,
    **more: object,
) -> HttpResponse:
    context = {"dossier": dossier, "form": form, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)
