"""Links to an office's public pages, and what is said of an office or of none."""

from django import template

from counter.models import Office
from counter.offices import lines, of_request

register = template.Library()


@register.filter
def lines_of_office(office: Office) -> lines.OfficeLines:
    return lines.lines_of(office)


@register.simple_tag
def office_word(office: Office | str | None = None) -> str:
    """The office's word in public addresses; "" for the only office, and for none.

    A template that has no office gives an empty text.
    """
    return of_request.word_of(office) if isinstance(office, Office) else ""


@register.simple_tag
def office_page(name: str, office: Office | str | None = None) -> str:
    """The address of the public page `name`, kept with the office where one is known.

    `office` may also be its word in addresses (office_word). A template that has no
    office gives an empty text.
    """
    return of_request.page_address(name, office)


@register.simple_tag
def are_several_offices() -> bool:
    """Whether there is a list to choose from."""
    return Office.objects.are_several()
