"""Clerks do not serve themselves, and serve family only with a colleague.

Only names are compared (docs/decisions/020-own-people.md). When a person shares the
clerk's family name, the clerk is asked once for that dossier whether it is family. A
person who has the same first name too is taken for the clerk, and left to a colleague.

It is checked in two places. `counter.web.middleware.own_people` asks before any page of
an act on a person opens, so that nothing typed is lost. `counter.journal.journal.write`
refuses an act that went around that page, and an act without its entry is rolled back.
"""

from enum import Enum
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from counter.exceptions import CounterError
from counter.identity.spelling import PersonName, share_given_names, share_last_name
from counter.journal.events import Event
from counter.models import Clerk, Dossier, KinshipAnswer

#: What a clerk may write in the journal about own people: that she looked, and what she
#: answered.
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
    """The person has the clerk's family name, and nothing was said about it."""

    def __init__(self) -> None:
        super().__init__(_("Say first whether this person is family of yours."))


class Kin(Enum):
    """What names tell about a clerk and a person."""

    NONE = "none"
    SAME_NAME = "same name"
    SELF = "self"


@sensitive_variables()
def kin(clerk: Clerk, *, last_name: str, first_names: str) -> Kin:
    """Compare names whatever their spelling, order, accents and hyphens.

    A double name counts by each of its parts, and a name as women and men have it.
    Of the first names all of one side have to be among the other's: a document has more
    of them than an account. Typed in each other's fields, or all in one, they are hers
    too.
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
    """As `kin`, by the names that the dossier's document showed."""
    return kin(clerk, last_name=dossier.last_name, first_names=dossier.first_names)


def standing(dossier: Dossier, clerk: Clerk) -> Kin:
    """What still forbids the act: SELF always, SAME_NAME until the clerk answered."""
    names = PersonName(dossier.last_name, dossier.first_names)
    return standing_of(clerk, names, dossier=dossier)


@sensitive_variables()
def standing_of(
    clerk: Clerk, names: PersonName | None, *, dossier: Dossier | None
) -> Kin:
    """As `standing`, by names that are not saved yet; None are nobody's.

    An answer about the `dossier` that is to get them counts.
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
    """Refuse an act on own people; called for everything a clerk does to a dossier.

    What is written about another dossier of the same person (whose key is stopped)
    needs no second answer. Raises OwnPersonError or FamilyNotAskedError.
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
