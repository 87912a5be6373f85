"""Leads the browser to the city's sign-on, and verifies the answer."""

from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.template.loader import render_to_string
from django.views.decorators.debug import sensitive_variables

from counter.city_sign_on import claims, exchange, tokens
from counter.city_sign_on.asking import Asked, Purpose
from counter.city_sign_on.claims import Person
from counter.city_sign_on.provider import Provider, way_back
from counter.city_sign_on.refusals import OF_NOBODY, CityRefusedError, Why
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk
from counter.sign_in import tries
from counter.sign_in.secrets import check_secret
from counter.sign_in.tries import NotComparedError, StaffWaitError

log = structlog.get_logger("sleutelloket.city_sign_on")

#: The provider's error when the person cancelled there (OAuth 2.0, section 4.1.2.1).
_STOPPED: Final = "access_denied"


def lead_there(address: str) -> HttpResponse:
    """A page that leads to another site.

    A redirect would not work: it would answer a form, and the policy `form-action`
    allows forms to lead to this site only.
    """
    return HttpResponse(
        render_to_string("counter/city_sign_on/onward.html", {"address": address})
    )


@sensitive_variables()
def prove(
    request: HttpRequest, asked: Asked, provider: Provider, *, at: datetime
) -> Person:
    """The person that the provider's answer proves.

    Raises CityRefusedError, and NotComparedError after too many wrong answers from
    there or when very many people sign in at once. The attempt is counted before it is
    verified, as with a password (counter.sign_in.tries). When the provider does not
    answer, it does not count as a wrong attempt.
    """
    _check_answer(request, asked, provider)
    away: list[CityRefusedError] = []

    def redeemed() -> Person | None:
        try:
            return _redeem(request, asked, provider, at=at)
        except CityRefusedError as refusal:
            if refusal.why != Why.AWAY:
                raise
            away.append(refusal)
            return None

    door = tries.at_city_sign_on(request)
    person = check_secret(redeemed, user_name="", door=door, at=at)
    if person is None:
        raise away[0]
    return person


def _check_answer(request: HttpRequest, asked: Asked, provider: Provider) -> None:
    """Refuse an answer of another issuer, an error, or an answer without a code.

    Then no code is sent to the provider. Raises CityRefusedError.
    """
    issuer = request.GET.get("iss")
    names_itself = exchange.directory(provider).names_itself
    if (issuer or names_itself) and issuer != provider.issuer:
        raise CityRefusedError(Why.TOKEN)
    if error := request.GET.get("error"):
        is_stopped = error == _STOPPED
        if not is_stopped:
            log.warning("city_sign_on_refused", purpose=asked.purpose)
        raise CityRefusedError(Why.CANCELLED if is_stopped else Why.REFUSED)
    if not request.GET.get("code"):
        raise CityRefusedError(Why.TOKEN)


@sensitive_variables()
def _redeem(
    request: HttpRequest, asked: Asked, provider: Provider, *, at: datetime
) -> Person:
    token = exchange.redeem(
        provider,
        code=request.GET["code"],
        verifier=asked.verifier,
        way_back=way_back(),
    )
    verified = tokens.verified(
        token,
        provider=provider,
        nonce=asked.nonce,
        asked_anew_at=asked.asked_anew_at,
        at=at,
    )
    return claims.read(verified, provider)


def note_refusal(
    request: HttpRequest,
    refusal: CityRefusedError,
    clerk: Clerk | None,
    *,
    at: datetime,
) -> None:
    """Write a refusal in the journal, if the city named the person.

    It counts as a wrong attempt; this limits the number of entries. Refusals without a
    named person are counted elsewhere.
    """
    if refusal.why in OF_NOBODY:
        return
    try:
        tries.claim(tries.at_city_sign_on(request).counts, at=at)
    except StaffWaitError:
        return
    details = {"account": clerk.get_username() if clerk else "", "why": refusal.why}
    office = clerk.office if clerk else None
    journal.write(Event.CITY_REFUSED, details, office=office)


def refused(
    request: HttpRequest,
    error: CityRefusedError | NotComparedError,
    provider: Provider,
    asked: Asked | None = None,
) -> HttpResponse:
    """The page with the sentence of the refusal, and a way to try again."""
    purpose = asked.purpose if asked else Purpose.SIGN_IN
    context = {
        "sentence": error.messages[0],
        "provider": provider,
        "back": resolve_url(_BACK[Purpose(purpose)]),
        "was_stopped": getattr(error, "why", None) == Why.CANCELLED,
    }
    page = "counter/city_sign_on/refused.html"
    response = render(request, page, context, status=error.status)
    if isinstance(error, NotComparedError):
        response.headers["Retry-After"] = str(error.seconds)
    return response


_BACK: Final = {
    Purpose.SIGN_IN: settings.LOGIN_URL,
    Purpose.INVITATION: settings.LOGIN_URL,
    Purpose.UNLOCK: "counter_sign_in:unlock",
    Purpose.LINK: "counter_passkeys:overview",
}
