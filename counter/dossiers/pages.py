"""The recording page: empty, filled in by a search or scan, or opened from a draft."""

import uuid
from collections.abc import Iterable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from counter.dossiers import drafts
from counter.dossiers.beside_recording import Others
from counter.dossiers.feedback_forms import NumberReadingForm
from counter.dossiers.forms import RecordForm
from counter.dossiers.number_feedback import Reading, known_from, read_number
from counter.exceptions import CounterError
from counter.identity.national_number import Sex
from counter.identity.shown_person import DocumentPerson
from counter.identity.spelling import PersonName
from counter.models import Clerk, Draft
from counter.people.known_as import read_known
from counter.scans.mrz import MrzError
from counter.scans.scanned_document import Scan


def new_visit(  # noqa: PLR0913 (all named, all on the page)
    request: HttpRequest,
    clerk: Clerk,
    *,
    begun: Mapping[str, str] | None = None,
    unknown: bool = False,
    scan: Scan | None = None,
    notices: Iterable[str] = (),
    kept: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page with a new form, filled in with the fields in `begun`.

    `unknown` is true when a search by number found nobody. `scan` is the document that
    was read, if any; when it was refused, the status is 422 and the clerk goes on with
    another document. `notices` are sentences shown above the form. `kept` is the draft
    that has these fields already; what was scanned is kept here, if it was not before
    and the document was not refused.
    """
    today = timezone.localdate()
    start = dict(begun or {})
    refused = scan is not None and scan.refusal is not None
    if kept is None and start.get("scanned") and not refused:
        start.setdefault("submission", str(uuid.uuid4()))
        kept = drafts.save(clerk=clerk, typed=start, at=timezone.now())
    from_number = known_from(start.get("national_number", ""), today=today)
    form = RecordForm(clerk=clerk, today=today, initial=from_number | start)
    return show_recording(
        request,
        form,
        unknown=unknown,
        scan=scan,
        notices=notices,
        kept=kept,
        status=422 if refused else status,
    )


def resume(request: HttpRequest, clerk: Clerk, draft: Draft) -> HttpResponse:
    """The page with the form of a draft: the same values and the same submission."""
    form = RecordForm(
        clerk=clerk,
        today=timezone.localdate(),
        initial={**drafts.content(draft), "submission": draft.submission},
    )
    return show_recording(request, form, kept=draft)


def readings(form: NumberReadingForm, clerk: Clerk) -> dict[str, Reading]:
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
    known = read_known(text, DocumentPerson(name, born), clerk=clerk, at=timezone.now())
    return {"reading": reading, "known_as": known}


def show_recording(  # noqa: PLR0913 (all named, all on the page)
    request: HttpRequest,
    form: RecordForm,
    *,
    refusal: CounterError | None = None,
    others: Others | None = None,
    unknown: bool = False,
    scan: Scan | None = None,
    notices: Iterable[str] = (),
    kept: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    """The recording page. `kept` is the draft with what is on it: a reload, another
    language and the lock screen come back to that one (static/js/draft.js).
    """
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
        "kept_at": _address_of(kept),
        **readings(read, form.clerk),
        "drafts": [] if form.is_bound else drafts.others(form, at=timezone.now()),
    }
    return render(
        request,
        "counter/dossiers/recording/record_applicant.html",
        context,
        status=status,
    )


def _address_of(kept: Draft | None) -> str:
    return reverse("counter_dossiers:resume_draft", args=[kept.pk]) if kept else ""
