"""The renderer of all forms, also of Django's own and the admin's (FORM_RENDERER).

Their bound fields refuse a scan or a national number (counter.scans.scan_guard). An
`<input>` is drawn in Python: Django's template for it, with another included in it,
took a seventh of the CPU of a page with one field.
"""

from collections.abc import Mapping
from typing import Any, Final, override

from django.forms.renderers import DjangoTemplates
from django.http import HttpRequest
from django.utils.html import conditional_escape
from django.utils.safestring import SafeData, SafeString
from django.views.decorators.debug import sensitive_variables

from counter.scans.scan_guard import GuardedField

#: Django's templates that consist of nothing but an `<input>` with its attributes.
INPUTS: Final = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in (
        *("checkbox", "color", "date", "datetime", "email", "file", "hidden"),
        *("number", "password", "search", "tel", "text", "time", "url"),
    )
)


class Renderer(DjangoTemplates):
    bound_field_class = GuardedField

    @override
    @sensitive_variables()
    def render(
        self,
        template_name: str,
        context: dict[str, Any],
        request: HttpRequest | None = None,
    ) -> str:
        if template_name in INPUTS:
            return _input(context["widget"])
        return super().render(template_name, context, request)


def _input(widget: Mapping[str, Any]) -> SafeString:
    """What Django's own template for an input draws, to the character."""
    parts = [f'<input type="{_text(widget["type"])}" name="{_text(widget["name"])}"']
    if widget["value"] is not None:
        parts.append(f' value="{_text(widget["value"])}"')
    for name, value in widget["attrs"].items():
        if value is True:
            parts.append(f" {_text(name)}")
        elif value is not False:
            parts.append(f' {_text(name)}="{_text(value)}"')
    parts.append(">")
    return SafeString("".join(parts))


def _text(value: object) -> str:
    # Only a safe text is left as it is: any other object is escaped as a text.
    return conditional_escape(value if isinstance(value, SafeData) else str(value))
