"""At which desk a clerk works today: chosen at sign-in, kept in the sign-in record.

A card terminal belongs to a desk and not to an account, so a clerk at another desk does
not book payments on the terminal of yesterday. Signing in and out clear the desk
(counter.sign_in.single_session), so an old choice never counts for today. A signed
cookie remembers the desk last chosen on a computer; it contains only the desk's key.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counter.enums import Role
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Desk, SignInRecord
from counter.offices import midnight
from counter.roles import matrix, role_rights

if TYPE_CHECKING:
    from counter.querysets import ClerkQuerySet

_SALT: Final = "counter.staff.desks"
_REMEMBERED_FOR: Final = timedelta(days=400)


def in_use(clerk: Clerk) -> list[Desk]:
    """The active desks of the clerk's office; if several, the sign-in asks for one."""
    if clerk.office_id is None:
        return []
    return list(Desk.objects.visible_to(clerk).of_office(clerk.office_id).in_use())


def colleagues_at(desk: Desk, *, clerk: Clerk, at: datetime) -> list[Clerk]:
    """The other clerks who chose this desk today and have not signed out since."""
    there = Clerk.objects.filter(sign_in__desk=desk, office=desk.office_id)
    others = _sitting(there, at=at).exclude(pk=clerk.pk)
    return list(others.order_by("username"))


def at_work(clerk: Clerk, *, at: datetime) -> list[Clerk]:
    """The colleagues visible to the clerk who work at a desk today, sorted by desk."""
    sitting = _sitting(Clerk.objects.visible_to(clerk), at=at)
    return list(sitting.order_by("sign_in__desk__name", "username"))


def _sitting(rows: "ClerkQuerySet[Clerk]", *, at: datetime) -> "ClerkQuerySet[Clerk]":
    """The active accounts among `rows` that chose a desk today and did not sign out."""
    began = midnight.before(at)
    here = rows.filter(sign_in__desk__isnull=False, sign_in__desk_since__gte=began)
    return here.filter(is_active=True).select_related("sign_in__desk")


def sit_at(*, clerk: Clerk, desk: Desk | None, at: datetime) -> None:
    """Record that the clerk works at this desk from now on; None means at no desk."""
    since = at if desk else None
    SignInRecord.objects.filter(clerk=clerk).update(desk=desk, desk_since=since)
    clerk.sign_in.desk, clerk.sign_in.desk_since = desk, since
    if desk is not None:
        journal.write(Event.DESK_CHOSEN, {"desk": desk.name}, clerk=clerk)


def after_signing_in(request: HttpRequest, clerk: Clerk, wanted: str) -> str:
    """Return the URL after signing in: the choice of a desk, or `wanted`.

    The choice is asked for only in an office with several desks, and only of people
    whose role works at the desk. In an office with one desk a clerk gets that desk, and
    a supervisor gets none.
    """
    if not matrix.may(clerk, role_rights.WORK_AT_THE_DESK):
        return wanted
    desks = in_use(clerk)
    if len(desks) > 1:
        return f"{reverse('counter_staff:choose_desk')}?{urlencode({'next': wanted})}"
    if desks and clerk.role == Role.CLERK:
        sit_at(clerk=clerk, desk=desks[0], at=timezone.now())
        tell_who_else(request, clerk)
    return wanted


def tell_who_else(request: HttpRequest, clerk: Clerk) -> None:
    """Show a warning for each other clerk at this desk: one of them may have chosen it
    by mistake.
    """
    desk = clerk.sign_in.desk
    if desk is None:
        return
    for other in colleagues_at(desk, clerk=clerk, at=timezone.now()):
        sentence = _("%(who)s works at %(desk)s today too.")
        messages.warning(request, sentence % {"who": other, "desk": desk})


def remembered(request: HttpRequest, desks: list[Desk]) -> Desk | None:
    """The desk last chosen on this computer, if it is one of these."""
    seconds = int(_REMEMBERED_FOR.total_seconds())
    value = request.get_signed_cookie(_cookie(), "", salt=_SALT, max_age=seconds)
    return next((desk for desk in desks if str(desk.pk) == value), None)


def remember(response: HttpResponse, desk: Desk) -> None:
    response.set_signed_cookie(
        _cookie(),
        str(desk.pk),
        salt=_SALT,
        max_age=int(_REMEMBERED_FOR.total_seconds()),
        path="/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite=settings.SESSION_COOKIE_SAMESITE,
    )


def _cookie() -> str:
    return "__Host-desk" if settings.SESSION_COOKIE_SECURE else "desk"
