"""Show a key once more, before what could give the account to somebody else.

A session that stays open on somebody else's computer adds no key and changes no
address: both ask for a key that was shown within five minutes.
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

# What was typed on the page that the person comes from; never digits.
_KEPT: Final = ("kind", "mobile", "email")


#: What a key is shown for, by the innermost view of the page that asks for one.
_FOR: Final[dict[Callable[..., HttpResponse], SignInFor]] = {}


class _SendOn(HttpResponseRedirect):
    """The browser sends the same form on, to where it was going at first."""

    status_code = 307


def needs_key[**P](
    reason: SignInFor,
) -> Callable[[session.HolderView[P]], session.HolderView[P]]:
    """Ask for a key first, unless one was shown a moment ago; then go on.

    `reason` is what the holder's history says that the key was shown for. Stands under
    `session.for_holder`. What a form held when the time was over goes along as hidden
    fields, through the page that asks, and is sent again: in the session or in an
    address it would outlive the page.
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
    """What the form held that waits for a key to be shown."""
    return [(name, request.POST[name]) for name in _KEPT if name in request.POST]


@sensitive_post_parameters("digits", "mobile", "email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@sensitive_variables()
def prove(request: HttpRequest, holder: KeyHolder, to: str) -> HttpResponse:
    """Six digits of a key; then on to the page `to`, as if nothing had come between."""
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
    """A key, or what takes its place, was shown: on to the page that asked for it."""
    request.session.cycle_key()
    session.note_key(request, at=at)
    on = _SendOn if kept(request) else SeeOther
    return on(_address(to))


@sensitive_post_parameters("digits", "mobile", "email")
@pages.sent_from("activation_holder:prove")
@session.for_holder
@sensitive_variables()
def prove_send(request: HttpRequest, holder: KeyHolder, to: str) -> HttpResponse:
    """Choose the key to show; a message is sent when it needs one.

    No redirect when a form goes along: the page that follows has to hold it.
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
    """What a key is shown for before the page `to`; None where none is asked for."""
    try:
        page = resolve(_address(to))
    except Resolver404:
        return None
    return _FOR.get(unwrap(page.func))


def _address(to: str) -> str:
    """A page of the holder's own that asks for a key."""
    return reverse("activation_holder:overview") + to
