"""Who has a national number already, shown below its field while it is typed."""

from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables

from counter.dossiers.number_feedback import Reading
from counter.identity import national_number
from counter.identity.national_number import NationalNumberError
from counter.identity.shown_person import Shown
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from counter.people.keys import active_keys
from counter.people.person import Known, doubts_about, known_by

# The field asks again at every key; who looked at whom is written once in this time.
_LOOKING_COUNTS_FOR = timedelta(minutes=15)


@sensitive_variables()
def read_known(text: str, shown: Shown, *, clerk: Clerk, at: datetime) -> Reading:
    """The person's name and keys, for a clerk of an office where the person came.

    Of somebody who came to other offices only it says no more than that today's name
    is another, once one is typed. Empty when nobody came with the number. What it says
    of a person is in the journal.
    """
    try:
        number = national_number.parse(text, today=localdate(at))
    except NationalNumberError:
        return Reading()
    known = known_by(number, clerk=clerk)
    if known is None:
        return Reading()
    doubts = list(doubts_about(known, shown)) if any(shown.name) else []
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
    """Write that the clerk learnt who has a number, beside the person's last dossier.

    Once in a quarter of an hour for each clerk and person; a search by number, opening
    or recording the dossier counts too.
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
