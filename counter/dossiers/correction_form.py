"""The forms that correct a dossier, with exactly the checks of the recording form."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.corrections import doubts_of_correction
from counter.dossiers.doubts import Doubt
from counter.dossiers.form_layout import Doubts
from counter.dossiers.forms import RecordForm
from counter.dossiers.recording import Recording
from counter.email import uniqueness
from counter.enums import OPEN_STATES, DossierState
from counter.identity import national_number
from counter.identity.last_day import NO_END, NO_END_WORDS
from counter.identity.national_number import NationalNumber
from counter.identity.shown_person import DocumentPerson
from counter.models import Clerk, Dossier
from counter.web.form_layout import Pair, Row, Snippet, Words, layout


class CorrectionForm(RecordForm):
    """The recording form with only the fields in `kept`.

    The values of all other fields come from the dossier and are validated together with
    the typed ones: a new national number is compared with the recorded birth date, and
    the recorded e-mail address with other people's.
    """

    kept: tuple[str, ...] = ()
    page = ""

    def __init__(
        self, *args: Any, clerk: Clerk, dossier: Dossier, **kwargs: Any
    ) -> None:
        self.dossier = dossier
        initial = self._typed() | kwargs.pop("initial", {})
        super().__init__(
            *args, clerk=clerk, today=localdate(), initial=initial, **kwargs
        )
        for name in set(self.fields) - {*self.kept, "old_model", "original_seen"}:
            del self.fields[name]

    def _typed(self) -> dict[str, str]:
        """The recorded values as a clerk would type them, without the number of the
        document.
        """
        dossier = self.dossier
        born, end = dossier.birth_date, str(NO_END_WORDS)
        if dossier.document_expiry:
            end = f"{dossier.document_expiry:%d/%m/%Y}"
        return {
            "last_name": dossier.last_name,
            "first_names": dossier.first_names,
            "birth_date": f"{born:%d/%m/%Y}" if born else "",
            "document_type": dossier.document_type,
            "document_country": dossier.document_country,
            "document_expiry": end,
            "language": dossier.language,
            "reason": dossier.reason,
        }

    @sensitive_variables()
    def _recorded(self) -> dict[str, Any]:
        dossier = self.dossier
        digits = dossier.applicant.national_number
        return {
            "last_name": dossier.last_name,
            "first_names": dossier.first_names,
            "birth_date": dossier.birth_date,
            "document_type": dossier.document_type,
            "document_number": dossier.document_number,
            "document_country": dossier.document_country,
            "document_expiry": dossier.document_expiry or NO_END,
            "national_number": national_number.parse(digits, today=self.today),
            "language": dossier.language,
            "reason": dossier.reason,
        }

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        recorded = self._recorded()
        for name in set(recorded) - set(self.fields):
            self.cleaned_data[name] = recorded[name]
        return super().clean()

    def _doubts_of(self, number: NationalNumber, person: DocumentPerson) -> list[Doubt]:
        return doubts_of_correction(self.dossier, number, person, clerk=self.clerk)

    def _with_tick(self, doubt: Doubt) -> Doubt:
        """Suggests a value only for a field that is on the page."""
        answered = super()._with_tick(doubt)
        if doubt.field in self.fields:
            return answered
        return replace(answered, suggestion="")

    def add_error(self, field: str | None, error: Any) -> None:  # noqa: ANN401
        """Show the error of a field that is not on the page above the form."""
        super().add_error(field if field in self.fields else None, error)

    @sensitive_variables()
    def recording(self, *, supervisor: Clerk | None = None) -> Recording:
        self.cleaned_data["email"] = self.dossier.email
        return super().recording(supervisor=supervisor)


class CorrectDetailsForm(CorrectionForm):
    """Corrects names, birth date, document and language, and the reason as long as the
    dossier is RECORDED.
    """

    kept = (
        "last_name",
        "first_names",
        "birth_date",
        "document_type",
        "document_country",
        "document_number",
        "document_expiry",
        "language",
        "reason",
    )
    helper = layout(
        Pair(Row("last_name"), Row("first_names")),
        Row("birth_date"),
        Pair(Row("document_type"), Row("document_country")),
        Pair(Row("document_number"), Row("document_expiry")),
        Words(_("Leave the document number empty when it is right."), css="soft"),
        Row("old_model"),
        Row("language"),
        Row("reason"),
        Doubts(),
        Row("original_seen"),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        number = self.fields["document_number"]
        number.required = False
        tail = self.dossier.document_number_tail
        number.widget.attrs["placeholder"] = f"•••• {tail}"
        if self.dossier.state != DossierState.RECORDED:
            del self.fields["reason"]

    @sensitive_variables()
    def clean_document_number(self) -> str:
        """An empty field keeps the recorded number.

        Raises ValidationError when the field is empty although the kind of document was
        changed, or the recorded number was already removed (counter.retention).
        """
        typed: str = self.cleaned_data["document_number"]
        if typed:
            return typed
        is_another = self.data.get("document_type") != self.dossier.document_type
        if is_another or not self.dossier.document_number:
            raise ValidationError(_("Type the number of this document."))
        return self.dossier.document_number


class CorrectNumberForm(CorrectionForm):
    """Corrects the national number, which is compared with the birth date and the sex
    as when recording.
    """

    kept = ("national_number", "birth_date", "sex")
    helper = layout(
        Row("national_number"),
        Snippet("counter/dossiers/recording/_below_number.html"),
        Pair(Row("birth_date"), Row("sex")),
        Doubts(),
        Row("original_seen"),
    )

    @sensitive_variables()
    def clean(self) -> dict[str, Any]:
        self.cleaned_data["email"] = self.dossier.email
        return super().clean()

    @sensitive_variables()
    def _check_address(self, data: dict[str, Any]) -> None:
        """The check of the recording form, but the dossier that is being corrected does
        not count as another person's.
        """
        number: NationalNumber | None = data.get("national_number")
        if number is None:
            return
        others = uniqueness.others_at(self.dossier.email, digits=number.digits)
        if others.filter(state__in=OPEN_STATES).exclude(pk=self.dossier.pk).exists():
            self.add_error("national_number", uniqueness.SENTENCE)
