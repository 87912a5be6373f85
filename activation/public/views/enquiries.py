"""The contact form, and the form to report that something on a page is wrong."""

from datetime import datetime
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, get_resolver, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods, require_safe

from activation.exceptions import TooManyRequestsError
from activation.public import enquiring
from activation.public.enquiring import AnotherMessageError
from activation.public.forms import ContactForm, EnquiryForm
from activation.public.views.choosing import of_an_office
from activation.web import pages
from activation.web.throttling import count_message
from counter.models import Office
from counter.offices.of_request import page_address
from counter.web.see_other import SeeOther
from counter.web.visitor_address import address_of

_LONGEST_NAME: Final = 100
_PUBLIC_NAMESPACES: Final = (
    "activation_public",
    "activation_journey",
    "activation_holder",
)


@sensitive_post_parameters("name", "email", "text")
@require_http_methods(["GET", "HEAD", "POST"])
@of_an_office
@sensitive_variables()
def contact(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Send a question to the office's mailbox."""
    office = _set_up(office)
    form = ContactForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_send(request, form, at=form.at):
        try:
            enquiring.ask_office(
                office=office,
                submission=form.cleaned_data["submission"],
                name=form.cleaned_data["name"],
                email=form.cleaned_data["email"],
                text=form.cleaned_data["text"],
                at=form.at,
            )
        except AnotherMessageError as error:
            form.is_another(error)
        else:
            return SeeOther(page_address("activation_public:contact_sent", office))
    context = {"office": office, "form": form}
    return pages.show(
        request, "activation/public/contact.html", context, status=_status(form)
    )


@sensitive_post_parameters("text")
@require_http_methods(["GET", "HEAD", "POST"])
@of_an_office
@sensitive_variables()
def report_page(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Report that a page is wrong or unclear; the supervisor sees it in the admin."""
    office = _set_up(office)
    page = _route((request.POST or request.GET).get("page", ""))
    form = EnquiryForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _may_send(request, form, at=form.at):
        try:
            enquiring.report_page(
                office=office,
                submission=form.cleaned_data["submission"],
                page=page,
                text=form.cleaned_data["text"],
                at=form.at,
            )
        except AnotherMessageError as error:
            form.is_another(error)
        else:
            address = page_address("activation_public:report_sent", office)
            return SeeOther(f"{address}?page={page}" if page else address)
    context = {"office": office, "form": form, "page": page}
    return pages.show(
        request, "activation/public/report_page.html", context, status=_status(form)
    )


@require_safe
@of_an_office
def contact_sent(request: HttpRequest, office: Office | None) -> HttpResponse:
    context = {"office": _set_up(office)}
    return pages.show(request, "activation/public/contact_sent.html", context)


@require_safe
@of_an_office
def report_sent(request: HttpRequest, office: Office | None) -> HttpResponse:
    """Say thanks, with a link back to the reported page.

    When that page needs more than its name, such as a code, the link leads to the
    information page.
    """
    office = _set_up(office)
    name = _route(request.GET.get("page", "")) or "activation_public:information"
    context = {"office": office, "back": _back(name, office)}
    return pages.show(request, "activation/public/report_sent.html", context)


def _back(name: str, office: Office) -> str:
    try:
        is_of_an_office = name.startswith("activation_public:")
        return page_address(name, office) if is_of_an_office else reverse(name)
    except NoReverseMatch:
        return page_address("activation_public:information", office)


def _set_up(office: Office | None) -> Office:
    """The office; Http404 before set-up, because nobody would read the message."""
    if office is None:
        raise Http404
    return office


def _may_send(request: HttpRequest, form: EnquiryForm, *, at: datetime) -> bool:
    """Count the message; with too many, add an error to the form and return False."""
    try:
        count_message(address=address_of(request), at=at)
    except TooManyRequestsError as error:
        reason = _("Many messages came from your network in the last hour.")
        when = error.then_press(_("Send"))
        form.add_error(None, format_html("{} {} {}", reason, when, _("Or call us.")))
        return False
    return True


def _status(form: EnquiryForm) -> int:
    return 422 if form.errors else 200


def _route(name: str) -> str:
    """The name if it is the name of a public URL; otherwise ""."""
    namespace, _colon, last = name[:_LONGEST_NAME].rpartition(":")
    if namespace not in _PUBLIC_NAMESPACES:
        return ""
    _prefix, resolver = get_resolver().namespace_dict[namespace]
    return name if last in resolver.reverse_dict else ""
