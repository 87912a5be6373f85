"""The form field for the last day of a document, which may have none."""

import datetime
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from counter.identity.transliteration import without_accents
from counter.web.form_fields import TypedDateField

#: The field's value for a document without a last day. Cards print 01-01-9999 or
#: 31-12-9999, so the last date of Python can mean this, without a second field.
NO_END: Final = datetime.date.max
#: The words that the page shows for it; the field reads them in every language.
NO_END_WORDS: Final = pgettext_lazy("last day of a document", "no end date")

# The words for "no last day" that are printed on cards or typed by clerks.
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
    """Reads a typed date, or words for "no last day". The year 9999 means this too."""

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
    """The last day as the database stores it: None for a document without one."""
    return None if last_day == NO_END else last_day


def _plain(text: str) -> str:
    return "".join(c for c in without_accents(text[:80]) if c.isalpha()).casefold()
