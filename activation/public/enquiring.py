"""What anybody may send to an office: a question, or a report about a page."""

import uuid
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.views.decorators.debug import sensitive_variables

from activation.signals import question_asked
from counter.enums import EnquiryKind
from counter.models import Enquiry, Office


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
    """Keep a question, and have it brought to the office's mailbox.

    `email` is where the answer goes, or empty. One form sent twice is one question.
    """
    enquiry, is_new = Enquiry.objects.get_or_create(
        submission=submission,
        defaults={
            "office": office,
            "kind": EnquiryKind.QUESTION,
            "language": translation.get_language(),
            "name": name,
            "email": email,
            "text": text,
            "received_at": at,
        },
    )
    if is_new:
        question_asked.send(sender=Enquiry, enquiry=enquiry, at=at)
    return enquiry


@sensitive_variables()
def report_page(
    *, office: Office, submission: uuid.UUID, page: str, text: str, at: datetime
) -> Enquiry:
    """Keep a report for the supervisor; `page` is the name of a route, or empty."""
    enquiry, _ = Enquiry.objects.get_or_create(
        submission=submission,
        defaults={
            "office": office,
            "kind": EnquiryKind.REPORT,
            "language": translation.get_language(),
            "page": page,
            "text": text,
            "received_at": at,
        },
    )
    return enquiry
