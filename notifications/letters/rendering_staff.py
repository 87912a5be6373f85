"""The mails to staff about their own accounts, made when they are sent."""

import datetime

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables

from counter.enums import HARMLESS_ACTS, AccountAct
from counter.models import Clerk
from counter.staff import password_links, same_hands
from notifications.channels.outgoing import Mail, mail
from notifications.enums import Kind
from notifications.letters import texts_staff
from notifications.letters.composing import Message
from notifications.models import Delivery


@sensitive_variables()
def password_link(delivery: Delivery, at: datetime.datetime) -> Mail | None:
    """The mail with a link to choose a password, to the address that the link was made
    for; None once the link is not valid any more.
    """
    link = delivery.password_link
    if link is None or link.clerk is None or not password_links.is_good(link, at=at):
        return None
    message = texts_staff.password_link(
        name=link.clerk.first_name or link.clerk.get_username(),
        user_name=link.clerk.get_username(),
        by=str(link.asked_by or ""),
        until=timezone.localtime(link.valid_until),
        link=password_links.url(link),
        is_invitation=delivery.kind == Kind.STAFF_INVITED,
        language=link.clerk.language,
    )
    return _mail(delivery, link.clerk, message, to=link.email)


@sensitive_variables()
def account_change(delivery: Delivery, _at: datetime.datetime) -> Mail | None:
    """The mail about a change of an account: to its owner, or to a supervisor.

    Without an address nobody gets it.
    """
    change = delivery.account_change
    if change is None:
        return None
    is_owner = delivery.kind == Kind.ACCOUNT_OWNER
    reader = change.account if is_owner else change.second_supervisor
    if reader is None:
        return None
    is_by_another = change.by not in (None, change.account)
    counts = is_by_another and change.act not in HARMLESS_ACTS
    message = texts_staff.account_change(
        name=reader.first_name or reader.get_username(),
        who=str(change.account),
        by=str(change.by or ""),
        act=AccountAct(change.act),
        at=timezone.localtime(change.at),
        until=timezone.localtime(change.at + same_hands.FOR) if counts else None,
        link=f"{settings.SITE_URL}{reverse('counter_sign_in:sign_in')}",
        is_owner=is_owner,
        language=reader.language,
    )
    # The address before the change: whoever entered a new one knows of the change.
    to = change.old_email if is_owner else change.second_email
    return _mail(delivery, reader, message, to=to)


def _mail(delivery: Delivery, reader: Clerk, message: Message, *, to: str) -> Mail:
    return mail(
        to=to,
        message=message,
        message_id=delivery.message_id,
        language=reader.language,
    )
