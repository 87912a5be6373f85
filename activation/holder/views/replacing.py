"""The page that replaces a key by one with another phone, number or address."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.debug import (
    sensitive_post_parameters,
    sensitive_variables,
)
from django.views.decorators.http import require_http_methods

from activation.enums import KeyKind, SignInFor
from activation.exceptions import ActivationError, KindSwitchedOffError, sentence
from activation.holder import own_keys
from activation.holder.forms import DestinationForm
from activation.holder.sessions import session
from activation.holder.views import overview, proving
from activation.models import DigitalKey, KeyHolder
from activation.web import pages
from activation.web.form_base import PageForm


@sensitive_post_parameters("mobile", "email")
@require_http_methods(["GET", "HEAD", "POST"])
@session.for_holder
@proving.needs_key(SignInFor.REPLACE_KEY)
@overview.for_key
@sensitive_variables()
def replace_key(
    request: HttpRequest, holder: KeyHolder, old: DigitalKey
) -> HttpResponse:
    """Set up a key that replaces `old`, which works until the new one is confirmed."""
    if old.kind not in own_keys.kinds_of(holder.dossier.office):
        messages.warning(request, str(KindSwitchedOffError()))
        return pages.see_other("activation_holder:overview")
    form = _form(request, holder, old)
    if form.is_valid():
        try:
            key = own_keys.set_up_key(
                holder=holder,
                kind=KeyKind(old.kind),
                destination=form.destination
                if isinstance(form, DestinationForm)
                else "",
                replaces=old,
                own=session.new_app_id(request),
                at=timezone.now(),
            )
        except ActivationError as error:
            refusal = sentence(error, button=_("Go on"))
            form.add_error(next(iter(form.fields), None), refusal)
        else:
            session.set_new_key(request, key)
            return pages.see_other("activation_holder:confirm_new_key")
    return _show(request, holder, old, form)


@sensitive_variables()
def _form(
    request: HttpRequest, holder: KeyHolder, old: DigitalKey
) -> DestinationForm | PageForm:
    """A form for the new destination; for an app a form without a field.

    The account's address is filled in, unless the old key has that address.
    """
    data = request.POST if request.method == "POST" else None
    if not old.kind_record.has_destination:
        return PageForm(data)
    email = "" if old.destination == holder.email else holder.email
    return DestinationForm(data, kind=KeyKind(old.kind), initial={"email": email})


def _show(
    request: HttpRequest, holder: KeyHolder, old: DigitalKey, form: PageForm
) -> HttpResponse:
    return pages.show(
        request,
        "activation/holder/keys/replace_key.html",
        {
            "form": form,
            "shown": overview.shown_to(holder, old),
            "office": holder.dossier.office,
        },
        status=422 if form.errors else 200,
    )
