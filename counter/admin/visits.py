"""The admins of visits without a dossier, of drafts, and of domains to ask about."""

from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from counter.email.mail_syntax import MailAddressError, wire_domain
from counter.models import Clerk, Draft, MailDomain, TurnedAway
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.menu import Heading, Place
from counter.supervision.traces import NOBODY

if TYPE_CHECKING:
    _MailDomainForm = forms.ModelForm[MailDomain]
else:
    _MailDomainForm = forms.ModelForm


@admin.register(TurnedAway)
class TurnedAwayAdmin(HouseAdmin):
    place = Place(Heading.DOSSIERS, 40)
    leads_to = NOBODY
    list_display = ("at", "outcome", "why", "clerk")
    list_filter = ("outcome", "at")
    fields = ("office", "clerk", "at", "outcome", "why")
    readonly_fields = ("why",)

    @admin.display(description=_("reason"))
    def why(self, visit: TurnedAway) -> str:
        return visit.reason_label


@admin.register(Draft)
class DraftAdmin(HouseAdmin):
    """Shows that a clerk has a draft; only the clerk can read it."""

    place = Place(Heading.DOSSIERS, 20)
    leads_to = NOBODY
    list_display = ("clerk", "saved_at")
    fields = ("clerk", "saved_at")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        clerk = request.user
        if not isinstance(clerk, Clerk):
            raise PermissionDenied
        return Draft.objects.supervised_by(clerk).kept(timezone.now())


class MailDomainForm(_MailDomainForm):
    """A mail domain, stored in its ASCII form, so that all spellings are found."""

    class Meta:
        model = MailDomain
        fields = ("domain",)

    def clean_domain(self) -> str:
        typed: str = self.cleaned_data["domain"]
        try:
            return wire_domain(typed.rpartition("@")[2].strip())
        except MailAddressError as error:
            raise ValidationError(str(error), code=error.code) from None


@admin.register(MailDomain)
class MailDomainAdmin(HouseAdmin):
    place = Place(Heading.OFFICE, 50)
    leads_to = NOBODY
    is_short = True
    form = MailDomainForm
    list_display = ("domain",)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # All offices share one list.
        return MailDomain.objects.all()
