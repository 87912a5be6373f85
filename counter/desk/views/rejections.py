"""Views that end a visit without a dossier: the free route, and a refusal."""

import uuid
from typing import Any, assert_never

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from counter.desk import rejections
from counter.enums import Outcome, RedirectReason, RefusalReason
from counter.exceptions import CounterError
from counter.models import Clerk, Draft, TurnedAway
from counter.staff.access import for_clerks
from counter.staff.reauthentication import PresenceForm
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther

_SAID = ("submission", "reason")


class TurnAwayForm(forms.Form):
    """Asks for the reason; each reason is a button that sends the form.

    `submission` is that of the recording form from which the clerk comes, if any.
    """

    helper = layout(Row("submission"))

    submission = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)
    reason = forms.TypedChoiceField(
        choices=(),
        error_messages={
            "required": _("Choose a reason."),
            "invalid_choice": _("Choose a reason."),
        },
    )

    def __init__(
        self,
        *args: Any,
        reasons: type[RedirectReason] | type[RefusalReason],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = forms.TypedChoiceField(
            choices=reasons,
            coerce=reasons,
            error_messages=self.fields["reason"].error_messages,
        )


class RefuseForm(PresenceForm, TurnAwayForm):
    """A refusal asks for the clerk's password again after a pause, because it takes
    something away from the person; the free route does not.
    """

    helper = layout(Row("submission"), Row("password"))


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def redirect_person(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The recording page posts here; a GET shows a separate page with the question."""
    return _turn_away(
        request, clerk, RedirectReason, "counter/desk/redirect_person.html"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def refuse_person(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return _turn_away(request, clerk, RefusalReason, "counter/desk/refuse_person.html")


@require_safe
@for_clerks
def turned_away(
    request: HttpRequest, clerk: Clerk, submission: uuid.UUID
) -> HttpResponse:
    """What to tell the person, after the visit was ended."""
    rows = TurnedAway.objects.visible_to(clerk)
    visit = get_object_or_404(rows, submission=submission)
    redirected = visit.outcome == Outcome.REDIRECTED
    context = {
        "visit": visit,
        "redirected": redirected,
        "way_in": _way_in(RedirectReason(visit.reason)) if redirected else "",
    }
    return render(request, "counter/desk/turned_away.html", context)


def _turn_away(
    request: HttpRequest,
    clerk: Clerk,
    reasons: type[RedirectReason] | type[RefusalReason],
    template: str,
) -> HttpResponse:
    refusal: CounterError | None = None
    if request.method != "POST":
        begun = _begun(request)
        form = _form(request, reasons, initial={"submission": begun} if begun else {})
        page = "counter_dossiers:record_applicant" if begun else "counter_desk:desk"
        back = _back(clerk, begun, page=page)
        return render(
            request, template, {"form": form, "choices": reasons, "back": back}
        )
    form = _form(request, reasons, data=request.POST)
    if form.is_valid():
        answers = {name: form.cleaned_data[name] for name in _SAID}
        try:
            rejection = rejections.turn_away(clerk=clerk, at=timezone.now(), **answers)
        except CounterError as error:
            refusal = error
        else:
            return SeeOther("counter_desk:turned_away", rejection.submission)
    context: dict[str, Any] = {
        "form": form,
        "choices": reasons,
        "refusal": refusal,
        "back": _back(clerk, form.cleaned_data.get("submission")),
    }
    return render(request, template, context, status=422)


def _form(
    request: HttpRequest,
    reasons: type[RedirectReason] | type[RefusalReason],
    **kwargs: Any,
) -> TurnAwayForm:
    if reasons is RefusalReason:
        return RefuseForm(request=request, reasons=reasons, **kwargs)
    return TurnAwayForm(reasons=reasons, **kwargs)


def _begun(request: HttpRequest) -> uuid.UUID | None:
    """The submission of the recording form from which the clerk comes, if any."""
    try:
        return uuid.UUID(request.GET.get("draft", ""))
    except ValueError:
        return None


def _back(
    clerk: Clerk, begun: uuid.UUID | None, *, page: str = "counter_desk:desk"
) -> str:
    """The URL to go back to: the draft, or `page` when none is kept."""
    drafts = Draft.objects.visible_to(clerk)
    kept = drafts.filter(submission=begun).first() if begun else None
    if kept is None:
        return reverse(page)
    return reverse("counter_dossiers:resume_draft", args=[kept.pk])


def _way_in(reason: RedirectReason) -> str:
    """Tells how to sign in to the free route with this document or app."""
    match reason:
        case RedirectReason.EID:
            return gettext(
                "Put your eID or residence card in the card reader, choose eID, and "
                "type your PIN."
            )
        case RedirectReason.ITSME:
            return gettext("Choose itsme, and confirm in the app on your phone.")
        case RedirectReason.EU_EID:
            return gettext(
                "Choose the European sign-in (eIDAS), then your own country, and sign "
                "in with its eID."
            )
        case _:
            assert_never(reason)
