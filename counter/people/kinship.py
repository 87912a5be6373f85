"""Clerks do not serve themselves, and serve family only with a colleague.

"Own people" are the clerk and the clerk's family. Only names are compared
(docs/decisions/020-own-people.md). When a person has the clerk's family name, the clerk
is asked once for each dossier whether the person is family. A person who also has the
clerk's first name is taken for the clerk, and only a colleague may serve them.

It is checked in two places. `counter.web.middleware.own_people` asks before a page of
an act on a person opens, so that nothing typed is lost. `counter.journal.journal.write`
raises for an act that bypassed that page, and the act's transaction is rolled back.
"""

from enum import Enum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.exceptions import CounterError
from counter.identity.spelling import PersonName, share_given_names, share_last_name
from counter.journal.events import Event
from counter.models import Clerk, Dossier, KinshipAnswer

#: The events that are allowed on own people: that the clerk looked, and the answer.
_NO_ACT: Final = frozenset(
    {
        Event.DOSSIER_OPENED,
        Event.NUMBER_LOOKED_UP,
        Event.NUMBER_SEARCHED,
        Event.NO_FAMILY,
        Event.FAMILY_WITH_COLLEAGUE,
    }
)


class OwnPersonError(CounterError):
    """The person seems to be the clerk: first and last name are the same."""

    def __init__(self) -> None:
        super().__init__(
            _("This person has your own names. Let a colleague do this at their desk.")
        )


class FamilyNotAskedError(CounterError):
    """The person has the clerk's family name, and the clerk did not answer whether it
    is family.
    """

    def __init__(self) -> None:
        super().__init__(_("Say first whether this person is family of yours."))


class Kin(Enum):
    """What a comparison of the names of a clerk and a person says."""

    NONE = "none"
    SAME_NAME = "same name"
    SELF = "self"


@sensitive_variables()
def kin(clerk: Clerk, *, last_name: str, first_names: str) -> Kin:
    """Compare names whatever their spelling, order, accents and hyphens.

    Family names are the same when they share one part of a double name, also in the
    female and the male form of a name. First names are the same when all of one side
    are among those of the other, because a document has more of them than an account.
    Names also match when first and last name were exchanged, or typed in one field.
    """
    is_turned = share_last_name(clerk.last_name, first_names)
    if is_turned and share_given_names(clerk.first_name, last_name):
        return Kin.SELF
    if not share_last_name(clerk.last_name, last_name):
        return Kin.NONE
    if share_given_names(clerk.first_name, first_names or last_name):
        return Kin.SELF
    return Kin.SAME_NAME


def kin_of(dossier: Dossier, clerk: Clerk) -> Kin:
    """`kin` with the names in the dossier."""
    return kin(clerk, last_name=dossier.last_name, first_names=dossier.first_names)


def forbidding_kin(dossier: Dossier, clerk: Clerk) -> Kin:
    """What still forbids an act of the clerk on this dossier; NONE when nothing does.

    SELF always forbids it, SAME_NAME until the clerk has answered about this dossier.
    """
    names = PersonName(dossier.last_name, dossier.first_names)
    return forbidding_kin_of(clerk, names, dossier=dossier)


@sensitive_variables()
def forbidding_kin_of(
    clerk: Clerk, names: PersonName | None, *, dossier: Dossier | None
) -> Kin:
    """`forbidding_kin` with names that are not saved yet; NONE when `names` is None.

    An answer that the clerk gave about `dossier` counts.
    """
    if names is None:
        return Kin.NONE
    kinship = kin(clerk, last_name=names.last_name, first_names=names.first_names)
    if kinship is Kin.SAME_NAME and dossier is not None:
        answers = KinshipAnswer.objects.filter(dossier=dossier, clerk=clerk)
        if answers.exists():
            return Kin.NONE
    return kinship


def check(event: Event, *, dossier: Dossier, clerk: Clerk) -> None:
    """Refuse an act on own people; called for each journal entry of a clerk's act.

    An answer about any dossier of the same person is enough here, because an act may
    also be recorded in another of their dossiers, such as one whose key is revoked.
    Raises OwnPersonError or FamilyNotAskedError.
    """
    if event in _NO_ACT:
        return
    kinship = kin_of(dossier, clerk)
    if kinship is Kin.SELF:
        raise OwnPersonError
    if kinship is Kin.SAME_NAME:
        answers = KinshipAnswer.objects.filter(clerk=clerk)
        if not answers.filter(dossier__applicant=dossier.applicant_id).exists():
            raise FamilyNotAskedError
