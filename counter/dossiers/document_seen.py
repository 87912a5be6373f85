"""The identity document in the clerk's hand: who may be given what at the desk.

An act that gives a code, takes a key away or sends what belongs to a dossier to another
address is only for the person of that dossier. The clerk looks at the document first
and says so. Each such act takes its box from here, its service refuses without it, and
the journal says who looked. Which acts these are, and which not:
docs/decisions/019-the-document-in-hand.md.
"""

from datetime import datetime
from typing import Any

from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier
from counter.staff.reauthentication import PresenceForm
from counter.web.form_layout import Row, layout


class DocumentNotSeenError(CounterError):
    """Nobody said that the identity document was looked at."""


class DocumentSeenField(forms.BooleanField):
    """The box to tick."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("I checked this person's identity document."),
            error_messages={"required": _("Check the identity document first.")},
            **kwargs,
        )


class DocumentSeenForm(PresenceForm):
    """A form whose act needs the document in hand."""

    helper = layout(Row("document_seen"), Row("password"))

    document_seen = DocumentSeenField()


def was_another_day(dossier: Dossier, *, at: datetime) -> bool:
    """Whether the person who pays may be another than the one whose document was seen.

    On the day of recording it is the same visit. On a later day somebody else could
    come with the name and the reference.
    """
    return localdate(dossier.original_seen_at) != localdate(at)


def note_document(*, seen: bool, dossier: Dossier, clerk: Clerk) -> None:
    """Write down who looked, in the transaction of the act it is for.

    Raises DocumentNotSeenError when nobody did.
    """
    if not seen:
        raise DocumentNotSeenError(_("Check the identity document first."))
    journal.write(Event.DOCUMENT_SEEN, dossier=dossier, clerk=clerk)
