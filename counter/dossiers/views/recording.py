"""Recording an applicant."""

import uuid

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from counter.desk import registry
from counter.dossiers import drafts, recording
from counter.dossiers.beside_recording import ask_others
from counter.dossiers.feedback_forms import NumberReadingForm
from counter.dossiers.forms import STARTING_FIELDS, RecordForm
from counter.dossiers.pages import new_visit, readings, show_recording
from counter.email.forms import with_suggestion
from counter.email.uniqueness import AddressTakenError
from counter.exceptions import CounterError
from counter.models import Clerk
from counter.people.kinship import OwnPersonError
from counter.people.person import OtherPersonError
from counter.staff.access import for_clerks
from counter.web.see_other import SeeOther


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def record_applicant(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """GET or POST with `start`: a new form; other POSTs record the applicant."""
    if request.method != "POST":
        return new_visit(request, clerk)
    if "start" in request.POST:
        return new_visit(request, clerk, begun=_begun(request.POST))
    form = RecordForm(request.POST, clerk=clerk, today=timezone.localdate())
    refusal: CounterError | None = None
    others = ask_others(request, clerk, form)
    if others.is_ready:
        try:
            dossier = recording.record_applicant(
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
            # A colleague was faster: validated again, the form has the new doubt.
            form.full_clean()
            others = ask_others(request, clerk, form)
        except CounterError as error:
            refusal = error
            # The next try gets a new submission: it is another form than the refused
            # one.
            drafts.drop(clerk=clerk, submission=form.cleaned_data["submission"])
            form.data = with_suggestion(request.POST).copy()
            form.data["submission"] = str(uuid.uuid4())
        else:
            drafts.drop(clerk=clerk, submission=dossier.submission)
            return SeeOther(registry.after_recording(), dossier.pk)
    kept = drafts.save(clerk=clerk, typed=form.data, at=timezone.now())
    return show_recording(
        request, form, refusal=refusal, others=others, kept=kept, status=422
    )


def _begun(posted: QueryDict) -> dict[str, str]:
    """The sent values that may fill in a new form; other fields are ignored."""
    names = STARTING_FIELDS | {"scanned"}
    return {name: text[:200] for name in names if (text := posted.get(name, ""))}


@require_POST
@sensitive_post_parameters()
@for_clerks
def number_reading(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The live feedback under the number's field: what the number says, and under which
    name it is known.
    """
    context = readings(NumberReadingForm(request.POST), clerk)
    return render(request, "counter/dossiers/recording/_reading.html", context)
