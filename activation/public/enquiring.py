"""Storing what anybody may send to an office: a question, or a report about a page."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ActivationError
from activation.signals import question_asked
from counter.enums import EnquiryKind
from counter.models import Enquiry, Office


class AnotherMessageError(ActivationError):
    """The same form was sent before with another text, and that one was stored."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "You sent another message from this page already. Is this a new one? "
                "Wait a moment, then send it again."
            )
        )


@sensitive_variables()
@transaction.atomic
def ask_office(
    *,
    office: Office,
    submission: uuid.UUID,
    name: str,
    email: str,
    text: str,
    at: datetime,
) -> Enquiry:
    """Store a question, and have it mailed to the office.

    `email` is the address for the answer, or "". A form that is sent twice is one
    question. Raises AnotherMessageError when the second time has another text.
    """
    answers = {"office": office, "name": name, "email": email, "text": text}
    enquiry, is_new = _keep(submission, EnquiryKind.QUESTION, answers, at=at)
    if is_new:
        question_asked.send(sender=Enquiry, enquiry=enquiry, at=at)
    return enquiry


@sensitive_variables()
def report_page(
    *, office: Office, submission: uuid.UUID, page: str, text: str, at: datetime
) -> Enquiry:
    """Store a report for the supervisor; `page` is the name of a URL, or "".

    For a form that is sent twice see `ask_office`.
    """
    answers = {"office": office, "page": page, "text": text}
    enquiry, _is_new = _keep(submission, EnquiryKind.REPORT, answers, at=at)
    return enquiry


@sensitive_variables()
def _keep(
    submission: uuid.UUID,
    kind: EnquiryKind,
    answers: dict[str, object],
    *,
    at: datetime,
) -> tuple[Enquiry, bool]:
    """Store the message unless it is stored; return it, and whether it is new.

    Raises AnotherMessageError when another message has the same `submission`.
    """
    answers = {"kind": kind, **answers}
    language = translation.get_language()
    enquiry, is_new = Enquiry.objects.get_or_create(
        submission=submission,
        defaults={**answers, "language": language, "received_at": at},
    )
    if any(getattr(enquiry, name) != value for name, value in answers.items()):
        raise AnotherMessageError
    return enquiry, is_new
