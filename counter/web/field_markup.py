"""Renders a form field of the desk as one row of the page: label, input and errors.

It is done in Python, because the recording page is opened dozens of times a day, and a
template for each field would take several times as long
(docs/decisions/007-crispy-with-a-pack-of-our-own.md). Forms place their rows with
counter.web.form_layout.
"""

import html
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.forms.widgets import Input
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeData, SafeString
from django.utils.translation import gettext as _

from counter.identity import countries
from counter.web.form_fields import CountryField

#: Django's templates for a widget that consist of nothing but an `<input>`.
INPUTS: Final = frozenset(
    f"django/forms/widgets/{kind}.html"
    for kind in (
        *("checkbox", "color", "date", "datetime", "email", "file", "hidden"),
        *("number", "password", "search", "tel", "text", "time", "url"),
    )
)
_KEPT: Final = 1024
_NOTHING: Final = SafeString()


def row(field: BoundField, css: str = "mb-3") -> SafeString:
    """The whole row; for a hidden field only its input."""
    widget = field.field.widget
    if widget.is_hidden:
        return _control(field)
    drawn: tuple[SafeString, ...]
    if isinstance(widget, forms.RadioSelect):
        drawn = (_radios(field),)
    elif isinstance(widget, forms.CheckboxInput):
        css = f"{css} form-check".strip()
        drawn = (_control(field), _label(field, "form-check-label"), _below(field))
    else:
        drawn = (_label(field, "form-label"), _control(field), _below(field))
    return SafeString(
        f"<div{flat({'id': f'div_{field.auto_id}', 'class': css})}>"
        f"{''.join(drawn)}</div>\n"
    )


def errors(field: BoundField, css: str = "invalid-feedback") -> SafeString:
    if not field.errors:
        return _NOTHING
    return format_html_join(
        "",
        '<p class="{}" id="{}_error">{}</p>',
        ((css, field.auto_id, error) for error in field.errors),
    )


def flat(attrs: Mapping[str, Any]) -> SafeString:
    """The attributes of an element as text, each with a space before it.

    For True only the name is written; for False and None nothing. Django's `flatatt`
    takes three times as long.
    """
    parts = []
    for name, value in attrs.items():
        if value is True:
            parts.append(f" {name}")
        elif value is not False and value is not None:
            parts.append(f' {name}="{html.escape(str(value))}"')
    return SafeString("".join(parts))


def drawn_input(widget: Mapping[str, Any]) -> SafeString:
    """What the templates in INPUTS draw, to the character; `widget` is their context.

    Django's template, with another included in it, took a seventh of the CPU of a page
    with one field.
    """
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


def _below(field: BoundField) -> SafeString:
    """The texts under the input: the hint, the errors, and "from the scan"."""
    below = errors(field)
    if field.help_text:
        hint = '<div id="{}_helptext" class="form-text">{}</div>'
        below = format_html(hint, field.auto_id, field.help_text) + below
    if _is_scanned(field):
        below += format_html(
            '<div id="{}_scan" class="form-text" data-from-scan>{}</div>',
            field.auto_id,
            _("from the scan"),
        )
    return below


def _is_scanned(field: BoundField) -> bool:
    """Whether the value was read from the document and has no error."""
    return field.name in getattr(field.form, "from_scan", ()) and not field.errors


def _label(field: BoundField, css: str) -> SafeString:
    label = conditional_escape(field.label)
    return _drawn_label(field.auto_id, css, label, is_required=field.field.required)


@lru_cache(_KEPT)
def _drawn_label(
    field_id: str, css: str, label: SafeString, *, is_required: bool
) -> SafeString:
    return format_html(
        '<label for="{}" class="{}">{}{}</label>',
        field_id,
        css,
        label,
        _star(is_required=is_required),
    )


def _star(*, is_required: bool) -> SafeString:
    star = '<span class="asteriskField">*</span>'
    return SafeString(star) if is_required else _NOTHING


def _control(field: BoundField) -> SafeString:
    """The input. Text inputs, checkboxes and selects are rendered here, others by their
    own widget.
    """
    widget = field.field.widget
    attrs = _attrs(field)
    if isinstance(widget, forms.CheckboxInput):
        attrs["checked"] = bool(field.value())
        return SafeString(f'<input type="checkbox"{flat(attrs)}>')
    if type(widget) is forms.Select:
        options = _options(field, widget)
        return SafeString(f"<select{flat(attrs)}>{options}</select>")
    if isinstance(widget, forms.PasswordInput):
        # It comes back empty, so it has to be typed again (static/js/forms.js).
        attrs["data-emptied"] = bool(field.data)
        return SafeString(f'<input type="password"{flat(attrs)}>')
    if isinstance(widget, Input):
        first = {
            "type": attrs.pop("type", widget.input_type),
            "name": attrs.pop("name"),
            "value": widget.format_value(field.value()),
        }
        line = SafeString(f"<input{flat(first)}{flat(attrs)}>")
        if isinstance(field.field, CountryField):
            return line + countries.suggestions()
        return line
    return field.as_widget(attrs={key: attrs[key] for key in ("id", "class")})


def _options(field: BoundField, widget: forms.Select) -> SafeString:
    choices = tuple((str(key), str(label)) for key, label in widget.choices)
    chosen = str(field.value())
    # A sent value that is no choice becomes "", so that it does not fill the cache.
    return _drawn_options(choices, chosen if chosen in dict(choices) else "")


@lru_cache(_KEPT)
def _drawn_options(choices: tuple[tuple[str, str], ...], chosen: str) -> SafeString:
    return format_html_join(
        "",
        "<option{}>{}</option>",
        (
            (flat({"value": key, "selected": key == chosen}), label)
            for key, label in choices
        ),
    )


def _radios(field: BoundField) -> SafeString:
    state = {
        "role": "radiogroup",
        "aria-invalid": "true",
        "aria-describedby": f"{field.auto_id}_error",
    }
    return format_html(
        '<fieldset{}><legend class="form-label fs-6">{}{}</legend>{}{}</fieldset>',
        flat(state) if field.errors else _NOTHING,
        field.label,
        _star(is_required=field.field.required),
        format_html_join(
            "",
            '<div class="form-check"><input type="radio"{}>'
            '<label for="{}" class="form-check-label">{}</label></div>',
            (_radio(field, choice.data) for choice in field.subwidgets),
        ),
        errors(field, "invalid-feedback d-block"),
    )


def _radio(field: BoundField, choice: dict[str, Any]) -> tuple[SafeString, str, str]:
    attrs = {
        "class": f"form-check-input{' is-invalid' if field.errors else ''}",
        "name": choice["name"],
        "value": choice["value"],
        **choice["attrs"],
        "checked": choice["selected"],
    }
    return flat(attrs), choice["attrs"].get("id", ""), choice["label"]


def _attrs(field: BoundField) -> dict[str, Any]:
    widget = field.field.widget
    attrs: dict[str, Any] = {"name": field.html_name, "id": field.auto_id}
    if widget.is_hidden:
        attrs |= widget.attrs
        return attrs
    attrs |= {"class": _css(widget), **widget.attrs}
    described = [attrs["aria-describedby"]] if attrs.get("aria-describedby") else []
    if field.field.required:
        attrs["required"] = True
    if field.help_text:
        described.append(f"{field.auto_id}_helptext")
    if _is_scanned(field):
        attrs["data-enter-skips"] = True
        described.append(f"{field.auto_id}_scan")
    if field.errors:
        attrs["class"] += " is-invalid"
        attrs["aria-invalid"] = "true"
        described.append(f"{field.auto_id}_error")
    if described:
        attrs["aria-describedby"] = " ".join(described)
    return attrs


def _css(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "form-check-input"
    return "form-select" if isinstance(widget, forms.Select) else "form-control"
