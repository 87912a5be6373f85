"""The pages for what is not there, not allowed, not understood, or broken.

On an address that begins with a language they are in it alone, and name the office that
helps; elsewhere they are in Dutch first (templates/layouts/plain.html).
"""

import structlog
from django import db
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from activation.web.office import office_of_visitor
from counter.models import Office
from counter.offices import of_request

log = structlog.get_logger("sleutelloket.error_pages")


def page(
    request: HttpRequest,
    template: str,
    *,
    status: int,
    reference: str = "",
    may_ask: bool = True,
) -> HttpResponse:
    """The page, whatever else fails: without an office where none can be read.

    It is rendered without the request's context, which reads the database and the
    session. `may_ask` is false when it is the database that broke.
    """
    alone = translation.get_language_from_path(request.path_info) or ""
    context = {
        "alone": alone,
        "office": _office_or_none(request, alone) if may_ask else None,
        "request_id": reference,
    }
    with translation.override(alone or translation.get_language()):
        body = render_to_string(template, context)
    return HttpResponse(body, status=status)


def is_of_the_database(error: BaseException | None) -> bool:
    """Whether asking the database again would only make somebody wait again."""
    return isinstance(error, db.Error)


def _office_or_none(request: HttpRequest, alone: str) -> Office | None:
    if not alone:
        return None
    try:
        if not hasattr(request, "session"):  # broken before it was read
            return _named(request) or of_request.office_of(request)
        return _named(request) or office_of_visitor(request)
    except Exception as error:  # noqa: BLE001 (whatever is broken, the page comes)
        log.warning("error_page_without_office", error=type(error).__name__)
        return None


def _named(request: HttpRequest) -> Office | None:
    """The office in an address that leads nowhere, so that no view has read it."""
    word = [*request.path_info.split("/"), "", ""][2]
    try:
        return of_request.OfficeConverter().to_python(word) if word else None
    except ValueError:
        return None
