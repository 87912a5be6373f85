"""What the applicant's forms share."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Final, override

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict

from activation.web.form_layout import Questions
from counter.web.form_layout import layout

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

#: Where a template shows what is wrong with the form as a whole.
FORM_ERROR_ID: Final = "form_error"


class PhoneField(forms.CharField):
    """As typed. 32470123456 is a telephone number, whatever its check digits say."""

    takes_eleven_digits = True


class PageForm(forms.Form):
    """One question a page. What was typed stays, with the sentence at its field.

    The browser's own checks are off (`novalidate` in the templates): their bubbles
    speak the browser's language and vanish.
    """

    helper = layout(Questions())
    use_required_attribute = False
    #: The fields that a sentence about the form as a whole is about.
    blamed: ClassVar[tuple[str, ...]] = ()
    #: Passwords: empty again on a page that comes back, whatever was wrong on it. What
    #: the field of one that was good says then, as its hint: nothing is wrong with it.
    retyped: ClassVar[Mapping[str, "StrOrPromise"]] = {}
    #: The address that was probably meant and the one typed (holder.forms.AddressForm).
    meant = ""
    doubted = ""
    _is_read = False

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        initial: dict[str, object] | None = None,
    ) -> None:
        super().__init__(data, initial=initial, label_suffix="")

    @override
    def add_error(self, field: str | None, error: Any) -> None:
        """Mark the field too, whoever found the mistake: the form, or a view later."""
        super().add_error(field, error)
        if self._is_read:
            self._ask_again()
        self._mark()

    @override
    def full_clean(self) -> None:
        super().full_clean()
        self._is_read = True
        if self.errors:
            self._ask_again()
            self._mark()

    def comes_back(self) -> None:
        """Its page comes back although nothing is wrong with what was typed."""
        self._ask_again()

    def _ask_again(self) -> None:
        for name, sentence in self.retyped.items():
            if self.data.get(name) and name not in self.errors:
                self[name].help_text = str(sentence)

    def _mark(self) -> None:
        """What a wrong field shows; the first one has the focus, script or no script.

        `aria-invalid` and the message as its description come from Django's
        BoundField, except where the sentence belongs to the form as a whole.
        """
        wrong = [name for name in self.fields if name in self.errors]
        if NON_FIELD_ERRORS in self.errors:
            for name in self.blamed:
                attrs = self.fields[name].widget.attrs
                attrs |= {"aria-invalid": "true", "aria-describedby": FORM_ERROR_ID}
                wrong.append(name)
        for name in wrong:
            attrs = self.fields[name].widget.attrs
            classes = str(attrs.get("class", "")).split()
            attrs["class"] = " ".join(dict.fromkeys([*classes, "is-invalid"]))
            attrs.pop("autofocus", None)
        seen = [name for name in wrong if not self.fields[name].widget.is_hidden]
        if seen:
            self.fields[seen[0]].widget.attrs["autofocus"] = True
