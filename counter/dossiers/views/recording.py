"""Recording an applicant."""

import uuid
from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter import drafts
from counter.access import SeeOther, for_clerks
from counter.beside_recording import Others, ask_others
from counter.email_form import with_suggestion
from counter.enums import RedirectReason
from counter.exceptions import CounterError
from counter.forms import STARTING_FIELDS, RecordForm
from counter.kinship import OwnPersonError
from counter.known_as import read_known
from counter.models import Clerk, Draft
from counter.mrz import MrzError
from counter.national_number import Sex
from counter.person import OtherPersonError
from counter.reading import Reading, known_from, read_number
from counter.reading_forms import NumberReadingForm
from counter.scan import Scan
from counter.services import record_applicant as record
from counter.shared_address import AddressTakenError
from counter.shown import Shown
from counter.spelling import PersonName


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def record_applicant(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """An empty form; `start` by POST, begun with a number; or the whole form."""
    if request.method != "POST":
        return new_visit(request, clerk)
    if "start" in request.POST:
        return new_visit(request, clerk, begun=_begun(request.POST))
    form = RecordForm(request.POST, clerk=clerk, today=timezone.localdate())
    refusal: CounterError | None = None
    others = ask_others(request, clerk, form)
    if others.is_ready:
        try:
            dossier = record(
                recording=form.recording(supervisor=others.supervisor),
                family=others.family.answer if others.family else None,
                clerk=clerk,
                submission=form.cleaned_data["submission"],
                at=timezone.now(),
            )
        except OwnPersonError as error:
            form.add_error("last_name", str(error))
        except AddressTakenError as error:
            form.add_error("email", str(error))
        except OtherPersonError:
            # A colleague was faster: now the form knows of whom there is a doubt.
            form.full_clean()
            others = ask_others(request, clerk, form)
        except CounterError as error:
            refusal = error
            # Saved again, it is another form than the one that was refused.
            drafts.drop(clerk=clerk, submission=form.cleaned_data["submission"])
            form.data = with_suggestion(request.POST).copy()
            form.data["submission"] = str(uuid.uuid4())
        else:
            drafts.drop(clerk=clerk, submission=dossier.submission)
            return SeeOther("activation_desk:pay_and_issue", dossier.pk)
    if isinstance(form.data, QueryDict):
        drafts.save(clerk=clerk, typed=form.data, at=timezone.now())
    return _show(request, form, refusal=refusal, others=others, status=422)


def new_visit(
    request: HttpRequest,
    clerk: Clerk,
    *,
    begun: Mapping[str, str] | None = None,
    unknown: bool = False,
    scan: Scan | None = None,
    notices: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    """The form, with the fields it begins with.

    `unknown` when a search by number found nobody; `scan` when a document was read,
    which may have been refused: then the clerk goes on with another one. `notices` are
    said above the form.
    """
    today = timezone.localdate()
    start = dict(begun or {})
    told = known_from(start.get("national_number", ""), today=today)
    form = RecordForm(clerk=clerk, today=today, initial=told | start)
    refused = scan is not None and scan.refusal is not None
    return _show(
        request,
        form,
        unknown=unknown,
        scan=scan,
        notices=notices,
        status=422 if refused else status,
    )


def _begun(posted: QueryDict) -> dict[str, str]:
    """Of what a page sent to begin with, the fields that a visit may begin with."""
    names = STARTING_FIELDS | {"scanned"}
    return {name: text[:200] for name in names if (text := posted.get(name, ""))}


def resume(request: HttpRequest, clerk: Clerk, draft: Draft) -> HttpResponse:
    """The form as it was left: same fields, same submission."""
    form = RecordForm(
        clerk=clerk,
        today=timezone.localdate(),
        initial={**drafts.content(draft), "submission": draft.submission},
    )
    return _show(request, form)


@require_POST
@sensitive_post_parameters()
@for_clerks
def number_reading(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """What the number says and who it is known as, for the place under its field."""
    context = _readings(NumberReadingForm(request.POST), clerk)
    return render(request, "counter/_reading.html", context)


def _readings(form: NumberReadingForm, clerk: Clerk) -> dict[str, Reading]:
    form.is_valid()
    typed = form.cleaned_data
    text: str = typed.get("national_number", "")
    name = PersonName(typed.get("last_name", ""), typed.get("first_names", ""))
    born = typed.get("birth_date")
    reading = read_number(
        text,
        birth_date=born,
        sex=typed.get("sex", Sex.UNKNOWN),
        today=timezone.localdate(),
    )
    known = read_known(text, Shown(name, born), clerk=clerk, at=timezone.now())
    return {"reading": reading, "known_as": known}


def _show(  # noqa: PLR0913 (all named, all on the page)
    request: HttpRequest,
    form: RecordForm,
    *,
    refusal: CounterError | None = None,
    others: Others | None = None,
    unknown: bool = False,
    scan: Scan | None = None,
    notices: Iterable[str] = (),
    status: int = 200,
) -> HttpResponse:
    read = NumberReadingForm(
        {name: form[name].value() or "" for name in NumberReadingForm.base_fields}
    )
    context = {
        "form": form,
        "refusal": refusal,
        "family": others.family if others else None,
        "open_dossier": getattr(refusal, "dossier_id", None),
        "unknown": unknown,
        "scan": scan,
        "approval": others.approval if others else None,
        "scan_wrong": MrzError.SENTENCES["check"],
        "notices": list(notices),
        **_readings(read, form.clerk),
        "routes": RedirectReason.choices,
        "drafts": [] if form.is_bound else drafts.others(form, at=timezone.now()),
    }
    return render(request, "counter/record_applicant.html", context, status=status)
