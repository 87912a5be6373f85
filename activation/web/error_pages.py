"""The error pages: not found, not allowed, bad request, server error.

When the address begins with a language, the page is in that language only and names
the office that can help. Otherwise it has all languages, Dutch first
(templates/layouts/plain.html).
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
    """The error page. It must always work, so it has no office when none can be read.

    It is rendered without context processors, because they read the database and the
    session. Pass `may_ask=False` when the database itself failed.
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
    """Whether it is a database error, so that another query would probably fail too."""
    return isinstance(error, db.Error)


def _office_or_none(request: HttpRequest, alone: str) -> Office | None:
    if not alone:
        return None
    try:
        if not hasattr(request, "session"):  # the error came before SessionMiddleware
            return _named(request) or of_request.office_of(request)
        return _named(request) or office_of_visitor(request)
    except Exception as error:  # noqa: BLE001 (the page is shown after any error)
        log.warning("error_page_without_office", error=type(error).__name__)
        return None


def _named(request: HttpRequest) -> Office | None:
    """The office in the address; read here, because no URL pattern matched."""
    word = [*request.path_info.split("/"), "", ""][2]
    try:
        return of_request.OfficeConverter().to_python(word) if word else None
    except ValueError:
        return None
