"""What a clerk still does for a code: send again, put right, print a new one."""

import uuid
from collections.abc import Callable

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import CodeState, ReissueReason
from activation.services import reissuing
from counter.access import SeeOther, for_clerks
from counter.email_form import EmailForm
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from counter.presence import PresenceForm

#: What probably happened to a code in this state.
_LIKELY = {
    CodeState.LOCKED: ReissueReason.CODE_LOCKED,
    CodeState.FROZEN: ReissueReason.NOT_ASKED,
}


class ReissueForm(PresenceForm):
    code_id = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is a new code printed?"),
        choices=ReissueReason,
        coerce=ReissueReason,
        widget=forms.RadioSelect(attrs={"autofocus": True}),
    )


class CorrectEmailForm(EmailForm):
    """Empty `code_id` before payment, when there is no code to replace."""

    code_id = forms.UUIDField(widget=forms.HiddenInput, required=False)

    @sensitive_variables()
    def clean_email(self) -> str:
        """An Enter too many would make a good sheet worth nothing."""
        email: str = self.cleaned_data["email"]
        if email == self.initial["email"]:
            raise ValidationError(_("This is the address that it has already."))
        return email


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def resend_link(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """The mail with the same link once more."""
    dossier = _find(clerk, pk)
    form = PresenceForm(_posted(request), request=request)
    if not form.is_valid():
        return _show(request, dossier, form, "activation/resend_link.html")
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
    """Another address; when a code was printed, a new code and link with it."""
    dossier = _find(clerk, pk)
    now = timezone.now()
    code = reissuing.unused_code(dossier, at=now)
    form = CorrectEmailForm(
        _posted(request),
        request=request,
        applicant=dossier.applicant,
        initial={"email": dossier.email, "code_id": code and code.pk},
    )
    if not form.is_valid():
        return _show(
            request, dossier, form, "activation/correct_email.html", has_code=bool(code)
        )
    return _do(
        request,
        dossier,
        lambda: reissuing.correct_email(
            dossier=dossier,
            clerk=clerk,
            email=form.cleaned_data["email"],
            code_id=form.cleaned_data["code_id"],
            at=now,
            accepted=form.accepted,
        ),
        _("The address is changed."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def reissue_code(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """A new code for a lost or locked one, free of charge."""
    dossier = _find(clerk, pk)
    now = timezone.now()
    code = reissuing.unused_code(dossier, at=now)
    if code is None:
        messages.warning(request, _("There is no code to replace."))
        return SeeOther("counter:dossier", pk)
    reason = _LIKELY.get(CodeState(code.state), ReissueReason.SHEET_LOST)
    initial = {"code_id": code.pk, "reason": reason}
    form = ReissueForm(_posted(request), request=request, initial=initial)
    if not form.is_valid():
        return _show(request, dossier, form, "activation/reissue_code.html")
    return _do(
        request,
        dossier,
        lambda: reissuing.reissue_code(
            dossier=dossier,
            clerk=clerk,
            reason=form.cleaned_data["reason"],
            code_id=form.cleaned_data["code_id"],
            at=now,
        ),
        _("A new code is ready to print. The old sheet is worth nothing any more."),
    )


def _posted(request: HttpRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _find(clerk: Clerk, pk: uuid.UUID) -> Dossier:
    rows = Dossier.objects.visible_to(clerk).select_related("applicant", "office")
    return get_object_or_404(rows, pk=pk)


def _do(
    request: HttpRequest, dossier: Dossier, act: Callable[[], object], said: str
) -> HttpResponse:
    try:
        act()
    except CounterError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, said)
    return SeeOther("counter:dossier", dossier.pk)


def _show(
    request: HttpRequest,
    dossier: Dossier,
    form: forms.Form,
    template: str,
    **more: object,
) -> HttpResponse:
    context = {"dossier": dossier, "form": form, **more}
    return render(request, template, context, status=422 if form.errors else 200)
