"""Every address of the product (docs/architecture.md#addresses)."""

import sys

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.urls import include, path, register_converter

from activation.public.views.information import home
from activation.web import error_pages
from counter.offices.of_request import OfficeConverter
from counter.staff.access import to_page_again

register_converter(OfficeConverter, "office")

urlpatterns = [
    path("", home, name="home"),
    path("counter/", include("counter.urls")),
    path("counter/dossiers/", include("activation.desk.urls")),
    path("counter/", include("notifications.desk.urls")),
    path("payments/", include("payments.urls")),
    path("admin/", admin.site.urls),
    path("", include("notifications.health.urls")),
    path("bounces/", include("notifications.bounces.urls")),
    *i18n_patterns(
        path("a/", include("activation.journey.urls")),
        path("keys/", include("activation.holder.urls")),
        # Last: any other word may be the name of an office.
        path("", include("activation.public.urls")),
    ),
]

if settings.DEMO_INBOX is not None:
    urlpatterns.append(path("demo/", include("localrun.inbox.urls")))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The page for a bad request, or the same page again if the session ended
    meanwhile.

    With two clicks, two tabs or a locked screen, the other request may have got a new
    session. What this request did is done, and the page shows the present state.
    """
    if isinstance(exception, SessionInterrupted):
        return to_page_again(request)
    return error_pages.page(request, "400.html", status=400)


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_pages.page(request, "403.html", status=403)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error_pages.page(request, "404.html", status=404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The page for a form that is too old; `reason` is in the log already."""
    return error_pages.page(request, "403_csrf.html", status=403)


def handler500(request: HttpRequest) -> HttpResponse:
    """The page for an unexpected error; it shows the request's id, which the log has
    too.
    """
    return error_pages.page(
        request,
        "500.html",
        status=500,
        reference=getattr(request, "request_id", ""),
        may_ask=not error_pages.is_of_the_database(sys.exception()),
    )
