"""What the applicant's forms share."""

import unicodedata
from typing import Any, override

from django import forms
from django.http import QueryDict


class PageForm(forms.Form):
    """One question a page. What was typed stays, with the sentence at its field.

    The browser's own checks are off (`novalidate` in the templates): their bubbles
    speak the browser's language and vanish.
    """

    use_required_attribute = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")

    @override
    def is_valid(self) -> bool:
        valid = super().is_valid()
        for name in self.errors:
            if name in self.fields:
                attrs = self.fields[name].widget.attrs
                attrs["class"] = f"{attrs.get('class', '')} is-invalid".strip()
        return valid


class UnrepeatedInput(forms.TextInput):
    """A text field whose content is never written into a page again."""

    @override
    def format_value(self, value: Any) -> None:
        return None


def ascii_digits(typed: str) -> str:
    """Digits of any script as 0 to 9, without spaces and dashes; the rest stays."""
    text = unicodedata.normalize("NFKC", typed)
    kept = []
    for character in text:
        if character.isspace() or character in "-\u2013.":
            continue
        decimal = unicodedata.decimal(character, None)
        kept.append(character if decimal is None else str(decimal))
    return "".join(kept)
