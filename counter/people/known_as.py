"""The live feedback below the number's field: who is already known by this number."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.number_feedback import Reading
from counter.identity import national_number
from counter.identity.national_number import NationalNumberError
from counter.identity.shown_person import DocumentPerson
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from counter.people.keys import active_keys
from counter.people.person import Known, doubts_about, known_by

# The field sends a request at each change; the journal gets one entry in this time.
_LOOKING_COUNTS_FOR = timedelta(minutes=15)


@sensitive_variables()
def read_known(
    text: str, on_document: DocumentPerson, *, clerk: Clerk, at: datetime
) -> Reading:
    """The known person's name and keys, and how the typed names differ.

    The name and the keys are shown only when the person came to the clerk's office.
    Otherwise the feedback only says that the typed name or birth date differs. It is
    empty when nobody is known by the number. What is shown is noted in the journal.
    """
    try:
        number = national_number.parse(text, today=localdate(at))
    except NationalNumberError:
        return Reading()
    known = known_by(number, clerk=clerk)
    if known is None:
        return Reading()
    doubts = list(doubts_about(known, on_document)) if any(on_document.name) else []
    if not known.is_visible and not doubts:
        return Reading()
    note_looking(known, clerk=clerk, at=at)
    tone = "warn" if doubts else ""
    if any(doubt.needs_supervisor for doubt in doubts):
        tone = "bad"
    advice = " ".join(str(doubt.sentence) for doubt in doubts)
    if not known.is_visible:
        return Reading(tone, _("Known in another office"), [], advice)
    title = _("Known as %(name)s") % {"name": known.person.name}
    return Reading(tone, title, _keys(known, at), advice)


def _keys(known: Known, at: datetime) -> list[str]:
    until = [key.valid_until for key in active_keys(known.person, at=at)]
    if not until:
        return [_("no active key")]
    day = date_format(localtime(until[-1]), "DATE_FORMAT")
    return [_("key active until %(date)s") % {"date": day}]


def note_looking(known: Known, *, clerk: Clerk, at: datetime) -> None:
    """Write in the journal that the clerk saw who has a number.

    The entry belongs to one of the person's dossiers, preferably of the clerk's office.
    It is written only when the clerk has no other entry about that dossier in the last
    quarter of an hour.
    """
    own = (d for d in known.dossiers if d.office_id == clerk.office_id)
    dossier = next(own, known.dossiers[0] if known.dossiers else None)
    recently = JournalEntry.objects.filter(
        dossier=dossier, clerk=clerk, at__gt=at - _LOOKING_COUNTS_FOR
    )
    if dossier is None:
        recently = recently.filter(event=Event.NUMBER_LOOKED_UP)
    if not recently.exists():
        journal.write(Event.NUMBER_LOOKED_UP, dossier=dossier, clerk=clerk)
