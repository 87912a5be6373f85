"""Finds the office of a public page, and the URL of an office's page.

With one office the URLs are plain (`/nl/contact/`). With several, each office has its
own URLs (`/nl/<word>/contact/`), and the plain ones lead to the list of offices. The
office is never guessed: a page that belongs to no office shows none
(docs/decisions/056-an-office-is-in-the-address.md).
"""

from django.http import HttpRequest
from django.urls import reverse

from counter.models import Office
from counter.offices import address_word


class OfficeConverter:
    """The part of a URL that names an office, for `path("<office:office>/")`.

    A word that no office has does not match the URL pattern. So the request gets the
    same 404, with the same handling, as any other unknown URL.
    """

    regex = address_word.PATTERN

    def to_python(self, value: str) -> Office:
        # An unknown URL is also tried with a language in front. Reserved words are
        # refused here without a query.
        if value in address_word.RESERVED:
            raise ValueError(value)
        office = Office.objects.filter(slug=value).first()
        if office is None:
            raise ValueError(value)
        return office

    def to_url(self, value: Office | str) -> str:
        return value.slug if isinstance(value, Office) else value


def office_of(request: HttpRequest) -> Office | None:
    """The office that the URL names, or else the only office.

    None when there is no office yet, or when there are several and the URL names none.
    """
    match = request.resolver_match
    named = match.kwargs.get("office") if match else None
    return named if isinstance(named, Office) else Office.objects.the_only_one()


def page_address(name: str, office: Office | str | None) -> str:
    """The URL of a public page of this office, or of the one with this word.

    For None, "", or the only office, it is the plain URL, which leads to the list of
    offices when there are several.
    """
    word = word_of(office) if isinstance(office, Office) else office
    return reverse(name, kwargs={"office": word} if word else None)


def word_of(office: Office) -> str:
    """The office's word in public addresses; "" for the only office."""
    return "" if office.is_the_only_one else office.slug
