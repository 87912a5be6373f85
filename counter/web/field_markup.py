"""A form field as one row of the page: label, input, what is wrong with it.

Drawn in Python, with the markup that crispy-bootstrap5 gives: the recording page is
opened dozens of times a day, and its 14 fields took crispy 10 ms, this under one
(docs/decisions/007-recording-page-draws-its-fields.md).
"""

from collections.abc import Callable, Iterable
from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from counter.dossiers.doubts import Doubt
from counter.identity import countries
from counter.scans.scan_guard import GuardedField
from counter.web.form_fields import CountryField

_REQUIRED = SafeString('<span class="asteriskField">*</span>')
_SELECTED = SafeString(" selected")
_NOTHING = SafeString()
# Labels and choices by form, field, part and language: a few hundred short texts.
_drawn: dict[tuple[str, str, str, str | None], SafeString] = {}


class Row(GuardedField):
    """Text inputs, selects and checkboxes; used through `Form.bound_field_class`.

    Labels and choices are those of the form's class, and kept drawn for each language.
    """

    @property
    def row(self) -> SafeString:
        name, label, is_box = self.name, self._label(), self._is_box
        errors = self.errors and format_html_join(
            "",
            '<p class="invalid-feedback" id="id_{}_error">{}</p>',
            ((name, error) for error in self.errors),
        )
        return format_html(
            '<div id="div_id_{}" class="{}">{}{}{}{}</div>\n',
            name,
            "mb-3 form-check" if is_box else "mb-3",
            *((self._control(), label) if is_box else (label, self._control())),
            self._origin() if self._is_scanned else _NOTHING,
            errors or _NOTHING,
        )

    @property
    def doubts(self) -> list[Doubt]:
        """The questions about this field, when the form has any
        (counter.dossiers.doubts).
        """
        found: list[Doubt] = getattr(self.form, "doubts", [])
        return [doubt for doubt in found if doubt.field == self.name]

    @property
    def _is_scanned(self) -> bool:
        """Read from the document by machine, and nothing is wrong with it."""
        return self.name in getattr(self.form, "from_scan", ()) and not self.errors

    def _origin(self) -> SafeString:
        return self._kept(
            "scanned",
            lambda: format_html(
                '<div id="id_{}_scan" class="form-text" data-from-scan>{}</div>',
                self.name,
                _("from the scan"),
            ),
        )

    @property
    def _is_box(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    def _label(self) -> SafeString:
        return self._kept(
            "label",
            lambda: format_html(
                '<label for="id_{}" class="{}">{}{}</label>',
                self.name,
                "form-check-label" if self._is_box else "form-label",
                self.label,
                _REQUIRED if self.field.required else _NOTHING,
            ),
        )

    def _options(self, choices: Iterable[tuple[Any, Any]]) -> SafeString:
        """Kept by what is chosen, so only when it is one of the choices."""
        keys = [str(key) for key, _label in choices]
        chosen = str(self.value()) if str(self.value()) in keys else ""
        return self._kept(
            f"options {chosen}",
            lambda: format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (key, _SELECTED if str(key) == chosen else _NOTHING, label)
                    for key, label in choices
                ),
            ),
        )

    def _kept(self, part: str, draw: Callable[[], SafeString]) -> SafeString:
        key = (type(self.form).__qualname__, self.name, part, get_language())
        if key not in _drawn:
            _drawn[key] = draw()
        return _drawn[key]

    def _control(self) -> SafeString:
        if isinstance(self.field.widget, forms.Select):
            return format_html(
                "<select{}>{}</select>",
                flatatt(self._attrs("form-select")),
                self._options(self.field.widget.choices),
            )
        value = self.value()
        if self._is_box:
            box = self._attrs("form-check-input") | {"checked": bool(value)}
            return format_html('<input type="checkbox"{}>', flatatt(box))
        shown = self.field.widget.format_value(value)
        attrs = self._attrs("form-control") | {"value": shown}
        drawn = format_html('<input type="text"{}>', flatatt(attrs))
        if isinstance(self.field, CountryField):
            return drawn + countries.suggestions()
        return drawn

    def _attrs(self, css: str) -> dict[str, Any]:
        attrs: dict[str, Any] = {
            "name": self.name,
            "id": f"id_{self.name}",
            "class": css,
            **self.field.widget.attrs,
        }
        if self.field.required:
            attrs["required"] = True
        if self._is_scanned:
            attrs["data-enter-skips"] = True
            described = attrs.get("aria-describedby", "")
            attrs["aria-describedby"] = f"{described} {attrs['id']}_scan".strip()
        if self.errors:
            attrs["class"] += " is-invalid"
            attrs["aria-invalid"] = "true"
            described = attrs.get("aria-describedby", "")
            attrs["aria-describedby"] = f"{described} {attrs['id']}_error".strip()
        return attrs
