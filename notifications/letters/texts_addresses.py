"""Another address of a dossier: what is said to the one before, and to the office."""

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
    """Tell the address before, perhaps a stranger's. ``changed_at`` in Brussels.

    ``last_day`` is the last whole day of the ``link``.
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
    """Tell the office that the address before did not ask; ``link`` to the dossier."""
    values = {"reference": reference, "link": link, **moment(changed_at)}
    return mail("address_objected", DUTCH, **values)
