"""Asking for a key again before actions that could give the account to another person.

For example, adding a key and changing the address. They need a key that was used within
the last five minutes, so that nobody can do them in a session that was left open.
"""

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from inspect import unwrap
from typing import Final

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import Purpose, SignInFor
from activation.holder.paper import recovery_codes
from activation.holder.sessions import proof, session
from activation.journey.forms.key import DigitsForm
from activation.models import KeyHolder
from activation.web import pages
from counter.web.see_other import SeeOther

# The fields of the page that asked for a key that are sent along; digits never are.
_KEPT: Final = ("kind", "mobile", "email")


#: The reason for which a page asks for a key, by the innermost view of that page.
_FOR: Final[dict[Callable[..., HttpResponse], SignInFor]] = {}


class _SendOn(HttpResponseRedirect):
    """A redirect after which the browser sends the same form to its first address."""

    status_code = 307


def needs_key[**P](
    reason: SignInFor,
) -> Callable[[session.HolderView[P]], session.HolderView[P]]:
    """Decorate a view to ask for a key first, unless one was used a short time ago.

    `reason` is stored in the holder's history with the use of the key. Place it below
    `session.for_holder`. A form that was sent too late is not lost: the page that asks
    for the key has its values in hidden fields and sends them again. They are not
    stored in the session or in an address, where they would remain after the page.
    """

    def decorate(view: session.HolderView[P]) -> session.HolderView[P]:
        _FOR[unwrap(view)] = reason

        @wraps(view)
        def handle(
            request: HttpRequest,
            holder: KeyHolder,
            /,
            *args: P.args,
            **kwargs: P.kwargs,
        ) -> HttpResponse:
            if session.has_shown_key(request, at=timezone.now()):
                return view(request, holder, *args, **kwargs)
            to = request.path.removeprefix(reverse("activation_holder:overview"))
            if kept(request):
                return _ask(request, holder, to, DigitsForm(), status=403)
            return pages.see_other("activation_holder:prove", to)

        return handle

    return decorate


@sensitive_variables()
def kept(request: HttpRequest) -> list[tuple[str, str]]:
    """The values of the form that waits until a key is used, by field name."""
    return [(name, request.POST[name]) for name in _KEPT if name in request.POST]


@sensitive_post_parameters("digits", "mobile", "email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@sensitive_variables()
def prove(request: HttpRequest, holder: KeyHolder, to: str) -> HttpResponse:
    """Ask for the six digits of a key; then continue with the page `to`.

    A form that waits is sent again to that page.
    """
    at = timezone.now()
    in_history = what_for(to)
    if in_history is None:
        return pages.see_other("activation_holder:overview")
    if request.method != "POST":
        if session.has_shown_key(request, at=at):
            return HttpResponseRedirect(_address(to))
        return _ask(request, holder, to, DigitsForm())
    form = DigitsForm(request.POST)
    if form.is_valid():
        named = form.cleaned_data.get("key")
        key, _keys = proof.choose(request, holder, at=at, named=named)
        reason = proof.Reason(Purpose.CONFIRM, in_history)
        if key and proof.prove(request, holder, form, key, what_for=reason, at=at):
            return go_on(request, to, at=at)
    return _ask(request, holder, to, form, status=422)


def go_on(request: HttpRequest, to: str, *, at: datetime) -> HttpResponse:
    """Continue with the page `to`, after a key or a recovery code was used."""
    request.session.cycle_key()
    session.note_key(request, at=at)
    on = _SendOn if kept(request) else SeeOther
    return on(_address(to))


@sensitive_post_parameters("digits", "mobile", "email")
@pages.sent_from("activation_holder:prove")
@session.for_holder
@sensitive_variables()
def prove_send(request: HttpRequest, holder: KeyHolder, to: str) -> HttpResponse:
    """Choose the key to use, and send its digits if they are sent by message.

    When a form waits, there is no redirect, because the page has to contain its values.
    """
    if what_for(to) is None:
        return pages.see_other("activation_holder:overview")
    proof.send_chosen(request, holder, purpose=Purpose.CONFIRM, at=timezone.now())
    if kept(request):
        return _ask(request, holder, to, DigitsForm())
    return pages.see_other("activation_holder:prove", to)


@sensitive_variables()
def _ask(
    request: HttpRequest,
    holder: KeyHolder,
    to: str,
    form: DigitsForm,
    *,
    status: int = 200,
) -> HttpResponse:
    at = timezone.now()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key, keys = proof.choose(request, holder, at=at, named=named)
    if key is None:
        return pages.see_other("activation_holder:no_key")
    return pages.show(
        request,
        "activation/holder/prove.html",
        {
            **proof.context(holder, key, keys, form, purpose=Purpose.CONFIRM, at=at),
            "to": to,
            "has_codes": recovery_codes.sheet_of(holder).left > 0,
            "kept": kept(request),
            "office": holder.dossier.office,
        },
        status=status,
    )


def what_for(to: str) -> SignInFor | None:
    """The reason for which the page `to` asks for a key; None when it does not."""
    try:
        page = resolve(_address(to))
    except Resolver404:
        return None
    return _FOR.get(unwrap(page.func))


def _address(to: str) -> str:
    """The path of the holder's page `to`, which is relative to the overview."""
    return reverse("activation_holder:overview") + to
