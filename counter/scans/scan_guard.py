"""Refuses a scan or a national number in a form field that is for something else.

The project's renderer (FORM_RENDERER) gives every form these bound fields. So the rule
holds for each new form and field, for Django's own forms and for the admin. A field
that takes such a text declares it:

    takes_scan = True              a scan is read here
    takes_eleven_digits = True   a national number is typed here, or a telephone number
    belongs_here(text)           whether this text is what the field asks for, although
                                 it may look like a part of a scan

A refused text is never in `cleaned_data`, and the page does not show it again. In a
text of several lines, the rest of the text stays.
See docs/decisions/021-a-scan-is-data-wherever-it-lands.md.
"""

import re
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final, override

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.scans.scan_shape import (
    holds_national_number,
    looks_like_zone,
    without_scans_and_numbers,
)
from counter.web import field_markup

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Handler = Callable[[HttpRequest], HttpResponse]

#: The key of a row, also with its model before it, as the journal's filter has it.
_KEY: Final = re.compile(
    r"(?:[a-z]+\.[a-z]+:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)

SCAN = _("That is a scan of a document. It does not belong here; nothing was kept.")
NUMBER = _(
    "There is a national register number in this. It does not belong here; nothing "
    "was kept."
)
# For a text of several lines, of which the rest stays: it may have taken long to write.
SCAN_IN_TEXT = _(
    "There was a scan of a document in this text. We took it out. Read the text again."
)
NUMBER_IN_TEXT = _(
    "There was a national register number in this text. We took it out. Read the text "
    "again."
)


@sensitive_variables()
def refusal(field: forms.Field, typed: object) -> "str | StrPromise":
    """Return a sentence why this field refuses what was `typed`; "" if it does not."""
    # Passwords are hashed and never shown; nobody types into hidden fields.
    if field.widget.is_hidden or isinstance(field.widget, forms.PasswordInput):
        return ""
    belongs_here = getattr(field, "belongs_here", lambda _text: False)
    texts = [text for text in _texts(typed) if not belongs_here(text)]
    if not getattr(field, "takes_scan", False) and any(map(looks_like_zone, texts)):
        return SCAN_IN_TEXT if _is_long(field) else SCAN
    if getattr(field, "takes_eleven_digits", False):
        return ""
    if not any(map(holds_national_number, texts)):
        return ""
    return NUMBER_IN_TEXT if _is_long(field) else NUMBER


def _is_long(field: forms.Field) -> bool:
    return isinstance(field.widget, forms.Textarea)


def _texts(typed: object) -> Iterable[str]:
    """The texts that were typed: a field with several inputs sends a list of them."""
    if isinstance(typed, str):
        yield typed
    elif isinstance(typed, list):
        for part in typed:
            yield from _texts(part)


class GuardedField(BoundField):
    """A bound field that refuses a scan or a national number, unless it takes them."""

    @property
    @override
    @sensitive_variables()
    def data(self) -> Any:
        """The sent value. Raises ValidationError for a scan or number that is refused.

        Django reads this property while it cleans the field, so it shows the error at
        that field.
        """
        sent = super().data
        if sentence := refusal(self.field, sent):
            raise ValidationError(sentence, code="scan")
        return sent

    @override
    def value(self) -> Any:
        try:
            return super().value()
        except ValidationError:
            rest = ""
            if _is_long(self.field):
                rest = without_scans_and_numbers(str(super().data))
            return self.field.prepare_value(rest)

    def _has_changed(self) -> bool:
        try:
            changed: bool = super()._has_changed()  # type: ignore[misc]
        except ValidationError:
            return True
        return changed


class Renderer(DjangoTemplates):
    """The renderer of all forms: with these bound fields, and quickly drawn inputs."""

    bound_field_class = GuardedField

    @override
    @sensitive_variables()
    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        if template_name in field_markup.INPUTS:
            return field_markup.drawn_input(context["widget"])
        return super().render(template_name, context, request)


def _is_of_a_document(text: str) -> bool:
    """Whether it is a scan or a national number; the key of a row never is, although
    one in some ten thousand has the shape of one.
    """
    if _KEY.fullmatch(text):
        return False
    return looks_like_zone(text) or holds_national_number(text)


def no_scans_in_addresses(get_response: Handler) -> Handler:
    """Middleware: redirect an admin URL with a scan or national number to one without.

    The admin's search puts the typed text into the URL, and browsers and proxies store
    URLs.
    """

    def handle(request: HttpRequest) -> HttpResponse:
        if not request.GET or not request.path.startswith(reverse("admin:index")):
            return get_response(request)
        kept = request.GET.copy()
        for name, texts in request.GET.lists():
            if any(map(_is_of_a_document, texts)):
                del kept[name]
        if len(kept) == len(request.GET):
            return get_response(request)
        messages.error(request, SCAN)
        query = f"?{kept.urlencode()}" if kept else ""
        return HttpResponseRedirect(request.path + query)

    return handle
