"""The admin of legal holds: while one is in force, nothing of a dossier is removed."""

import uuid
from typing import TYPE_CHECKING, Any, override

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from counter.desk import as_shown
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, LegalHold
from counter.retention import holds
from counter.retention.reasons import HoldReason, LiftReason
from counter.roles import matrix
from counter.roles.kinds import Act
from counter.roles.role_rights import KEEP_ON_HOLD
from counter.sign_in import screen_lock
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.menu import Heading, Place
from counter.web.form_fields import TypedDateField

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class HoldForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why may nothing be removed?"),
        choices=HoldReason,
        coerce=HoldReason,
    )
    until = TypedDateField(
        label=gettext_lazy("Last day of the hold"),
        help_text=gettext_lazy("After this day the retention periods apply again."),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )


class LiftForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is the hold not needed any more?"),
        # LAST_DAY is for the nightly task, which lifts holds that have ended.
        choices=[(one, one.label) for one in LiftReason if one != LiftReason.LAST_DAY],
        coerce=LiftReason,
    )


class LiftedFilter(admin.SimpleListFilter):
    """The holds that somebody lifted, or the others."""

    title = gettext_lazy("lifted")
    parameter_name = "lifted"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> "list[tuple[str, StrPromise]]":
        return [("no", gettext_lazy("not lifted")), ("yes", gettext_lazy("lifted"))]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() not in ("yes", "no"):
            return queryset
        return queryset.filter(lifted_at__isnull=self.value() == "no")


@admin.register(LegalHold)
class LegalHoldAdmin(HouseAdmin):
    """Holds, set on a dossier's page and lifted here. The journal has the reasons."""

    leads_to = ("dossier",)
    place = Place(Heading.DOSSIERS, 70)
    list_display = ("reference", "reason", "set_at", "until", "stands")
    list_filter = ("reason", LiftedFilter)
    parameters = (LiftedFilter.parameter_name,)
    list_select_related = ("dossier",)
    fields = (
        "dossier",
        "reason",
        "set_by",
        "set_at",
        "until",
        "lifted_by",
        "lifted_at",
        "lift_reason",
    )

    @override
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                "<uuid:hold_id>/lift/",
                self.admin_site.admin_view(self.lift),
                name="counter_legalhold_lift",
            ),
        ]
        return [*own, *super().get_urls()]

    @admin.display(description=gettext_lazy("reference"))
    def reference(self, hold: LegalHold) -> str:
        return hold.dossier.reference

    @admin.display(description=gettext_lazy("in force"), boolean=True)
    def stands(self, hold: LegalHold) -> bool:
        return hold.lifted_at is None and hold.until >= timezone.localdate()

    def lift(self, request: HttpRequest, hold_id: uuid.UUID) -> HttpResponse:
        """End a hold; from tonight on the retention periods apply again."""
        clerk = clerk_who_may(request, KEEP_ON_HOLD)
        hold = self.get_object(request, str(hold_id))
        if not isinstance(hold, LegalHold):
            raise Http404
        form = LiftForm(request.POST if request.method == "POST" else None)
        if asked := screen_lock.ask_who_is_there(request):
            return asked
        if not form.is_valid():
            title = _("Lift the hold on dossier %(reference)s")
            named = title % {"reference": hold.dossier.reference}
            return ask_why(
                self, request, form, hold.dossier, named, button=_("Lift the hold")
            )
        try:
            holds.lift_hold(
                hold=hold, clerk=clerk, at=timezone.now(), **form.cleaned_data
            )
            self.message_user(request, _("The retention periods go on from tonight."))
        except CounterError as error:
            self.message_user(request, str(error), level=messages.ERROR)
        page = reverse("admin:counter_dossier_change", args=[hold.dossier_id])
        return HttpResponseRedirect(page)


def clerk_who_may(request: HttpRequest, act: Act) -> Clerk:
    """The signed-in clerk. Raises PermissionDenied when the role may not do `act`."""
    if not isinstance(request.user, Clerk) or not matrix.may(request.user, act):
        raise PermissionDenied
    return request.user


def ask_why(
    house: HouseAdmin,
    request: HttpRequest,
    form: forms.Form,
    dossier: Dossier,
    title: str,
    *,
    button: str,
    stamp: str = "",
) -> TemplateResponse:
    """The page that asks for the reason of an act on a dossier."""
    context: dict[str, Any] = house.admin_site.each_context(request) | {
        "title": title,
        "opts": Dossier._meta,
        "dossier": dossier,
        "form": form,
        "button": button,
        "shown_stamp": stamp,
    }
    status = 422 if form.errors else 200
    return TemplateResponse(
        request, "admin/counter/ask_why.html", context, status=status
    )


def set_hold(house: HouseAdmin, request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Ask for a reason and a last day; then set a hold on dossier and person."""
    clerk = clerk_who_may(request, KEEP_ON_HOLD)
    form = HoldForm(request.POST if request.method == "POST" else None)
    if asked := screen_lock.ask_who_is_there(request):
        return asked
    # All holds, also those lifted: one may have been set and lifted since the page was
    # shown.
    holds_shown = dossier.holds.order_by("pk").values_list("pk", "lifted_at")
    on_page = [dossier.pk, dossier.state, dossier.anonymised_at, *holds_shown]
    if not form.is_valid():
        title = _("Put a hold on dossier %(reference)s")
        named = title % {"reference": dossier.reference}
        stamp = request.POST.get(as_shown.NAME) or as_shown.stamp(on_page)
        button = _("Set the hold")
        return ask_why(house, request, form, dossier, named, button=button, stamp=stamp)
    try:
        as_shown.refuse_others(request.POST, on_page)
        holds.set_hold(
            dossier=dossier, clerk=clerk, at=timezone.now(), **form.cleaned_data
        )
        house.message_user(request, _("Nothing of this dossier will be removed."))
    except CounterError as error:
        house.message_user(request, str(error), level=messages.ERROR)
    page = reverse("admin:counter_dossier_change", args=[dossier.pk])
    return HttpResponseRedirect(page)
