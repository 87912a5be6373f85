"""The pages that lead to the city's sign-on, and the one to which it leads back."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from counter.city_sign_on import (
    arriving,
    asking,
    linking,
    new_accounts,
    provider,
    way,
)
from counter.city_sign_on.asking import Asked, Purpose
from counter.city_sign_on.claims import Person
from counter.city_sign_on.provider import Provider
from counter.city_sign_on.refusals import CityRefusedError, Why
from counter.models import Clerk
from counter.sign_in import (
    pages,
    pending_sign_in,
    screen_lock,
    sign_in_app,
    single_session,
)
from counter.sign_in.tries import NotComparedError
from counter.staff import password_links
from counter.staff.access import for_staff
from counter.staff.password_links import LinkEndedError
from counter.web.see_other import SeeOther

type _View[**P] = Callable[Concatenate[HttpRequest, Provider, P], HttpResponse]


def where_set_up[**P](
    view: _View[P],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """Wrap a view: raise Http404 when no city's sign-on is configured."""

    @wraps(view)
    def guarded(
        request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        city = provider.find()
        if city is None:
            raise Http404
        return view(request, city, *args, **kwargs)

    return guarded


@require_POST
@where_set_up
def go(request: HttpRequest, city: Provider) -> HttpResponse:
    """Lead from the sign-in page to the city's sign-on."""
    if request.user.is_authenticated:
        return SeeOther(pages.wanted_page(request))
    pending_sign_in.forget(request)
    return _lead(request, city, Purpose.SIGN_IN)


@require_POST
@where_set_up
def unlock(request: HttpRequest, city: Provider) -> HttpResponse:
    """Unlock the screen by signing in at the city again."""
    return for_staff(lambda _r, _clerk: _lead(request, city, Purpose.UNLOCK))(request)


@require_POST
@where_set_up
def accept_invitation(request: HttpRequest, city: Provider, token: str) -> HttpResponse:
    """Accept an invitation with the city's sign-on instead of choosing a password.

    A link that is not valid leads to the page for choosing a password, which says why.
    """
    now = timezone.now()
    link = password_links.find(token)
    if link is None or not linking.is_for_city(link, at=now):
        return SeeOther("counter_staff:choose_password", token)
    try:
        return way.lead_there(
            asking.begin(request, city, Purpose.INVITATION, at=now, link=link.pk)
        )
    except CityRefusedError as refusal:
        return way.refused(request, refusal, city)


def _lead(request: HttpRequest, city: Provider, purpose: Purpose) -> HttpResponse:
    wanted = pages.wanted_page(request)
    now = timezone.now()
    try:
        address = asking.begin(request, city, purpose, at=now, next_page=wanted)
    except CityRefusedError as refusal:
        return way.refused(request, refusal, city)
    return way.lead_there(address)


@require_safe
@where_set_up
@sensitive_variables()
def come_back(request: HttpRequest, city: Provider) -> HttpResponse:
    """The page to which the provider sends the browser, with a code or an error."""
    now = timezone.now()
    asked = asking.take(request, at=now)
    if asked is None:
        if request.user.is_authenticated:  # the way back was opened a second time
            return SeeOther(pages.wanted_page(request))
        return way.refused(request, CityRefusedError(Why.LATE), city)
    clerk = None
    try:
        person = way.prove(request, asked, city, at=now)
        clerk = linking.find(person)
        return _DO[Purpose(asked.purpose)](request, asked, person, clerk, city)
    except CityRefusedError as refusal:
        way.note_refusal(request, refusal, clerk, at=now)
        return way.refused(request, refusal, city, asked)
    except NotComparedError as error:
        return way.refused(request, error, city, asked)


def _sign_in(
    request: HttpRequest,
    asked: Asked,
    person: Person,
    clerk: Clerk | None,
    city: Provider,
) -> HttpResponse:
    now = timezone.now()
    if clerk is None:
        if not city.makes_accounts:
            raise CityRefusedError(Why.UNKNOWN)
        clerk = new_accounts.make(person, provider=city, at=now)
    arriving.admit(person, clerk=clerk, provider=city, at=now)
    return _go_on(request, clerk, person, asked.next)


def _go_on(
    request: HttpRequest, clerk: Clerk, person: Person, wanted: str
) -> HttpResponse:
    """Sign in; or ask for the app's digits first, if the city's factor is not enough.

    A clerk who has a password here can also use it at a colleague's screen, for which
    an app is needed. So such a clerk has to set up an app, once.
    """
    does = person.has_second_factor and (
        not clerk.has_usable_password() or sign_in_app.is_set_up(clerk)
    )
    if does or not sign_in_app.is_required():
        single_session.begin(request, clerk, by_city=True)
        return pages.go_to_the_desk(request, clerk, wanted)
    pending_sign_in.begin(request, clerk, at=timezone.now(), by_city=True)
    return SeeOther(pages.with_next("counter_sign_in:second_factor", wanted))


def _unlock(
    request: HttpRequest,
    asked: Asked,
    person: Person,
    clerk: Clerk | None,
    city: Provider,
) -> HttpResponse:
    if clerk is None or clerk != request.user:
        raise CityRefusedError(Why.SOMEBODY_ELSE)
    arriving.admit(person, clerk=clerk, provider=city, at=timezone.now())
    if screen_lock.unlock(request, clerk):
        messages.warning(request, screen_lock.NOT_SAVED)
    return SeeOther(asked.next)


def _link(
    request: HttpRequest,
    _asked: Asked,
    person: Person,
    known: Clerk | None,
    city: Provider,
) -> HttpResponse:
    clerk = request.user
    if known is not None or not isinstance(clerk, Clerk):
        raise CityRefusedError(Why.LINKED_BEFORE)
    if person.role is None:
        raise CityRefusedError(Why.NO_ROLE)
    linking.link(person, clerk=clerk, at=timezone.now())
    sentence = _("From now on you sign in with %(name)s.") % {"name": city.name}
    messages.success(request, sentence)
    return SeeOther("counter_passkeys:overview")


def _accept(
    request: HttpRequest,
    asked: Asked,
    person: Person,
    known: Clerk | None,
    city: Provider,
) -> HttpResponse:
    if known is not None:
        raise CityRefusedError(Why.LINKED_BEFORE)
    if person.role is None:
        raise CityRefusedError(Why.NO_ROLE)
    now = timezone.now()
    try:
        clerk = linking.accept(person, link_id=asked.link_id, at=now)
    except LinkEndedError:
        raise CityRefusedError(Why.LINK_ENDED) from None
    arriving.admit(person, clerk=clerk, provider=city, at=now)
    if request.user.is_authenticated:  # somebody else, in whose browser it was opened
        sentence = _("The account is linked with %(name)s.") % {"name": city.name}
        messages.success(request, sentence)
        return SeeOther("counter_sign_in:sign_in")
    return _go_on(request, clerk, person, pages.wanted_page(request))


_DO = {
    Purpose.SIGN_IN: _sign_in,
    Purpose.UNLOCK: _unlock,
    Purpose.LINK: _link,
    Purpose.INVITATION: _accept,
}
