"""The state of the last mail with a link to choose a password; for the account page."""

from django.utils.formats import date_format
from django.utils.timezone import localtime

from counter.models import Clerk
from notifications.enums import DeliveryState
from notifications.models import Delivery


def of(clerk: Clerk) -> str:
    """Kind, time and state of that mail, and the server's words if it was not sent;
    empty if there is no such mail.
    """
    mails = Delivery.objects.filter(password_link__clerk=clerk)
    mail = mails.order_by("-created_at").first()
    if mail is None:
        return ""
    when = date_format(localtime(mail.created_at), "SHORT_DATETIME_FORMAT")
    state = mail.late_label or mail.get_state_display()
    words = "" if mail.state == DeliveryState.SENT else mail.answer_shown
    line = f"{mail.get_kind_display()}, {when}: {state}"
    return f"{line} ({words})" if words else line
