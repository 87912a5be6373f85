"""`{% kept "layouts/_desk_keys.html" works=perms.counter.work_at_the_desk %}`, and
`{% kept "layouts/_scripts.html" csp_nonce=csp_nonce|blank %}`.
"""

from collections.abc import Hashable

from django import template
from django.utils.safestring import SafeString

from counter.web import kept as pieces

register = template.Library()


@register.simple_tag
def kept(name: str, **values: Hashable) -> SafeString:
    """A template with these values and nothing else of the page, drawn once for all."""
    return pieces.kept(name, **values)


@register.filter
def blank(value: object) -> pieces.Blank:
    """A value that is filled in for each page, and not kept with the template."""
    return pieces.Blank(value)
