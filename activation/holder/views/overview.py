"""The pages on which a holder sees, renames and revokes keys.

replacing.py has the page that replaces a key.
"""

import uuid
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import (
    require_http_methods,
    require_safe,
)

from activation.enums import Purpose, SignInFor
from activation.exceptions import KeyGoneError
from activation.holder import own_keys, proving
from activation.holder.forms import RenameForm
from activation.holder.key_label import ShownKey, shown_key
from activation.holder.paper import recovery_codes
from activation.holder.sessions import proof, session
from activation.journey.forms.key import DigitsForm
from activation.models import DigitalKey, KeyHolder
from activation.web import pages

_REVOKE = proof.Reason(Purpose.CONFIRM, SignInFor.REVOKE_KEY)


@require_safe
@session.for_holder
@sensitive_variables()
def overview(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Show the holder's keys, and what the holder can do with them."""
    at = timezone.now()
    keys = list(proving.keys_of(holder, at=at))
    session.forget_keys(request)
    return pages.show(
        request,
        "activation/holder/overview.html",
        {
            "holder": holder,
            "keys": [shown_key(key, among=keys) for key in keys],
            "kinds": [kind.value for kind in own_keys.kinds_of(holder.dossier.office)],
            "may_add": len(keys) < own_keys.MOST_KEYS,
            "most_keys": own_keys.most_keys(),
            "is_only_one": len(keys) == 1,
            "sheet": recovery_codes.sheet_of(holder),
            "has_time": session.has_shown_key(request, at=at),
            "time_until": session.key_counts_until(request),
            "office": holder.dossier.office,
        },
    )


def for_key(
    view: Callable[[HttpRequest, KeyHolder, DigitalKey], HttpResponse],
) -> Callable[..., HttpResponse]:
    """Decorate a view that needs an active key of the holder: it gets that key.

    For a key of the holder that has ended it redirects to the overview with a message;
    for a key of another person it raises Http404. Place it below `session.for_holder`.
    """

    @wraps(view)
    def handle(request: HttpRequest, holder: KeyHolder, pk: uuid.UUID) -> HttpResponse:
        active = proving.keys_of(holder, at=timezone.now())
        if key := active.filter(pk=pk).first():
            return view(request, holder, key)
        get_object_or_404(DigitalKey, pk=pk, holder=holder)
        messages.info(request, _("This key no longer works."))
        return pages.see_other("activation_holder:overview")

    return handle


def shown_to(holder: KeyHolder, key: DigitalKey) -> ShownKey:
    return shown_key(key, among=proving.keys_of(holder, at=timezone.now()))


@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@for_key
@sensitive_variables()
def rename_key(
    request: HttpRequest, holder: KeyHolder, key: DigitalKey
) -> HttpResponse:
    form = RenameForm(
        request.POST if request.method == "POST" else None, initial={"name": key.name}
    )
    if form.is_valid():
        name = form.cleaned_data["name"]
        own_keys.rename_key(key=key, name=name, at=timezone.now())
        done = _("The name is saved.") if name else _("This key has no name any more.")
        messages.success(request, done)
        return pages.see_other("activation_holder:overview")
    return pages.show(
        request,
        "activation/holder/keys/rename_key.html",
        {
            "form": form,
            "shown": shown_to(holder, key),
            "office": holder.dossier.office,
        },
        status=422 if form.errors else 200,
    )


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@for_key
@sensitive_variables()
def revoke_key(
    request: HttpRequest, holder: KeyHolder, target: DigitalKey
) -> HttpResponse:
    """Revoke a key, after the holder used an active key; it may be the same one."""
    at = timezone.now()
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key, keys = proof.choose(request, holder, at=at, named=named)
    if key is None:
        raise Http404
    if valid and proof.prove(request, holder, form, key, what_for=_REVOKE, at=at):
        return confirmed(request, holder, target, at=at)
    return pages.show(
        request,
        "activation/holder/keys/revoke_key.html",
        {
            **proof.context(holder, key, keys, form, purpose=Purpose.CONFIRM, at=at),
            "shown": shown_key(target, among=keys),
            "is_last": len(keys) == 1,
            "has_codes": recovery_codes.sheet_of(holder).left > 0,
            "office": holder.dossier.office,
        },
        status=422 if form.errors else 200,
    )


def confirmed(
    request: HttpRequest, holder: KeyHolder, target: DigitalKey, *, at: datetime
) -> HttpResponse:
    """Revoke the key; the holder has used a key or a recovery code to confirm."""
    session.note_key(request, at=at)
    try:
        own_keys.revoke_key(key=target, at=at)
    except KeyGoneError:
        messages.info(request, _("This key was revoked already."))
    else:
        messages.success(request, _("The key is revoked. It no longer works."))
        holder.refresh_from_db(fields=["session_epoch"])
        session.renew(request, holder)
    return pages.see_other("activation_holder:overview")


@pages.sent_from("activation_holder:revoke_key")
@session.for_holder
@for_key
def revoke_send(
    request: HttpRequest, holder: KeyHolder, target: DigitalKey
) -> HttpResponse:
    """Choose the key to confirm with; a message is sent when it needs one."""
    proof.send_chosen(request, holder, purpose=Purpose.CONFIRM, at=timezone.now())
    return pages.see_other("activation_holder:revoke_key", target.pk)
