"""Acts at the desk for which the clerk must first look at the identity document.

An act that gives a code, revokes a key, or sends mails of a dossier to another address
is allowed only when the person of that dossier asks for it. So the clerk looks at the
identity document and ticks a box. The forms of these acts take the box from here, their
services refuse without it, and the journal records who looked. Which acts these are:
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
    """The clerk did not tick that the identity document was checked."""


class DocumentSeenField(forms.BooleanField):
    """The box by which the clerk says that the identity document was checked."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("I checked this person's identity document."),
            error_messages={"required": _("Check the identity document first.")},
            **kwargs,
        )


class DocumentSeenForm(PresenceForm):
    """A form for an act that requires the identity document."""

    helper = layout(Row("document_seen"), Row("password"))

    document_seen = DocumentSeenField()


def was_another_day(dossier: Dossier, *, at: datetime) -> bool:
    """Whether the document was seen on another day than that of `at`.

    On the same day the payment belongs to the same visit. On a later day somebody else
    could come and give the name and the reference of the dossier.
    """
    return localdate(dossier.original_seen_at) != localdate(at)


def note_document(*, seen: bool, dossier: Dossier, clerk: Clerk) -> None:
    """Record in the journal that the clerk checked the document.

    To be called in the transaction of the act. Raises DocumentNotSeenError when `seen`
    is false.
    """
    if not seen:
        raise DocumentNotSeenError(_("Check the identity document first."))
    journal.write(Event.DOCUMENT_SEEN, dossier=dossier, clerk=clerk)
