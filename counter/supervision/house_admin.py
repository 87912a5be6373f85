"""The base class of all admins: only visible rows, and a record of who looked."""

import uuid
from typing import TYPE_CHECKING, Any, override

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from counter.desk import registry
from counter.identity.typed_digits import without_separators
from counter.roles import matrix
from counter.supervision.acting import Acting
from counter.supervision.filters import DaysFilter, days_lookups, is_too_far_off
from counter.supervision.keyset import KeysetList
from counter.supervision.menu import Place
from counter.supervision.plain_links import PlainLinks
from counter.supervision.saved_at_once import SavedAtOnce
from counter.supervision.traces import TracedAdmin
from counter.supervision.visible_rows import visible

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

    _ModelAdmin = admin.ModelAdmin[Any]
    _Inline = admin.TabularInline[Any, Any]
    _Paginator = Paginator[models.Model]
else:
    _ModelAdmin = admin.ModelAdmin
    _Inline = admin.TabularInline
    _Paginator = Paginator

#: Shown instead of an encrypted value that cannot be decrypted.
UNREADABLE = "—"


_UUID_DIGITS = 32


class BoundedPaginator(_Paginator):
    """A paginator that ends at `reach` rows.

    count(*) over ten million rows takes half a second, and a far OFFSET takes longer
    (docs/performance.md#what-is-slow-at-ten-million-rows). Older rows are found with
    the filters.
    """

    reach = 5_000

    @cached_property
    def count(self) -> int:
        rows = self.object_list
        if not isinstance(rows, models.QuerySet):
            raise TypeError("Only querysets are listed here.")
        return rows.order_by()[: self.reach].count()


# ruff: disable[ARG002]
class _ByRole:
    """Permissions by the matrix of roles (counter.roles), the same for each row.

    An admin may allow less for some rows: it calls these methods first. It must not
    allow more than the page of the matrix shows: `tests/counter/roles/` compares them.
    """

    model: type[models.Model]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return matrix.may_rows(request.user, "view", self.model)

    def has_view_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "view", self.model)

    def has_add_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "add", self.model)

    def has_change_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "change", self.model)

    def has_delete_permission(
        self, request: HttpRequest, obj: models.Model | None = None
    ) -> bool:
        return matrix.may_rows(request.user, "delete", self.model)


# ruff: enable[ARG002]


def _as_at_the_desk(field: "models.Field[Any, Any]") -> dict[str, Any]:
    """Arguments for the form field, to read dates and e-mail as at the desk."""
    # This module is loaded before the models, which form_fields needs.
    from counter.supervision.form_fields import field_arguments  # noqa: PLC0415

    return field_arguments(field)


class HouseAdmin(TracedAdmin, SavedAtOnce, Acting, PlainLinks, _ByRole, _ModelAdmin):
    """The base class of all admins: visible rows only, no full count, no free search.

    A URL must not name a person. So a lookup in the query string is refused unless it
    belongs to a filter of the page. Django would allow a lookup on any column; with it
    somebody could also find out a password's hash letter by letter.
    """

    actions: tuple[str, ...] | None = None
    show_full_result_count = False
    #: Facets count the rows of each choice of a filter, which reads the whole table.
    show_facets = admin.ShowFacets.NEVER
    paginator = BoundedPaginator
    #: True when the table will never have more than a few dozen rows. Such a list can
    #: be sorted by its columns. The pages of all others are those of
    #: counter.supervision.keyset.
    is_short = False
    list_per_page = 50
    list_max_show_all = 50
    save_on_top = False
    #: The plural under a list, when the model's plural name does not fit there.
    rows_called: "StrOrPromise" = ""
    #: The admin's place in the menu; the site refuses an admin without one.
    place: Place | None = None
    #: Query parameters of this page's own filters.
    parameters: tuple[str, ...] = ()

    @override
    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> Any:
        return (
            super().get_changelist(request, **kwargs) if self.is_short else KeysetList
        )

    @override
    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """The columns; "office" only for a reader who sees every office."""
        columns = tuple(map(str, super().get_list_display(request)))
        is_above = getattr(request.user, "sees_every_office", False)
        return columns if is_above else tuple(c for c in columns if c != "office")

    @override
    def get_sortable_by(self, request: HttpRequest) -> Any:
        return super().get_sortable_by(request) if self.is_short else ()

    @override
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the list; redirect a URL with wrong parameters to the whole list.

        Django redirects such a URL to one with an error flag. When that has wrong
        parameters again, it would show a page about a broken database. Here the flag
        leads to the whole list, with a message.
        """
        if ERROR_FLAG in request.GET:
            text = _("This list does not know what the address asked for. Here is all.")
            self.message_user(request, text, level=messages.WARNING)
            return HttpResponseRedirect(request.path)
        extra = {"title": capfirst(self.opts.verbose_name_plural)}
        return super().changelist_view(request, extra | (extra_context or {}))

    @override
    def get_changelist_instance(self, request: HttpRequest) -> Any:
        # PostgreSQL refuses NUL and far offsets, and Django's filters pass them on.
        values = [value for name in request.GET for value in request.GET.getlist(name)]
        if any("\0" in value or is_too_far_off(value) for value in values):
            raise IncorrectLookupParameters
        return super().get_changelist_instance(request)

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return visible(self.model, request).order_by(*self.get_ordering(request))

    def no_such_row(self, request: HttpRequest, key: str) -> HttpResponse:
        """Redirect with a message when the row does not exist for this reader."""
        redirect = self._get_obj_does_not_exist_redirect  # type: ignore[attr-defined]
        answer: HttpResponse = redirect(request, self.opts, key)
        return answer

    @override
    def get_inlines(
        self, request: HttpRequest, obj: models.Model | None
    ) -> tuple[type[_Inline], ...]:
        """The inlines: first those that other apps register, then the admin's own."""
        return (*registry.inlines_under(self.model), *self.inlines)

    @override
    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        return tuple(map(str, self.ordering or self.model._meta.ordering or ("pk",)))

    @override
    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs |= _as_at_the_desk(db_field)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    @override
    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = visible(db_field.related_model, request)
        if db_field.related_model._meta.label_lower == "counter.office":
            kwargs.setdefault("initial", getattr(request.user, "office_id", None))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup in self.lookups_of_filters(request)

    def lookups_of_filters(self, request: HttpRequest) -> set[str]:
        """The lookups that the filters of this page put into links."""
        lookups = set(self.parameters)
        for entry in self.get_list_filter(request):
            name, kind = entry if isinstance(entry, (list, tuple)) else (entry, None)
            if not isinstance(name, str):
                continue
            if kind is DaysFilter:
                lookups |= {*days_lookups(name)}
            lookups |= {
                f"{name}__{tail}"
                for tail in ("exact", "id__exact", "isnull", "gte", "lt")
            }
        return lookups


class ReferenceSearch(HouseAdmin):
    """Searches only by a dossier's reference, which is the beginning of its id.

    The search term is in the URL, so it must tell nothing about a person. Dossiers are
    listed in the order of their model, for which each office has an index.
    """

    search_fields = ("pk",)
    search_help_text = _("A dossier's reference: 8 characters.")
    #: The lookup of the dossier's id from this model.
    dossier_id = "dossier_id"

    @override
    def get_search_results(
        self, request: HttpRequest, queryset: models.QuerySet[Any], search_term: str
    ) -> tuple[models.QuerySet[Any], bool]:
        typed = without_separators(search_term)
        if not typed:
            return queryset, False
        try:
            first = uuid.UUID(typed[:_UUID_DIGITS].ljust(_UUID_DIGITS, "0"))
            last = uuid.UUID(typed[:_UUID_DIGITS].ljust(_UUID_DIGITS, "f"))
        except ValueError:
            return queryset.none(), False
        bounds = {f"{self.dossier_id}__gte": first, f"{self.dossier_id}__lte": last}
        return queryset.filter(**bounds), False


class HouseInline(PlainLinks, _ByRole, _Inline):
    """Rows that are shown below another one. They cannot be deleted there."""

    extra = 0
    can_delete = False
    show_change_link = True

    @override
    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Label the field for screen readers, as its column's heading is no label."""
        kwargs |= _as_at_the_desk(db_field)
        field: Any = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:
            widget = getattr(field.widget, "widget", field.widget)
            widget.attrs.setdefault("aria-label", capfirst(field.label))
        return field

    @override
    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Any]:
        return visible(self.model, request)
