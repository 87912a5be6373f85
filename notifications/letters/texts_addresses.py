"""Texts about a dossier's new address, to the previous address and to the office."""

import datetime

from django.views.decorators.debug import sensitive_variables

from activation.letters.wording import DUTCH, OfficeContact
from notifications.letters.composing import Link, Message, mail, moment


@sensitive_variables()
def address_changed(
    *,
    changed_at: datetime.datetime,
    last_day: datetime.date,
    link: Link,
    language: str,
    office: OfficeContact,
) -> Message:
    """The mail to the previous address, whose reader may be a stranger.

    ``changed_at`` is in Brussels time; ``last_day`` is the last whole day on which the
    ``link`` works.
    """
    return mail(
        "address_changed",
        language,
        last_day=last_day,
        link=link,
        office=office,
        **moment(changed_at),
    )


@sensitive_variables()
def address_objected(
    *, reference: str, changed_at: datetime.datetime, link: str
) -> Message:
    """The mail that tells the office that the reader of the previous address objects;
    ``link`` leads to the dossier.
    """
    values = {"reference": reference, "link": link, **moment(changed_at)}
    return mail("address_objected", DUTCH, **values)
