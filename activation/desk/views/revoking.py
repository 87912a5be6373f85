"""The page on which a clerk revokes a key for a holder at the counter who lost it."""

import uuid

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from activation.holder import own_keys
from activation.holder.key_label import described
from activation.models import DigitalKey
from counter.dossiers.document_seen import DocumentSeenForm
from counter.dossiers.find import dossier_for
from counter.exceptions import CounterError
from counter.models import Clerk
from counter.staff.access import for_clerks
from counter.web.form_layout import Row, layout
from counter.web.see_other import SeeOther


class RevokeForm(DocumentSeenForm):
    helper = layout(Row("key"), Row("document_seen"), Row("password"))

    key = forms.TypedChoiceField(
        label=gettext_lazy("Which key is lost?"),
        coerce=uuid.UUID,
        widget=forms.RadioSelect,
    )

    def __init__(
        self,
        data: object = None,
        *,
        request: HttpRequest,
        keys: list[DigitalKey],
    ) -> None:
        super().__init__(data, request=request)
        field = self.fields["key"]
        if isinstance(field, forms.TypedChoiceField):
            field.choices = [(str(key.pk), described(key, keys)) for key in keys]
        if len(keys) == 1:
            self.initial["key"] = str(keys[0].pk)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
@for_clerks
def revoke_lost_key(request: HttpRequest, clerk: Clerk, pk: uuid.UUID) -> HttpResponse:
    """Revoke an active key of the dossier's person; user name and other keys stay."""
    dossier = dossier_for(clerk, pk)
    at = timezone.now()
    rows = DigitalKey.objects.visible_to(clerk).active(at)
    keys = list(rows.filter(holder__applicant=dossier.applicant_id))
    if not keys:
        messages.info(
            request,
            _("This person has no key that works. A new visit gives a new code."),
        )
        return SeeOther("counter_dossiers:dossier", pk)
    posted = request.POST if request.method == "POST" else None
    form = RevokeForm(posted, request=request, keys=keys)
    if not form.is_valid():
        return render(
            request,
            "activation/desk/revoke_lost_key.html",
            {"dossier": dossier, "form": form, "is_last": len(keys) == 1},
            status=422 if form.errors else 200,
        )
    chosen = next(key for key in keys if key.pk == form.cleaned_data["key"])
    try:
        own_keys.revoke_key(
            key=chosen,
            at=at,
            clerk=clerk,
            document_seen=form.cleaned_data["document_seen"],
        )
    except CounterError:
        messages.info(request, _("This key was revoked already."))
    else:
        messages.success(request, _("The key is revoked. It no longer works."))
    return SeeOther("counter_dossiers:dossier", pk)
