"""Counting a drawer, for tests of a second count and of two people who count."""

from django.urls import reverse
from django.utils import timezone

from counter.journal.events import Event
from counter.models import Clerk, JournalEntry
from payments.drawers.drawers import close_drawer, count_drawer
from payments.models import DrawerSession
from tests import cast

DRAWER = reverse("payments_drawers:drawer")


def path(name: str, drawer: DrawerSession) -> str:
    return reverse(f"payments_drawers:{name}", args=[drawer.pk])


def pieces(**more: str) -> dict[str, str]:
    """The fields of a count: one note of fifty, and the pieces named in `more`."""
    return {"pieces_5000": "1"} | more


def beside(clerk: Clerk, **more: str) -> dict[str, str]:
    """The fields of a colleague who counts beside the supervisor."""
    typed = {
        "colleague_name": clerk.username,
        "colleague_password": cast.PASSWORD,
    }
    return typed | more


def counted(drawer: DrawerSession) -> None:
    count_drawer(
        drawer=drawer, clerk=drawer.clerk, counts={"5000": 1}, at=timezone.now()
    )
    drawer.refresh_from_db()


def closed(drawer: DrawerSession, reason: str = "A note was torn") -> None:
    counted(drawer)
    close_drawer(
        drawer=drawer, count=1, clerk=drawer.clerk, reason=reason, at=timezone.now()
    )
    drawer.refresh_from_db()


def sentences_of(event: Event) -> list[str]:
    return [entry.sentence for entry in JournalEntry.objects.filter(event=event)]
