"""The pages on which a clerk corrects what was recorded in a dossier."""

import uuid
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.addresses.same_visit import needs_supervisor
from activation.codes.reissuing import CodeMovedOnError, unused_code, why_not
from activation.desk import corrections
from activation.models import ActivationCode
from counter.dossiers.correction_form import (
    CorrectDetailsForm,
    CorrectionForm,
    CorrectNumberForm,
)
from counter.dossiers.find import dossier_for
from counter.enums import DossierState
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, KinshipAnswer
from counter.people.family_form import ask_family, name_on
from counter.roles import matrix, role_rights
from counter.staff.access import for_clerks
from counter.staff.reauthentication import PresenceForm
from counter.staff.supervisor_approval import SupervisorForm
from counter.web.see_other import SeeOther

_PAGES: dict[type[CorrectionForm], str] = {
    CorrectDetailsForm: "activation/desk/correct_details.html",
    CorrectNumberForm: "activation/desk/correct_number.html",
}


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def correct_details(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Correct names, birth date, document and language, before and after issuing.

    When the visit is over, or when the form says so, a supervisor has to agree.
    """
    dossier = dossier_for(clerk, pk)
    if dossier.anonymised_at:
        return _no_longer(request, dossier)
    form = CorrectDetailsForm(_posted(request), clerk=clerk, dossier=dossier)
    right = _once_right(request, form)
    if _is_late(dossier, clerk) or form.needs_supervisor:
        # The first POST may have come from a page without the supervisor's fields.
        # Then they are shown empty and not as errors.
        is_asked = (
            matrix.may(clerk, role_rights.AGREE_AT_THE_DESK)
            or "supervisor_name" in request.POST
        )
        return _correct(
            request,
            clerk,
            dossier,
            form,
            SupervisorForm(
                right if is_asked else None,
                request=request,
                clerk=clerk,
                dossier=dossier,
                names=name_on(form),
            ),
        )
    consent = PresenceForm(right, request=request)
    return _correct(request, clerk, dossier, form, consent)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def correct_number(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Correct the national number; a supervisor always has to agree."""
    dossier = dossier_for(clerk, pk)
    if dossier.anonymised_at:
        return _no_longer(request, dossier)
    form = CorrectNumberForm(_posted(request), clerk=clerk, dossier=dossier)
    consent = SupervisorForm(
        _once_right(request, form),
        request=request,
        clerk=clerk,
        dossier=dossier,
        names=name_on(form),
    )
    return _correct(request, clerk, dossier, form, consent)


@sensitive_variables()
def _correct(
    request: HttpRequest,
    clerk: Clerk,
    dossier: Dossier,
    form: CorrectionForm,
    consent: PresenceForm,
) -> HttpResponse:
    code = unused_code(dossier, at=timezone.now())
    if not _may_be(dossier, code, form):
        return _no_longer(request, dossier)
    family = None
    if form.is_bound and not _was_answered(dossier, clerk):
        family = ask_family(request, clerk, form)
    parts = [part for part in (form, family, consent) if part is not None]
    if all(part.is_valid() for part in parts):
        supervisor = getattr(consent, "supervisor", None)
        try:
            corrections.correct_dossier(
                dossier=dossier,
                recording=form.recording(supervisor=supervisor),
                clerk=clerk,
                code_id=_code_id(request),
                document_seen=form.cleaned_data["original_seen"],
                at=timezone.now(),
                supervisor=supervisor,
                family=family.answer if family else None,
            )
        except CodeMovedOnError as error:
            messages.warning(request, str(error))
            return SeeOther("counter_dossiers:dossier", dossier.pk)
        except CounterError as error:
            dossier.refresh_from_db()
            form.add_error(None, str(error))
        else:
            messages.success(request, _what_next(code))
            return SeeOther("counter_dossiers:dossier", dossier.pk)
    asked = {"form": form, "consent": consent, "family": family}
    return _show(request, clerk, dossier, code, asked)


def _show(
    request: HttpRequest,
    clerk: Clerk,
    dossier: Dossier,
    code: ActivationCode | None,
    asked: dict[str, Any],
) -> HttpResponse:
    is_late = _is_late(dossier, clerk)
    context = {"dossier": dossier, "code": code, "is_late": is_late, **asked}
    form = asked["form"]
    status = 422 if form.is_bound else 200
    return render(request, _PAGES[type(form)], context, status=status)


def _no_longer(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    messages.warning(request, why_not(dossier))
    return SeeOther("counter_dossiers:dossier", dossier.pk)


def _what_next(code: ActivationCode | None) -> str:
    if code is None:
        return _("It is corrected.")
    return _(
        "It is corrected. Print the new sheet: the old one is worth nothing any more."
    )


def _may_be(
    dossier: Dossier, code: ActivationCode | None, form: CorrectionForm
) -> bool:
    if dossier.state == DossierState.CODE_ISSUED:
        return code is not None
    if dossier.state == DossierState.ACTIVATED:
        return isinstance(form, CorrectDetailsForm)
    return dossier.state == DossierState.RECORDED


def _is_late(dossier: Dossier, clerk: Clerk) -> bool:
    """Whether a new sheet needs a supervisor, because the visit is over."""
    now = timezone.now()
    has_code = unused_code(dossier, at=now) is not None
    return has_code and needs_supervisor(dossier, clerk=clerk, at=now)


def _was_answered(dossier: Dossier, clerk: Clerk) -> bool:
    return KinshipAnswer.objects.filter(dossier=dossier, clerk=clerk).exists()


def _code_id(request: HttpRequest) -> uuid.UUID | None:
    """The id of the code that the page was about; None when it is not a UUID."""
    try:
        return uuid.UUID(request.POST.get("code_id", ""))
    except ValueError:
        return None


def _posted(request: HttpRequest) -> object:
    return request.POST if request.method == "POST" else None


def _once_right(request: HttpRequest, form: CorrectionForm) -> object:
    """The posted data when the form is valid; otherwise None.

    The form for the supervisor gets it. With None it is unbound, so that a password and
    six digits are not used up on a form that is shown again.
    """
    return request.POST if form.is_bound and form.is_valid() else None
