"""The code from the paper."""

from typing import Any, override

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from activation.codes import activation_code
from activation.exceptions import MistypedCodeError
from activation.web.form_base import PageForm


class CodeInput(forms.TextInput):
    """Shows what was typed in the groups of the paper, so that it can be compared."""

    @override
    def format_value(self, value: Any) -> str | None:
        return activation_code.grouped_as_typed(str(value)) if value else None


class CodeField(forms.CharField):
    def belongs_here(self, text: str) -> bool:
        """Whether it is a whole code: one in a hundred thousand looks like a part of a
        document's scan, which every other field refuses (counter.scans.scan_guard).
        """
        return activation_code.is_well_formed(activation_code.normalise(text))


class CodeForm(PageForm):
    """Accepts lower case, spaces and dashes, O for 0 and I or L for 1.

    A typing slip is told here, before anything is compared, so it costs no try.
    """

    code = CodeField(
        label=gettext_lazy("The code on your paper"),
        help_text=gettext_lazy(
            "The code has 14 letters and digits. Capitals and dashes do not matter."
        ),
        error_messages={"required": gettext_lazy("Type the code from your paper.")},
        max_length=100,
        widget=CodeInput(
            attrs={
                "class": "form-control code-input",
                "data-code-input": "#code_verdict",
                "data-strange": gettext_lazy(
                    "The character %(sign)s is never in a code. Look at your "
                    "paper again."
                ),
                "data-missing": gettext_lazy(
                    "A code has 14 letters and digits. Some are still missing."
                ),
                "data-long": gettext_lazy(
                    "This is too long: a code has 14 letters and digits."
                ),
                "data-mistyped": MistypedCodeError.sentence,
                "data-right": gettext_lazy("There is no typing mistake in this code."),
                "autocomplete": "off",
                "autocapitalize": "characters",
                "autocorrect": "off",
                "spellcheck": "false",
                "enterkeyhint": "go",
            }
        ),
    )

    def clean_code(self) -> str:
        code = activation_code.normalise(self.cleaned_data["code"])
        strange = [sign for sign in code if sign not in activation_code.ALPHABET]
        if strange:
            raise forms.ValidationError(
                _(
                    "The character %(sign)s is never in a code. Look at your "
                    "paper again."
                )
                % {"sign": strange[0]}
            )
        if len(code) != activation_code.LENGTH:
            raise forms.ValidationError(
                ngettext(
                    "A code has 14 letters and digits. You typed %(count)d.",
                    "A code has 14 letters and digits. You typed %(count)d.",
                    len(code),
                )
                % {"count": len(code)}
            )
        if not activation_code.is_well_formed(code):
            raise forms.ValidationError(str(MistypedCodeError()))
        return code
