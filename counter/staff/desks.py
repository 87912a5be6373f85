"""Who works at which desk today: chosen at sign-in, kept in the sign-in record.

The desk and not the account says which card terminal stands there, so a clerk who sits
elsewhere today does not book on yesterday's terminal. Signing in and out leave the desk
(counter.sign_in.single_session), so an old choice is never taken for today's. This
computer remembers the desk of its last choice in a signed cookie: a desk's number,
nobody's.
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
    """The desks of the clerk's own office; of more than one the sign-in asks."""
    if clerk.office_id is None:
        return []
    return list(Desk.objects.visible_to(clerk).of_office(clerk.office_id).in_use())


def colleagues_at(desk: Desk, *, clerk: Clerk, at: datetime) -> list[Clerk]:
    """Who else chose this desk today and did not sign out since."""
    there = Clerk.objects.filter(sign_in__desk=desk, office=desk.office_id)
    others = _sitting(there, at=at).exclude(pk=clerk.pk)
    return list(others.order_by("username"))


def at_work(clerk: Clerk, *, at: datetime) -> list[Clerk]:
    """Those of the clerk's visible colleagues who sit at a desk today, by desk."""
    sitting = _sitting(Clerk.objects.visible_to(clerk), at=at)
    return list(sitting.order_by("sign_in__desk__name", "username"))


def _sitting(rows: "ClerkQuerySet[Clerk]", *, at: datetime) -> "ClerkQuerySet[Clerk]":
    """The sign-in records of those who chose a desk today and did not sign
    out since.
    """
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
    """Return where a clerk goes after signing in: to choose a desk, or to `wanted`.

    Nobody is asked in an office with one desk, nor who does not work at a desk. The
    supervisor of such an office sits at none.
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
    """Say that somebody else is at this desk too: it may be meant, or a slip."""
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
