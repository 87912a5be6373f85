"""Links to an office's public pages, and what is said where no office is known."""

from django import template

from counter.models import Office
from counter.offices import of_request

register = template.Library()


@register.simple_tag
def office_page(name: str, office: Office | str | None = None) -> str:
    """The address of the public page `name`, kept with the office where one is known.

    A template that has no office gives an empty text.
    """
    return of_request.page_address(name, office if isinstance(office, Office) else None)


@register.simple_tag
def are_several_offices() -> bool:
    """Whether there is a list to choose from."""
    return Office.objects.are_several()
