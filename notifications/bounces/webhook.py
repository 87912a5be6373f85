"""The webhook that a mail service calls when a mail bounced.

django-anymail checks that the call comes from the service (a signature, or a password
in the address) and parses it. Such a service keeps our Message-ID when it relays a
mail, and sends it along in its call (docs/sending.md#mails-that-come-back).
"""

import uuid
from collections.abc import Iterator
from typing import Final

import structlog
from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent, EventType
from anymail.webhooks.base import AnymailCoreWebhookView
from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from django.conf import settings
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from notifications.bounces import noting
from notifications.bounces.reports import CAME_BACK, Report, our_id

#: The supported services by their name in BOUNCE_WEBHOOK: those that keep the
#: Message-ID of a mail that they relay.
SERVICES: Final[dict[str, type[AnymailCoreWebhookView]]] = {
    "brevo": BrevoTrackingWebhookView,
    "mailgun": MailgunTrackingWebhookView,
}
_FAILED: Final = {EventType.BOUNCED, EventType.REJECTED}
#: What anymail raises for a call that is not the service's, or that it cannot parse.
_UNREADABLE: Final = (
    AnymailError,
    SuspiciousOperation,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)

log = structlog.get_logger("sleutelloket.bounces")


@csrf_exempt
@require_POST
def take_call(request: HttpRequest) -> HttpResponse:
    """Note the bounces that a mail service reports.

    Answers 404 if no service is configured, and 400 if the call is not from that
    service or cannot be parsed.
    """
    service = SERVICES.get(settings.BOUNCE_WEBHOOK)
    if service is None:
        raise Http404
    view = service()
    try:
        view.run_validators(request)
        reports = [_report(event) for event in view.parse_events(request)]
    except _UNREADABLE as error:
        # Without the error's text, which may quote the call.
        log.warning("bounce_call_refused", error=type(error).__name__)
        return HttpResponse("Refused", status=400, content_type="text/plain")
    at = timezone.now()
    noted = [report for report in reports if report and noting.note(report, at=at)]
    log.info("bounce_call_read", noted=len(noted), events=len(reports))
    return HttpResponse("Read", content_type="text/plain")


def _report(event: AnymailTrackingEvent) -> Report | None:
    """The event as a report; None if it is no permanent failure or about no mail of
    ours.
    """
    if event.event_type not in _FAILED:
        return None
    delivery_id = _about(event)
    if delivery_id is None:
        return None
    words = event.mta_response or event.description or event.reject_reason or CAME_BACK
    recipients = (event.recipient,) if event.recipient else ()
    return Report(delivery_id, " ".join(str(words).split()), recipients)


def _about(event: AnymailTrackingEvent) -> uuid.UUID | None:
    """The id of the delivery whose Message-ID is in any field of the call; None if
    there is none.
    """
    for text in (str(event.message_id or ""), *_texts(event.esp_event)):
        if delivery_id := our_id(text):
            return delivery_id
    return None


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
