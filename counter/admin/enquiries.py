"""The admin of messages from the public: who answers them, by when, and the answer."""

import datetime
from typing import TYPE_CHECKING, Any, override
from uuid import UUID

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from counter.desk import as_shown
from counter.enquiries import handling, own_people
from counter.enquiries.forms import AnswerForm, HandledForm, OwnerForm
from counter.enums import EnquiryState
from counter.exceptions import CounterError
from counter.models import Clerk, Enquiry
from counter.roles import matrix, role_rights
from counter.supervision.acting import action
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.menu import Heading, Place
from counter.supervision.visible_rows import VisibleFilter

OPEN = "open"

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

    from counter.querysets import EnquiryQuerySet


class StateFilter(admin.SimpleListFilter):
    """Messages by state: new, taken, late, answered, done without an answer."""

    title = _("state")
    parameter_name = "state"

    @override
    def lookups(
        self, request: HttpRequest, model_admin: Any
    ) -> list[tuple[str, "StrPromise"]]:
        return [(OPEN, _("open")), *((s.value, s.label) for s in EnquiryState)]

    @override
    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        rows: EnquiryQuerySet[Enquiry] = queryset  # type: ignore[assignment]
        if self.value() == OPEN:
            return rows.open()
        wanted = next((s for s in EnquiryState if s.value == self.value()), None)
        if wanted is None:
            return queryset
        return rows.in_state(wanted, at=timezone.now())


def _to_page(enquiry: Enquiry) -> HttpResponse:
    page = reverse("admin:counter_enquiry_change", args=[enquiry.pk])
    return HttpResponseRedirect(page)


def _shown(enquiry: Enquiry) -> list[object]:
    """The state that the page shows, compared before the message gets another owner."""
    return [enquiry.pk, enquiry.owner_id, enquiry.handled_at]


def _refuse_taken(request: HttpRequest, enquiry: Enquiry) -> None:
    """Raise TakenMeanwhileError when a colleague got the message meanwhile."""
    try:
        as_shown.refuse_others(request.POST, _shown(enquiry))
    except as_shown.ChangedMeanwhileError:
        # The service tells who handled it; who took it meanwhile may answer it.
        if enquiry.handled_at is None and enquiry.owner != request.user:
            raise handling.TakenMeanwhileError(enquiry) from None


@admin.register(Enquiry)
class EnquiryAdmin(HouseAdmin):
    """Messages are read, given to a supervisor and answered, but never deleted here."""

    place = Place(Heading.MESSAGES, 10)
    leads_to = ("pk",)
    list_display = (
        "received_at",
        "kind",
        "page",
        "language",
        "owner",
        "state",
        "answer_until",
    )
    list_select_related = ("owner", "handled_by")
    list_filter = (StateFilter, "kind", ("owner", VisibleFilter))
    parameters = (StateFilter.parameter_name,)
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
        "answer_until",
        "owner",
        "answer",
        "handled_by",
        "handled_at",
    )
    fields = readonly_fields
    change_form_template = "admin/counter/enquiry/change_form.html"

    @admin.display(description=_("answer until"), ordering="received_at")
    def answer_until(self, enquiry: Enquiry) -> datetime.date | str:
        return "" if enquiry.handled_at else enquiry.answer_until

    @admin.display(description=_("state"))
    def state(self, enquiry: Enquiry) -> str:
        return str(enquiry.state(timezone.now()).label)

    @override
    def get_urls(self) -> list[URLPattern]:
        own = [
            path(
                f"<uuid:enquiry>/{name}/",
                self.admin_site.admin_view(view),
                name=f"counter_enquiry_{name}",
            )
            for name, view in (
                ("answer", self.answer),
                ("give", self.give),
            )
        ]
        return own + super().get_urls()

    def answer(self, request: HttpRequest, enquiry: UUID) -> HttpResponse:
        """Write the answer, which is sent by mail and settles the message."""
        row, by = self._open(request, enquiry)
        if sentence := own_people.why_not(row, by):
            self.message_user(request, sentence, messages.WARNING)
            return _to_page(row)
        form = AnswerForm(request.POST if request.method == "POST" else None)
        if form.is_valid():
            text = form.cleaned_data["text"]
            try:
                with transaction.atomic():
                    _refuse_taken(request, handling.lock_open(row))
                    handling.answer(enquiry=row, text=text, by=by, at=timezone.now())
            except CounterError as error:
                form.add_error(None, str(error))
            else:
                self.message_user(request, _("Your answer is on its way."))
                return _to_page(row)
        return self._ask(request, row, form, "answer.html", _("Answer"))

    def give(self, request: HttpRequest, enquiry: UUID) -> HttpResponse:
        """Choose which supervisor of the office answers the message."""
        row, by = self._open(request, enquiry)
        form = OwnerForm(
            request.POST if request.method == "POST" else None, enquiry=row
        )
        if form.is_valid():
            return self._given(request, row, form.cleaned_data["owner"], by)
        return self._ask(request, row, form, "give.html", _("Who answers it"))

    @override
    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        by, row = request.user, self.get_object(request, object_id)
        may_handle = matrix.may(by, role_rights.HANDLE_ENQUIRIES)
        why_not = stamp = ""
        if may_handle and isinstance(by, Clerk) and isinstance(row, Enquiry):
            why_not, stamp = own_people.why_not(row, by), as_shown.stamp(_shown(row))
        context = {
            **(extra_context or {}),
            "may_handle": may_handle,
            "why_not": why_not,
            "shown_stamp": stamp,
        }
        return super().change_view(request, object_id, form_url, context)

    def _given(
        self, request: HttpRequest, enquiry: Enquiry, to: Clerk, by: Clerk
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                # Locked, so that of two who take it at once only one does.
                as_shown.refuse_others(
                    request.POST, _shown(handling.lock_open(enquiry))
                )
                handling.give(enquiry=enquiry, to=to, by=by)
        except CounterError as error:
            self.message_user(request, str(error), messages.WARNING)
        else:
            self.message_user(request, _("%(who)s answers it.") % {"who": to})
        return _to_page(enquiry)

    def _open(self, request: HttpRequest, pk: UUID) -> tuple[Enquiry, Clerk]:
        """The message and the signed-in clerk.

        Raises PermissionDenied when the role may not handle messages, and Http404.
        """
        enquiry, by = self.get_object(request, str(pk)), request.user
        if not isinstance(by, Clerk) or not matrix.may(
            by, role_rights.HANDLE_ENQUIRIES
        ):
            raise PermissionDenied
        if not isinstance(enquiry, Enquiry):
            raise Http404
        return enquiry, by

    def _ask(
        self,
        request: HttpRequest,
        enquiry: Enquiry,
        form: Form,
        template: str,
        title: "StrPromise",
    ) -> HttpResponse:
        # Who was told what changed may send the same form again.
        sent = "" if form.non_field_errors() else request.POST.get(as_shown.NAME)
        stamp = sent or as_shown.stamp(_shown(enquiry))
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "enquiry": enquiry,
            "shown_stamp": stamp,
            "form": form,
        }
        name = f"admin/counter/enquiry/{template}"
        status = 422 if form.errors else 200
        return TemplateResponse(request, name, context, status=status)

    @action(role_rights.HANDLE_ENQUIRIES, description=_("Mark as handled"))
    def mark_as_handled(
        self, request: HttpRequest, enquiries: models.QuerySet[Any]
    ) -> HttpResponse | None:
        """Ask why, on a page that lists the chosen messages; then mark them."""
        by, rows = request.user, list(handling.still_open(enquiries))
        if not isinstance(by, Clerk):
            raise PermissionDenied
        if not rows:
            nothing = _("These messages are handled already.")
            self.message_user(request, nothing, messages.WARNING)
            return None
        on_page = [row.pk for row in rows]
        is_answer = as_shown.NAME in request.POST
        form = HandledForm(request.POST if is_answer else None, request=request)
        if not form.is_valid():
            return self._ask_why_handled(request, rows, form, as_shown.stamp(on_page))
        reason, at = form.cleaned_data["reason"], timezone.now()
        try:
            as_shown.refuse_others(request.POST, on_page)
            marked = handling.mark_handled(
                enquiries=enquiries, reason=reason, by=by, at=at
            )
        except CounterError as error:
            self.message_user(request, str(error), messages.WARNING)
            return None
        sentence = ngettext(
            "%(count)d message is marked as handled.",
            "%(count)d messages are marked as handled.",
            marked,
        )
        self.message_user(request, sentence % {"count": marked})
        return None

    def _ask_why_handled(
        self, request: HttpRequest, rows: list[Enquiry], form: HandledForm, stamp: str
    ) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": _("Mark as handled"),
            "opts": self.opts,
            "enquiries": rows,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": request.POST.get("select_across", ""),
            "shown_stamp": request.POST.get(as_shown.NAME) or stamp,
            "form": form,
        }
        page = "admin/counter/enquiry/mark_as_handled.html"
        return TemplateResponse(
            request, page, context, status=422 if form.is_bound else 200
        )
