"""How long messages have been waiting, and whether anything leaves at all."""

import datetime

from notifications.enums import Channel, DeliveryState
from notifications.models import Delivery


def seconds_overdue(*, at: datetime.datetime) -> float:
    """For how long the oldest unsent message has been waiting; 0.0 when there is none.

    Counted from its creation, or from when it was to leave, however often it was tried.
    """
    oldest = Delivery.objects.waiting_at(at).first()
    return (at - oldest.waiting_since).total_seconds() if oldest else 0.0


def is_stuck(*, at: datetime.datetime) -> bool:
    """Whether a message is late, and none that came after it has left by its channel.

    A single mailbox that says "later" for a day is not the house's fault as long as
    other mails leave.
    """
    for channel in Channel:
        of_channel = Delivery.objects.filter(channel=channel)
        sent = of_channel.filter(state=DeliveryState.SENT).order_by("-created_at")
        last = sent.values_list("created_at", flat=True).first()
        if of_channel.late(at, since_after=last).exists():
            return True
    return False
