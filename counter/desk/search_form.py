"""The form of the desk's search field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.desk.search import LONGEST
from counter.identity import documents
from counter.models import Clerk
from counter.scans import scan_shape
from counter.scans.mrz import MrzError
from counter.scans.scanned_document import Scan, read_scan
from counter.web.form_fields import DocumentOrTextField
from counter.web.form_layout import Row, layout


class SearchForm(forms.Form):
    """The text of the search field; `scan` is set when a document reader typed it.

    The field is a textarea, because a reader sends Enter after each line. The script
    static/js/mrz.js submits the form.
    """

    helper = layout(Row("q", css=""))

    q = DocumentOrTextField(
        label=_("Scan a document, or type a number, name, e-mail or receipt"),
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={
                "rows": 1,
                "autocomplete": "off",
                "autocapitalize": "none",
                "autofocus": True,
                "spellcheck": "false",
                "data-hotkey": "z",
                "data-mrz": True,
                "data-mrz-wrong": MrzError.SENTENCES["check"],
                "aria-describedby": "scan-said",
                "class": "form-control",
            }
        ),
    )

    def __init__(self, *args: Any, clerk: Clerk | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scan: Scan | None = None
        office = clerk.office if clerk else None
        self._minimum_age = office.minimum_age if office else documents.MINIMUM_AGE

    @sensitive_variables()
    def clean_q(self) -> str:
        text: str = self.cleaned_data["q"]
        if scan_shape.is_scan(text):
            try:
                self.scan = read_scan(
                    text, today=localdate(), minimum_age=self._minimum_age
                )
            except MrzError as error:
                raise ValidationError(str(error), code=error.code) from None
        return text

    @sensitive_variables()
    def clean(self) -> None:
        typed = str(self.data.get("q", ""))
        if len(typed) > LONGEST or scan_shape.is_scan(typed):
            self.forget()

    def forget(self) -> None:
        """Empty the field, so that the page does not repeat a scan or a national
        number.
        """
        self.data = {}
