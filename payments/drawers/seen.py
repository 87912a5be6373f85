"""Checking which count a person saw before they close, approve or return a drawer.

Until its approval a drawer may be counted again, also with the same total. So the page
has the number of the count that it shows in a hidden field. If another count was made
since, the form is refused.
"""

import uuid

from django.db.models import Max
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from payments.exceptions import DrawerMovedOnError
from payments.models import DrawerCount, DrawerSession


def last_count(session: uuid.UUID) -> int:
    """The number of the last count; 0 before the first.

    Call it before reading the figures for the page. Otherwise a count made in between
    would have its number on the page, but not its figures.
    """
    last = DrawerCount.objects.filter(session=session).aggregate(last=Max("nth"))
    return last["last"] or 0


def count_sent(request: HttpRequest) -> int:
    """The number of the count that the form's page showed; -1 without a valid one."""
    sent = request.POST.get("count", "")
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 6 else -1


def refuse_another(drawer: DrawerSession, count: int) -> None:
    """Raise DrawerMovedOnError if the locked drawer was counted again after `count`."""
    if last_count(drawer.pk) != count:
        raise DrawerMovedOnError(
            _("It was counted again meanwhile. Look at it once more.")
        )
