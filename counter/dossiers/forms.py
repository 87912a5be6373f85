"""The form by which the desk records an applicant."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers import doubts, form_layout
from counter.dossiers.doubts import Doubt
from counter.dossiers.recording import Recording
from counter.email import uniqueness
from counter.email.forms import with_suggestion
from counter.enums import Language, Reason
from counter.identity import documents, national_number
from counter.identity.countries import BELGIUM
from counter.identity.document_country import BELGIAN, wrong_country
from counter.identity.documents import DocumentError, DocumentType
from counter.identity.last_day import LastDayField, none_if_unlimited
from counter.identity.national_number import NationalNumber, NationalNumberError, Sex
from counter.identity.shown_person import DocumentPerson
from counter.models import Clerk
from counter.people.person import doubts_of
from counter.roles import matrix, role_rights
from counter.web.form_fields import (
    TYPED_ANEW,
    CountryField,
    EmailField,
    NameField,
    NationalNumberField,
    TypedDateField,
)

#: The fields that a scan or an earlier visit may fill in on a new form.
STARTING_FIELDS: Final = frozenset(
    {
        "document_type",
        "document_number",
        "document_country",
        "document_expiry",
        "last_name",
        "first_names",
        "birth_date",
        "sex",
        "national_number",
    }
)


class RecordForm(forms.Form):
    """An applicant and the identity document that the clerk holds.

    After `is_valid()`, `recording()` is the services' input; all `doubts` are ticked.
    """

    helper = form_layout.RECORDING

    submission = forms.UUIDField(widget=forms.HiddenInput)
    # The fields that a scan filled in, as the page sends them back.
    scanned = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    document_type = forms.TypedChoiceField(
        label=_("Document"),
        choices=DocumentType,
        coerce=DocumentType,
        initial=DocumentType.BE_EID,
    )
    document_number = forms.CharField(label=_("Document number"), max_length=80)
    document_country = CountryField(
        label=_("Issuing country"), max_length=80, required=False
    )
    document_expiry = LastDayField(label=_("Valid until"))
    old_model = forms.BooleanField(
        label=_(
            "Old model: F or F+ card, or an EU card without machine-readable lines"
        ),
        required=False,
    )
    original_seen = forms.BooleanField(
        label=_("I hold the original, and it is this person"),
        error_messages={"required": _("Ask for the original document.")},
    )
    last_name = NameField(label=_("Last name"), max_length=100)
    first_names = NameField(label=_("First names"), max_length=100, required=False)
    birth_date = TypedDateField(label=_("Birth date on the document"), required=False)
    sex = forms.TypedChoiceField(
        label=_("Sex"),
        choices=[("", "-"), *((sex.value, sex.value) for sex in Sex)],
        coerce=Sex,
        required=False,
        empty_value=Sex.UNKNOWN,
    )
    national_number = NationalNumberField(
        label=_("National register or bis number"), max_length=80
    )
    email = EmailField(label=_("Private e-mail"))
    language = forms.ChoiceField(
        label=_("Language of slip and mail"), choices=Language, initial=Language.NL
    )
    reason = forms.ChoiceField(
        label=_("Why not online, free of charge"),
        choices=Reason,
        # Without an initial value, so that the clerk really asks about the free route.
        error_messages={"required": _("Ask this first.")},
    )

    def __init__(
        self, *args: Any, clerk: Clerk, today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(self.data, QueryDict):
            self.data = with_suggestion(self.data)
        self.clerk = clerk
        self.today = today
        self.doubts: list[Doubt] = []
        self.asks_old_model = documents.asks_old_model(DocumentType.BE_RES, today)
        if not self.asks_old_model:
            del self.fields["old_model"]
        self.fields["submission"].initial = uuid.uuid4
        for name, attrs in _ATTRIBUTES.items():
            self.fields[name].widget.attrs |= TYPED_ANEW | attrs
        scanned = str(self["scanned"].value() or "").split(",")
        #: Filled in by a scan: marked as such, and skipped by the Enter key.
        self.from_scan = frozenset(scanned) & STARTING_FIELDS

    @sensitive_variables()
    def clean_national_number(self) -> NationalNumber:
        text: str = self.cleaned_data["national_number"]
        try:
            return national_number.parse(text, today=self.today)
        except NationalNumberError as error:
            raise ValidationError(str(error), code=error.code) from None

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        self._check_document(data)
        self._check_age(data)
        self._check_address(data)
        self.doubts = [self._with_tick(doubt) for doubt in self._find_doubts(data)]
        if not all(doubt.confirmed for doubt in self.doubts):
            self.add_error(
                None, _("Look again at what is marked, and tick it when it is right.")
            )
        return data

    def _check_document(self, data: dict[str, Any]) -> None:
        kind: DocumentType | None = data.get("document_type")
        if kind is None:
            return
        if "document_number" in data:
            try:
                data["document_number"] = documents.check_number(
                    kind, data["document_number"]
                )
            except DocumentError as error:
                self.add_error("document_number", str(error))
        if "document_expiry" in data:
            try:
                documents.check_expiry(
                    kind,
                    none_if_unlimited(data["document_expiry"]),
                    self.today,
                    old_model=bool(data.get("old_model")),
                )
            except DocumentError as error:
                self.add_error("document_expiry", str(error))
        if "document_country" in data:
            country = data["document_country"] or (BELGIUM if kind in BELGIAN else "")
            data["document_country"] = country
            if sentence := wrong_country(kind, country):
                self.add_error("document_country", sentence)

    def _check_age(self, data: dict[str, Any]) -> None:
        """By the document's birth date; without one, by what the number says of it."""
        number: NationalNumber | None = data.get("national_number")
        born: datetime.date | None = data.get("birth_date")
        if "birth_date" not in data:
            return
        if born is None and number and number.birth_year:
            born = number.birth_date or datetime.date(number.birth_year, 1, 1)
        if born is None:
            return
        if born > self.today:
            self.add_error("birth_date", _("This date lies in the future."))
            return
        office = self.clerk.office
        minimum = office.minimum_age if office else documents.MINIMUM_AGE
        try:
            documents.check_age(born, self.today, minimum=minimum)
        except DocumentError as error:
            self.add_error("birth_date", str(error))

    def _check_address(self, data: dict[str, Any]) -> None:
        """Show a taken address with the other errors; the service checks it again."""
        number: NationalNumber | None = data.get("national_number")
        email: str = data.get("email", "")
        if number and email and uniqueness.is_taken(email, digits=number.digits):
            self.add_error("email", uniqueness.SENTENCE)

    def _find_doubts(self, data: dict[str, Any]) -> Iterable[Doubt]:
        office = self.clerk.office
        if "birth_date" in data:
            yield from doubts.about_person(
                data.get("national_number"),
                data["birth_date"],
                data.get("sex", Sex.UNKNOWN),
                today=self.today,
                ask_below=(office.ask_below_age if office else documents.ADULT_AGE),
            )
        number: NationalNumber | None = data.get("national_number")
        if number and {"last_name", "first_names", "birth_date"} <= data.keys():
            yield from self._doubts_of(number, DocumentPerson.of(data))
        if "document_type" in data and "document_number" in data:
            yield from doubts.about_document(
                data["document_type"],
                data["document_number"],
                by_supervisor=matrix.may(self.clerk, role_rights.AGREE_AT_THE_DESK),
            )
        if "email" in data:
            yield from doubts.about_email(
                data["email"], digits=number.digits if number else ""
            )
        elif "email" in self.fields:
            yield from doubts.about_text(str(self["email"].value() or ""))

    def _doubts_of(self, number: NationalNumber, person: DocumentPerson) -> list[Doubt]:
        return doubts_of(number, person, clerk=self.clerk)

    def _with_tick(self, doubt: Doubt) -> Doubt:
        ticked = (
            self.data.getlist("confirmed") if isinstance(self.data, QueryDict) else []
        )
        return replace(doubt, confirmed=doubt.stamp in ticked)

    @property
    def needs_supervisor(self) -> bool:
        return any(doubt.needs_supervisor for doubt in self.doubts)

    @sensitive_variables()
    def recording(self, *, supervisor: Clerk | None = None) -> Recording:
        data = self.cleaned_data
        return Recording(
            number=data["national_number"],
            last_name=data["last_name"],
            first_names=data["first_names"],
            birth_date=data["birth_date"],
            document_type=data["document_type"],
            document_number=data["document_number"],
            document_country=data["document_country"],
            document_expiry=none_if_unlimited(data["document_expiry"]),
            email=data["email"],
            language=data["language"],
            reason=data["reason"],
            accepted=tuple(doubt.kind.value for doubt in self.doubts),
            agreed=frozenset(doubt.stamp for doubt in self.doubts),
            supervisor=supervisor,
        )


_ATTRIBUTES: dict[str, dict[str, Any]] = {
    "document_type": {"data-country-of": "#id_document_country"},
    "document_number": {"autocapitalize": "characters"},
    "document_country": {"placeholder": BELGIUM, "autocomplete": "on"},
    "document_expiry": {},
    "last_name": {"autocapitalize": "words"},
    "first_names": {"autocapitalize": "words"},
    "birth_date": {},
    "sex": {},
    "national_number": {
        "inputmode": "numeric",
        "aria-describedby": "number-reading",
        "hx-post": reverse_lazy("counter_dossiers:number_reading"),
        "hx-target": "#number-reading",
        "hx-include": "#id_last_name, #id_first_names, #id_birth_date, #id_sex",
        "hx-trigger": (
            "input changed delay:200ms, change from:#id_last_name,"
            " change from:#id_first_names, change from:#id_birth_date,"
            " change from:#id_sex"
        ),
        "hx-sync": "this:replace",
    },
    "email": {
        "inputmode": "email",
        "autocapitalize": "none",
        "aria-describedby": "email-reading",
        "hx-post": reverse_lazy("counter_email:email_reading"),
        "hx-target": "#email-reading",
        "hx-include": "#id_national_number",
        "hx-trigger": "input changed delay:500ms, change",
        "hx-sync": "this:replace",
    },
    "language": {},
}
