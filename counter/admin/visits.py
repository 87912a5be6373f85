"""Visits that made no dossier, what the public wrote, and the domains to ask about."""

from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from counter.desk.enquiries import mark_handled
from counter.email.mail_syntax import MailAddressError, wire_domain
from counter.models import Clerk, Draft, Enquiry, MailDomain, TurnedAway
from counter.roles import rights
from counter.supervision.acting import action
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
    """That a clerk has one; what is in it stays theirs."""

    place = Place(Heading.DOSSIERS, 20)
    leads_to = NOBODY
    list_display = ("clerk", "saved_at")
    fields = ("clerk", "saved_at")

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        clerk = request.user
        if not isinstance(clerk, Clerk):
            raise PermissionDenied
        return Draft.objects.of_office(clerk).kept(timezone.now())


class MailDomainForm(_MailDomainForm):
    """Kept as mail servers know it, so that it is found however it was typed."""

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
    form = MailDomainForm
    list_display = ("domain",)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        # One list for the whole house.
        return MailDomain.objects.all()


@admin.register(Enquiry)
class EnquiryAdmin(HouseAdmin):
    """Read here and answered by mail; what is done with is marked, all of it stays."""

    place = Place(Heading.MESSAGES, 10)
    leads_to = ("pk",)
    list_display = (
        "received_at",
        "kind",
        "page",
        "language",
        "handled_by",
        "handled_at",
    )
    list_select_related = ("handled_by",)
    list_filter = ("kind", ("handled_at", admin.EmptyFieldListFilter))
    parameters = ("handled_at__isempty",)
    actions = ("mark_as_handled",)
    readonly_fields = (
        "office",
        "kind",
        "language",
        "page",
        "name",
        "email",
        "text",
        "received_at",
        "handled_by",
        "handled_at",
    )

    @action(rights.HANDLE_ENQUIRIES, description=_("Mark as handled"))
    def mark_as_handled(
        self, request: HttpRequest, enquiries: models.QuerySet[Any]
    ) -> None:
        by = request.user
        if not isinstance(by, Clerk):
            raise PermissionDenied
        marked = mark_handled(enquiries=enquiries, by=by, at=timezone.now())
        self.message_user(
            request,
            ngettext(
                "%(count)d message is marked as handled.",
                "%(count)d messages are marked as handled.",
                marked,
            )
            % {"count": marked},
        )
