"""Which count the person saw who closes, approves or returns a drawer.

A drawer may be counted again until its approval, also with the same total. So a page
names the count that it shows, in a hidden field, and its button acts on that one only.
"""

import uuid

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from payments.exceptions import DrawerMovedOnError
from payments.models import DrawerCount, DrawerSession


def last_count(session: uuid.UUID) -> int:
    """The number of the last count; 0 before the first. Read before the figures that
    are shown with it, so that one made in between is not taken for seen.
    """
    last = DrawerCount.objects.filter(session=session).aggregate(last=Max("nth"))
    return last["last"] or 0


def count_sent(request: HttpRequest) -> int:
    """The count that the page of this form showed; -1 when it names none."""
    sent = request.POST.get("count", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1


def refuse_another(drawer: DrawerSession, count: int) -> None:
    """DrawerMovedOnError when this locked drawer was counted since `count`."""
    if last_count(drawer.pk) != count:
        raise DrawerMovedOnError(
            _("It was counted again meanwhile. Look at it once more.")
        )
