"""Handles conflicts when two people save the same form of the admin."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.db import IntegrityError, models, transaction
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from counter.exceptions import is_unique_violation
from counter.supervision import shown_values
from counter.supervision.shown_values import Formset, Hashes, ShownValues

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

_SAVES = frozenset({"_save", "_continue", "_addanother"})


class AsShown(_ModelAdmin):
    """Saves a form only if its row and the rows below still are what the form showed.

    Otherwise the form is shown again with today's values, a sentence for each change,
    and what the reader had typed; the reader may save that. Each page has a stamp of
    what it shows (tests/counter/supervision/test_as_shown.py). A form that was sent
    without a stamp is not compared.
    """

    #: The message when values that were shown can no longer be changed. If it is empty,
    #: the message names the fields.
    locked: "StrOrPromise" = ""

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        args = (object_id, form_url, extra_context)
        page = super().changeform_view
        if request.method != "POST" or object_id is None or _is_action(request):
            return page(request, *args)
        row = self.get_object(request, unquote(object_id))
        # Locking a row needs the database's right to change it.
        if row is None or not self.has_change_permission(request, row):
            return page(request, *args)
        with transaction.atomic():
            self._lock(row)
            now = _as_read(request, lambda: page(request, *args))
            return _outdated(request, now, self.locked) or page(request, *args)

    def _lock(self, row: models.Model) -> None:
        """Lock the row: when two save at once, the second waits and then sees the
        change of the first.
        """
        rows = self.model._meta.base_manager.select_for_update(
            of=("self",), no_key=True
        )
        rows.filter(pk=row.pk).first()

    @override
    def render_change_form(
        self,
        request: HttpRequest,
        context: dict[str, Any],
        add: bool = False,
        change: bool = False,
        form_url: str = "",
        obj: Any = None,
    ) -> Any:
        """Add the stamp of what the page shows."""
        if change and obj is not None and self.has_change_permission(request, obj):
            form = context["adminform"].form
            shown = shown_values.of_page(obj, form, _formsets(context))
            context = {**context, "shown": shown, "shown_stamp": shown.stamp()}
        return super().render_change_form(request, context, add, change, form_url, obj)


class SavedAtOnce(AsShown):
    """Shows an error to the second of two who save the same unique value at once."""

    @override
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form; when a unique constraint refuses it, check it again.

        Both forms were valid when they were checked. The second check finds the other
        row, and shows the error at the field, with all that was typed.
        """
        page = super().changeform_view
        try:
            return page(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            if not is_unique_violation(error):
                raise
        return page(request, object_id, form_url, extra_context)


def _is_action(request: HttpRequest) -> bool:
    """Whether the request is an action on the row and not a save, by Django's rule."""
    prefix = admin.ActionLocation.CHANGE_FORM.value
    return f"{prefix}-action" in request.POST and not _SAVES & set(request.POST)


def _as_read(request: HttpRequest, page: Callable[[], HttpResponse]) -> HttpResponse:
    """The page as a GET request gets it now, although this request is a POST."""
    request.method = "GET"
    try:
        return page()
    finally:
        request.method = "POST"


def _formsets(context: dict[str, Any]) -> list[Formset]:
    """The formsets of the inlines that the reader may change."""
    return [
        below.formset
        for below in context["inline_admin_formsets"]
        if below.has_change_permission
    ]


def _outdated(
    request: HttpRequest, now: HttpResponse, locked: "StrOrPromise"
) -> TemplateResponse | None:
    """The page with what was typed and what changed meanwhile; None if nothing did."""
    context = getattr(now, "context_data", None) or {}
    shown = context.get("shown")
    if not isinstance(now, TemplateResponse) or not isinstance(shown, ShownValues):
        return None
    stamp = request.POST.get(shown_values.NAME)
    was = shown if stamp is None else shown_values.read(stamp)
    if was == shown:
        return None
    # A stamp of another row, or an invalid one, tells nothing about this row.
    known = (
        was if was is not None and was.row == shown.row else ShownValues(shown.row, {})
    )
    form, formsets = context["adminform"].form, _formsets(context)
    changes = _locked(context["original"], form, known, locked)
    changes += _told(request, context["original"], form, formsets, known)
    context["meanwhile"] = changes
    shown_values.keep(form, request.POST, known.values)
    for formset in formsets:
        below = known.below.get(str(formset.prefix), {})
        shown_values.keep_below(formset, request.POST, below)
    return now


def _locked(
    row: models.Model, form: BaseForm, was: ShownValues, locked: "StrOrPromise"
) -> list[str]:
    """A message when fields that the page showed can no longer be changed."""
    from counter.journal import change_words  # noqa: PLC0415 (needs the models)

    names = was.values.keys() - shown_values.hashes(form).keys()
    if not names:
        return []
    fields = [
        change_words.label(type(row), name) for name in was.values if name in names
    ]
    words = locked or _("This can no longer be changed: %(fields)s.") % {
        "fields": ", ".join(map(str, fields))
    }
    return [str(words)]


def _told(
    request: HttpRequest,
    row: models.Model,
    form: BaseForm,
    formsets: list[Formset],
    was: ShownValues,
) -> list[str]:
    """A sentence for each change since the page was shown."""
    from counter.journal import last_changes  # noqa: PLC0415 (needs the models)

    if not was.values:
        return []
    reader = request.user
    names = _differing(was.values, shown_values.hashes(form))
    names = [name for name in names if name in form.fields]
    changes = last_changes.of_fields(row, names, reader=reader)
    for formset in formsets:
        below = was.below.get(str(formset.prefix), {})
        there = {str(one.instance.pk): one for one in formset.initial_forms}
        for pk, one in there.items():
            if pk not in below:
                changes.append(last_changes.of_new(one.instance, reader=reader))
                continue
            names = _differing(below[pk], shown_values.hashes(one))
            changes += last_changes.of_fields(
                one.instance, names, reader=reader, is_named=True
            )
        removed = below.keys() - there.keys()
        changes += last_changes.of_gone(
            formset.get_queryset().model, removed, reader=reader
        )
    return changes


def _differing(was: Hashes, now: Hashes) -> list[str]:
    """The names of fields with different hashes, or that only one of the two has."""
    return [name for name in was | now if was.get(name) != now.get(name)]
