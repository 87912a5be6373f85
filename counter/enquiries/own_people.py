"""Supervisors may not handle messages of themselves or of their family.

As at the desk (counter.people.kinship), names are compared: those of the sender, and of
the dossiers with the same e-mail address. There is no question about family for a
message; but a supervisor who answered "no family" for such a dossier may handle it.
"""

from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, Enquiry, KinshipAnswer
from counter.people import kinship
from counter.people.kinship import Kin

#: How many dossiers of one address are compared; more do not belong to one person.
_MOST_DOSSIERS = 20


class OwnMessageError(CounterError):
    """The sender has the clerk's e-mail address, or the clerk's first and last name."""

    def __init__(self) -> None:
        super().__init__(
            _("This message seems to be your own. Let a colleague handle it.")
        )


class FamilyMessageError(CounterError):
    """The sender has the clerk's family name."""

    def __init__(self) -> None:
        super().__init__(
            _("The sender has your family name. Let a colleague handle it.")
        )


def refuse(enquiry: Enquiry, clerk: Clerk) -> None:
    """Raise OwnMessageError or FamilyMessageError when the clerk may not handle it."""
    address = enquiry.email.casefold()
    if address and address == clerk.email.casefold():
        raise OwnMessageError
    dossiers = _of_sender(enquiry)
    answers = KinshipAnswer.objects.filter(clerk=clerk, is_family=False)
    strangers = set(
        answers.filter(dossier__in=dossiers).values_list("dossier", flat=True)
    )
    kin = {dossier.pk: kinship.kin_of(dossier, clerk) for dossier in dossiers}
    sender = kinship.kin(clerk, last_name=enquiry.name, first_names="")
    if Kin.SELF in (sender, *kin.values()):
        raise OwnMessageError
    family = {pk for pk, kin_of_one in kin.items() if kin_of_one is Kin.SAME_NAME}
    if family - strangers or (sender is Kin.SAME_NAME and not strangers):
        raise FamilyMessageError


def why_not(enquiry: Enquiry, clerk: Clerk) -> str:
    """The sentence of the error that `refuse` raises; "" when it raises none."""
    try:
        refuse(enquiry, clerk)
    except CounterError as error:
        return str(error)
    return ""


def _of_sender(enquiry: Enquiry) -> list[Dossier]:
    if not enquiry.email:
        return []
    rows = Dossier.objects.with_email(enquiry.email).filter(anonymised_at=None)
    return list(rows.order_by("-recorded_at")[:_MOST_DOSSIERS])
