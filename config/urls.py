"""Every address of the product (docs/architecture.md#addresses)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sessions.exceptions import SessionInterrupted
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.urls import include, path, register_converter
from django.views.defaults import bad_request

from activation.public.views.information import home
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
    """What cannot be answered, except for a session that ended meanwhile.

    Two clicks, two tabs, or a screen that was locked: the other request got a new
    session. What this one did is done, and the page shows it as it is now.
    """
    if isinstance(exception, SessionInterrupted):
        return to_page_again(request)
    return bad_request(request, exception)


def handler500(request: HttpRequest) -> HttpResponse:
    """Something broke: the page carries the reference that the log has too.

    Rendered without the request's context, which may need the database that broke.
    """
    reference = getattr(request, "reference", "")
    page = render_to_string("500.html", {"request_id": reference})
    return HttpResponse(page, status=500)
