"""Texts to staff about their own accounts, in Dutch and English (see texts)."""

import datetime

from django.views.decorators.debug import sensitive_variables

from counter.enums import AccountAct
from notifications.letters.composing import Message, mail, moment


@sensitive_variables()
def password_link(
    *,
    name: str,
    user_name: str,
    by: str,
    until: datetime.datetime,
    link: str,
    is_invitation: bool,
    language: str,
) -> Message:
    """The mail with a link to choose a password. ``until`` is in Brussels time; ``by``
    is empty if the person asked for the link on the sign-in page.
    """
    return mail(
        "staff_invited" if is_invitation else "staff_password",
        language,
        name=name,
        user_name=user_name,
        by=by,
        **moment(until),
        link=link,
    )


@sensitive_variables()
def account_change(  # noqa: PLR0913 (the places in its text)
    *,
    name: str,
    who: str,
    by: str,
    act: AccountAct,
    at: datetime.datetime,
    until: datetime.datetime | None,
    link: str,
    is_owner: bool,
    language: str,
) -> Message:
    """The mail about a change of an account, to its owner or to a second supervisor.

    ``at`` and ``until`` are in Brussels time; ``by`` is empty if the owner or the
    machine made the change. Until ``until``, whoever made it and the owner count as one
    person; None if they do not.
    """
    return mail(
        f"account_changed/{act.value}",
        language,
        name=name,
        who=who,
        by=by,
        **moment(at),
        until=until.date() if until else None,
        link=link,
        is_owner=is_owner,
    )
