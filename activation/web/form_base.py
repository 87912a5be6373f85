"""The base classes of the forms on the applicant's and the holder's pages."""

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
    """A telephone number as it was typed.

    Eleven digits are accepted here, even if they could be a national number.
    """

    takes_eleven_digits = True


class PageForm(forms.Form):
    """The base form. It keeps what was typed and shows each error at its field.

    The browser's own validation is off (`novalidate` in the templates), because its
    messages are in the browser's language and disappear after a moment.
    """

    helper = layout(Questions())
    use_required_attribute = False
    #: The fields that are marked as wrong when the form as a whole has an error.
    blamed: ClassVar[tuple[str, ...]] = ()
    #: The password fields, which are empty when the form is shown again, and the help
    #: text that a valid one has then: it has no error, but must be typed again.
    retyped: ClassVar[Mapping[str, "StrOrPromise"]] = {}
    #: The probable correct address, and the one typed (holder.forms.AddressForm).
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
        """Add the error and mark the field, also when a view adds the error later."""
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
        """Call this when the form is shown again although its data are valid."""
        self._ask_again()

    def _ask_again(self) -> None:
        for name, sentence in self.retyped.items():
            if self.data.get(name) and name not in self.errors:
                self[name].help_text = str(sentence)

    def _mark(self) -> None:
        """Mark the wrong fields, and set the focus on the first, also without a script.

        Django's BoundField sets `aria-invalid` and `aria-describedby` for the errors of
        a field; here they are set for an error of the form as a whole.
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
