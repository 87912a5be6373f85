"""A person's rights: a file with all their data, and erasing what the law allows."""

from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.debug import sensitive_variables

from counter.admin.holds import clerk_who_may
from counter.backups import keeping
from counter.enums import PageLanguage
from counter.exceptions import CounterError
from counter.models import Applicant, Clerk, Dossier
from counter.retention import registry
from counter.retention.reasons import ErasureReason, ExportReason
from counter.rights import erasing, exporting, writing
from counter.rights.exporting import Export
from counter.roles.role_rights import ERASE_DATA, HAND_OVER_DATA
from counter.sign_in import screen_lock
from counter.supervision.house_admin import HouseAdmin

_FORMATS: Final = {
    "pdf": ("application/pdf", writing.as_pdf),
    "json": ("application/json; charset=utf-8", writing.as_json),
}


class ExportForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is it put together?"),
        choices=ExportReason,
        coerce=ExportReason,
    )
    language = forms.TypedChoiceField(
        label=gettext_lazy("Language of the person"),
        choices=PageLanguage,
        coerce=PageLanguage,
    )
    form = forms.ChoiceField(
        label=gettext_lazy("As"),
        choices=(
            ("pdf", gettext_lazy("paper to read (PDF)")),
            ("json", gettext_lazy("file for a computer (JSON)")),
        ),
    )


class ErasureForm(forms.Form):
    reason = forms.TypedChoiceField(
        label=gettext_lazy("Why is it erased?"),
        choices=ErasureReason,
        coerce=ErasureReason,
    )


@sensitive_variables()
def export_data(
    house: HouseAdmin, request: HttpRequest, person: Applicant
) -> HttpResponse:
    """Show the form, or answer with the file; the server does not store the file."""
    clerk = clerk_who_may(request, HAND_OVER_DATA)
    if asked := screen_lock.ask_who_is_there(request):
        return asked
    usual = {"language": exporting.language_of(person), "form": "pdf"}
    form = ExportForm(request.POST if request.method == "POST" else None, initial=usual)
    if not form.is_valid():
        title = _("All data of this person")
        return _show(house, request, clerk, person, "export_data", title, form=form)
    typed = form.cleaned_data
    try:
        export = exporting.export(
            person=person,
            clerk=clerk,
            reason=typed["reason"],
            language=typed["language"],
            at=timezone.now(),
        )
    except CounterError as error:
        return _back(house, request, person, str(error), level=messages.ERROR)
    return _file(export, typed["form"])


@sensitive_variables()
def _file(export: Export, form: str) -> HttpResponse:
    content_type, write = _FORMATS[form]
    response = HttpResponse(write(export), content_type=content_type)
    name = f"gegevens-{str(export.person.pk)[:8]}.{form}"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


def erase_data(
    house: HouseAdmin, request: HttpRequest, person: Applicant
) -> HttpResponse:
    """Show what can be erased and what must stay, with the reasons; then erase it."""
    clerk = clerk_who_may(request, ERASE_DATA)
    if asked := screen_lock.ask_who_is_there(request):
        return asked
    at = timezone.now()
    form = ErasureForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        lines = erasing.verdicts(person, at=at)
        return _show(
            house,
            request,
            clerk,
            person,
            "erase_data",
            _("Erase data of this person"),
            form=form,
            lines=lines,
            goes=sum(line.goes for line in lines),
            closes=sum(line.closes for line in lines),
            kept=registry.kept_of_the_public(),
            in_backups=keeping.in_backups(),
        )
    reason = form.cleaned_data["reason"]
    try:
        erased = erasing.erase(person=person, clerk=clerk, reason=reason, at=at)
    except CounterError as error:
        return _back(house, request, person, str(error), level=messages.ERROR)
    sentence = ngettext(
        "%(count)d row was erased.", "%(count)d rows were erased.", erased
    )
    return _back(house, request, person, sentence % {"count": erased})


def _show(
    house: HouseAdmin,
    request: HttpRequest,
    clerk: Clerk,
    person: Applicant,
    page: str,
    title: str,
    *,
    form: forms.Form,
    **extra: Any,
) -> TemplateResponse:
    visits = Dossier.objects.visible_to(clerk)
    context = house.admin_site.each_context(request) | {
        "title": title,
        "opts": Applicant._meta,
        "person": person,
        "visits": visits.filter(applicant=person).order_by("-recorded_at"),
        "form": form,
        **extra,
    }
    status = 422 if form.errors else 200
    template = f"admin/counter/applicant/{page}.html"
    return TemplateResponse(request, template, context, status=status)


def _back(
    house: HouseAdmin,
    request: HttpRequest,
    person: Applicant,
    sentence: str,
    level: int = messages.INFO,
) -> HttpResponse:
    """Redirect to the person's page, or to the list when the person was removed."""
    house.message_user(request, sentence, level=level)
    if house.get_queryset(request).filter(pk=person.pk).exists():
        page = reverse("admin:counter_applicant_change", args=[person.pk])
    else:
        page = reverse("admin:counter_applicant_changelist")
    return HttpResponseRedirect(page)
