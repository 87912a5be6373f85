"""The pages on which a holder adds a key: its kind, its destination, its digits."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
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

from activation.enums import KeyKind, KeyState, Purpose, SignInFor
from activation.exceptions import (
    ActivationError,
    KeyGoneError,
    KindSwitchedOffError,
    TooManyCodesError,
    sentence,
)
from activation.holder import own_keys
from activation.holder.forms import DestinationForm
from activation.holder.sessions import session
from activation.holder.views import proving
from activation.journey import digits_context
from activation.journey.forms.key import DigitsForm, KeyForm
from activation.models import DigitalKey, KeyHolder
from activation.one_time import holder_codes, key_kinds
from activation.web import pages


@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.ADD_KEY)
def add_key(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Ask for the kind of key: app, text message or e-mail, if the office offers it."""
    office = holder.dossier.office
    kinds = own_keys.kinds_of(office)
    form = KeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        kind: KeyKind = form.cleaned_data["kind"]
        if kind not in kinds:
            form.add_error("kind", _("Choose one of these."))
        elif key_kinds.record(kind).has_destination:
            return pages.see_other("activation_holder:add_destination", kind.value)
        else:
            return _set_up(request, holder, form, "kind", kind)
    return _choose(request, holder, form)


def _choose(request: HttpRequest, holder: KeyHolder, form: KeyForm) -> HttpResponse:
    office = holder.dossier.office
    kinds = key_kinds.offered_by(office)
    return pages.show(
        request,
        "activation/holder/keys/add_key.html",
        {
            "form": form,
            "kinds": kinds,
            "chosen": _chosen(request, holder, form, own_keys.kinds_of(office)),
            "office": office,
        },
        status=422 if form.errors else 200,
    )


def _chosen(
    request: HttpRequest, holder: KeyHolder, form: KeyForm, kinds: list[KeyKind]
) -> str:
    """The kind whose radio button is checked.

    The first of these that the office offers: the kind that the form sent, the kind of
    the key that is being set up, or the office's first kind.
    """
    key = own_keys.pending(holder, session.new_key_id(request), at=timezone.now())
    candidates = [form["kind"].value(), key and key.kind, *kinds]
    return next((str(kind) for kind in candidates if kind in kinds), "")


@sensitive_variables()
def _set_up(
    request: HttpRequest,
    holder: KeyHolder,
    form: KeyForm | DestinationForm,
    field: str,
    kind: KeyKind,
) -> HttpResponse:
    """Set up a key and redirect to the page that confirms it, or show the error."""
    destination = form.destination if isinstance(form, DestinationForm) else ""
    try:
        key = own_keys.set_up_key(
            holder=holder,
            kind=kind,
            destination=destination,
            own=session.new_app_id(request),
            at=timezone.now(),
        )
    except ActivationError as error:
        form.add_error(field, sentence(error, button=_("Go on")))
        if isinstance(form, KeyForm):
            return _choose(request, holder, form)
        return _ask_where(request, holder, form, kind)
    session.set_new_key(request, key)
    return pages.see_other("activation_holder:confirm_new_key")


@sensitive_post_parameters("mobile", "email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.ADD_KEY)
@sensitive_variables()
def add_destination(
    request: HttpRequest, holder: KeyHolder, kind: KeyKind
) -> HttpResponse:
    """Ask for the mobile number or the mail address to which the digits are sent."""
    if kind not in own_keys.kinds_of(holder.dossier.office):
        return pages.see_other("activation_holder:add_key")
    message = key_kinds.record(kind).message
    if message is None:
        return pages.see_other("activation_holder:add_key")
    form = DestinationForm(
        request.POST if request.method == "POST" else None,
        kind=kind,
        initial={"email": holder.email},
    )
    if form.is_valid():
        return _set_up(request, holder, form, message.field, kind)
    return _ask_where(request, holder, form, kind)


def _ask_where(
    request: HttpRequest, holder: KeyHolder, form: DestinationForm, kind: KeyKind
) -> HttpResponse:
    return pages.show(
        request,
        "activation/holder/keys/add_destination.html",
        {
            "form": form,
            "message": key_kinds.record(kind).message,
            "office": holder.dossier.office,
        },
        status=422 if form.errors else 200,
    )


@sensitive_post_parameters("digits")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.ADD_KEY)
@sensitive_variables()
def confirm_new_key(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Activate the new key when its six digits are right."""
    form = DigitsForm(request.POST if request.method == "POST" else None)
    valid = form.is_valid()
    named = form.cleaned_data.get("key") if form.is_bound else None
    key = own_keys.pending(
        holder, named or session.new_key_id(request), at=timezone.now()
    )
    if key is None:
        if named:
            messages.info(request, _not_there(holder, named))
        return pages.see_other("activation_holder:overview")
    if valid:
        try:
            own_keys.add_key(
                holder=holder,
                key_id=key.pk,
                typed=form.cleaned_data["digits"],
                at=timezone.now(),
            )
        except KeyGoneError:
            messages.info(request, _gone(holder, key))
            return pages.see_other("activation_holder:overview")
        except KindSwitchedOffError as error:
            messages.warning(request, str(error))
            return pages.see_other("activation_holder:add_key")
        except ActivationError as error:
            refusal = sentence(error, button=_("Send a new code"))
            form.add_error("digits", refusal or str(digits_context.NOT_OF_NOW))
        else:
            return _to_overview(request, holder, key)
    return _show_confirm(request, holder, key, form)


def _gone(holder: KeyHolder, key: DigitalKey) -> str:
    """The text for a new key that can no longer be confirmed.

    Either the key that it should replace has ended, or see `_not_there`.
    """
    if DigitalKey.objects.filter(pk=key.pk, state=KeyState.PENDING).exists():
        return _(
            "The key that you wanted to replace no longer works. Add the new one as a "
            "new key."
        )
    return _not_there(holder, key.pk)


def _not_there(holder: KeyHolder, key_id: uuid.UUID) -> str:
    """The text for a new key that is not being set up any more.

    It was confirmed already, for example in another tab, or it was never confirmed: it
    was deleted when all sessions ended, or an hour has passed.
    """
    keys = DigitalKey.objects.filter(holder=holder, pk=key_id)
    if keys.exclude(activated_at=None).exists():
        return _("This was done already, here or elsewhere.")
    return _("This new key was not added. Add it once more.")


def _to_overview(
    request: HttpRequest, holder: KeyHolder, key: DigitalKey
) -> HttpResponse:
    session.forget_keys(request)
    if key.replaces is None:
        messages.success(request, _("Your new key is active."))
    else:
        session.renew(request, holder)
        messages.success(
            request, _("Your new key is active. The old one no longer works.")
        )
    return pages.see_other("activation_holder:overview")


@sensitive_variables()
def _show_confirm(
    request: HttpRequest, holder: KeyHolder, key: DigitalKey, form: DigitsForm
) -> HttpResponse:
    was_typed = key.pk == session.new_key_id(request)
    context = digits_context.context_of(key, at=timezone.now(), was_typed=was_typed)
    return pages.show(
        request,
        "activation/holder/keys/confirm_new_key.html",
        {"form": form, "key": key, "office": holder.dossier.office, **context},
        status=422 if form.errors else 200,
    )


@require_safe
@session.for_holder
@proving.needs_key(SignInFor.ADD_KEY)
@sensitive_variables()
def new_key_qr(_request: HttpRequest, holder: KeyHolder, pk: uuid.UUID) -> HttpResponse:
    """The QR code of an app that the holder is adding; 404 for any other key."""
    return digits_context.qr_image(own_keys.pending(holder, pk, at=timezone.now()))


@pages.sent_from("activation_holder:confirm_new_key")
@session.for_holder
def new_key_again(request: HttpRequest, holder: KeyHolder) -> HttpResponse:
    """Send new digits for the new key; when a limit is reached, a message says so."""
    form = DigitsForm(request.POST)
    form.is_valid()
    named = form.cleaned_data.get("key")
    key = own_keys.pending(
        holder, named or session.new_key_id(request), at=timezone.now()
    )
    if key is None or not key.kind_record.has_destination:
        return pages.see_other("activation_holder:overview")
    session.set_new_key(request, key)
    try:
        holder_codes.request_code(
            holder=holder, key=key, purpose=Purpose.ACTIVATE, at=timezone.now()
        )
    except TooManyCodesError as error:
        messages.warning(request, error.then_press(_("Send a new code")))
    else:
        messages.success(request, _("We sent you a new code."))
    return pages.see_other("activation_holder:confirm_new_key")
