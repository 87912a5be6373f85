"""The last day of a document as a clerk types it, or that it has none."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from counter.identity.transliteration import without_accents
from counter.web.form_fields import TypedDateField

#: The field's value for a document without an end. Cards print 01-01-9999 or
#: 31-12-9999, so the last date that exists needs no second field.
NO_END: Final = datetime.date.max
#: What the page writes for it, and the field reads in every language.
NO_END_WORDS: Final = pgettext_lazy("last day of a document", "no end date")

# As printed on cards and as clerks say it.
_WORDS: Final = frozenset(
    [
        "zondereinddatum",
        "zondereinde",
        "zonder",
        "geeneinddatum",
        "geeneinde",
        "geen",
        "onbeperkt",
        "onbepaald",
        "onbeperktgeldig",
        "onbepaaldeduur",
        "onbepaaldetijd",
        "onbeperkteduur",
        "geenvervaldatum",
        "zondervervaldatum",
        "geeneindedatum",
        "geeneind",
        "levenslang",
        "noenddate",
        "noexpiry",
        "noexpirydate",
        "noexpiration",
        "indefinite",
        "noend",
        "none",
        "withoutend",
        "withoutenddate",
        "unlimited",
        "permanent",
        "sansdatedefin",
        "sansfin",
        "sanslimite",
        "sans",
        "sanslimitation",
        "sansdatedexpiration",
        "sansexpiration",
        "dureeillimitee",
        "validiteillimitee",
        "avie",
        "indeterminee",
        "illimite",
        "illimitee",
        "permanente",
        "indefinido",
        "indefinida",
        "sincaducidad",
        "senzascadenza",
        "illimitato",
        "illimitata",
        "ohneende",
        "ohneenddatum",
        "ohne",
        "keinende",
        "keinenddatum",
        "keinablaufdatum",
        "lebenslang",
        "unbegrenzt",
        "unbegrenztgultig",
        "unbefristet",
        "vitalicio",
        "trajno",
        "bezterminowo",
        "bezterminowy",
        "hatarozatlan",
        "neterminuota",
        "nelimitata",
    ]
)


class LastDayField(TypedDateField):
    """A date as typed, or words for "no end". The year 9999 says the same."""

    default_error_messages = {
        "invalid": _(
            "Type a date as dd/mm/yyyy, or \u201c%(words)s\u201d when the card has "
            "none."
        ),
    }

    def to_python(self, value: object) -> datetime.date | None:
        if isinstance(value, str) and _plain(value) in _WORDS:
            return NO_END
        try:
            date = super().to_python(value)
        except ValidationError as error:
            error.params = {"words": NO_END_WORDS}
            raise
        return NO_END if date and date.year == NO_END.year else date


def none_if_unlimited(last_day: datetime.date) -> datetime.date | None:
    """The last day as a column keeps it: None for a document without an end."""
    return None if last_day == NO_END else last_day


def _plain(text: str) -> str:
    return "".join(c for c in without_accents(text[:80]) if c.isalpha()).casefold()
