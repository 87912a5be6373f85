"""The public pages, of the only office or of the office in the address."""

from django.urls import include, path

from activation.public.views import enquiries
from activation.public.views.accessibility import accessibility
from activation.public.views.information import information
from activation.public.views.privacy import privacy

app_name = "activation_public"

_pages = [
    path("", information, name="information"),
    path("privacy/", privacy, name="privacy"),
    path("accessibility/", accessibility, name="accessibility"),
    path("contact/", enquiries.contact, name="contact"),
    path("contact/sent/", enquiries.contact_sent, name="contact_sent"),
    path("report/", enquiries.report_page, name="report_page"),
    path("report/sent/", enquiries.report_sent, name="report_sent"),
]

#: With several offices, an address without an office shows the list of offices.
urlpatterns = [*_pages, path("<office:office>/", include(_pages))]
