"""Every address of the product (DESIGN.md, section 6)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("counter/", include("counter.urls")),
    path("payments/", include("payments.urls")),
    path("counter/dossiers/", include("activation.desk_urls")),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("notifications.urls")),
    *i18n_patterns(path("a/", include("activation.urls"))),
]

if settings.DEMO_INBOX is not None:
    urlpatterns.append(path("demo/", include("config.local.urls")))
