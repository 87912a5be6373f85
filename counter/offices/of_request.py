"""Which office a public page is about, and the address of an office's page.

With one office the addresses are plain (`/nl/contact/`); with several each office has
its own (`/nl/<word>/contact/`), and the plain ones lead to the list of offices. Nothing
guesses: a page that belongs to no office shows none
(docs/decisions/056-an-office-is-in-the-address.md).
"""

from django.http import HttpRequest
from django.urls import reverse

from counter.models import Office
from counter.offices import address_word


class OfficeConverter:
    """The part of an address that names an office, for `path("<office:office>/")`.

    A word that no office has matches no address at all: that is a 404 like any other,
    and what else is done for an address that leads nowhere is done for it too.
    """

    regex = address_word.PATTERN

    def to_python(self, value: str) -> Office:
        # Every address that leads nowhere is tried below a language as well.
        if value in address_word.RESERVED:
            raise ValueError(value)
        office = Office.objects.filter(slug=value).first()
        if office is None:
            raise ValueError(value)
        return office

    def to_url(self, value: Office) -> str:
        return value.slug


def office_of(request: HttpRequest) -> Office | None:
    """The office in the address, else the only one there is.

    None before set-up, and where there are several and the address names none.
    """
    match = request.resolver_match
    named = match.kwargs.get("office") if match else None
    return named if isinstance(named, Office) else Office.objects.the_only_one()


def page_address(name: str, office: Office | None) -> str:
    """The address of a public page, which stays with its office.

    `office` is None where it is not known: with several, the list is there.
    """
    if office is None or office.is_the_only_one:
        return reverse(name)
    return reverse(name, kwargs={"office": office})
