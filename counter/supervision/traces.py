"""Records in the journal who looked at whom on pages of the admin, and when.

Each admin has to say how its rows lead to a person (counter.supervision.site). The site
wraps every view of an admin in `traced`, so a new view is recorded too.
"""

from collections.abc import Callable, Sequence
from functools import wraps
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Final, override
from urllib.parse import urlencode

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from counter.roles import matrix
from counter.supervision import own_people

if TYPE_CHECKING:
    _ModelAdmin = admin.ModelAdmin[Any]
else:
    _ModelAdmin = admin.ModelAdmin

#: `leads_to` of an admin whose rows tell nothing about an applicant or a sender.
NOBODY: tuple[str, ...] = ()
#: A form that is shown again because of an error has the person on it too.
_WITH_PEOPLE: Final = (HTTPStatus.OK, HTTPStatus.UNPROCESSABLE_ENTITY)


def traced(view: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap a view of an admin.

    Before the view, acts on the reader's own people are stopped. Before its page is
    sent, the people that it shows are recorded.
    """
    house = getattr(view, "__self__", None)
    if not isinstance(house, TracedAdmin):
        return view

    @wraps(view)
    def noting(request: HttpRequest, /, *args: Any, **kwargs: Any) -> HttpResponseBase:
        key = next(iter((*args, *kwargs.values())), None)
        if house.leads_to and (elsewhere := own_people.stop(house, request, key)):
            return elsewhere
        response: HttpResponseBase = view(request, *args, **kwargs)
        if response.status_code in _WITH_PEOPLE:
            house.note_page(request, response, key)
        return response

    return noting


class TracedAdmin(_ModelAdmin):
    """An admin that says how its rows lead to a person, and records who looked."""

    #: The lookups from a row to a dossier, an applicant or a message from the public;
    #: "pk" is the row itself. NOBODY when a row tells nothing about any of them. The
    #: site refuses an admin in which this is None.
    leads_to: tuple[str, ...] | None = None

    def note_page(
        self, request: HttpRequest, response: HttpResponseBase, key: object
    ) -> None:
        """Record in the journal the people on the page that is about to be sent.

        `key` is the key of the row in the URL. A page without one is a list, or shows
        nobody.
        """
        # Not imported above: this module is loaded before the models.
        from counter.journal import looks  # noqa: PLC0415
        from counter.models import Clerk  # noqa: PLC0415

        clerk = request.user
        if not self.leads_to or not isinstance(clerk, Clerk):
            return

        context = getattr(response, "context_data", None) or {}
        if "cl" in context:
            rows = list(context["cl"].result_list)
            looks.note_list(
                self.model,
                count=len(rows),
                people=self.people_of(rows, up_to=2),
                clerk=clerk,
                at=timezone.now(),
            )
        elif key is not None and (row := self.get_object(request, unquote(str(key)))):
            for person in self.people_of([row]):
                looks.note(person, clerk=clerk, at=timezone.now())

    def people_of(
        self, rows: Sequence[models.Model], *, up_to: int | None = None
    ) -> list[Any]:
        """The people that these rows are about, each once, by `leads_to`."""
        everybody: list[Any] = []
        keys = [row.pk for row in rows]
        for lookup in self.leads_to or ():
            model = model_at(self.model, lookup)
            there = self.model._default_manager.filter(pk__in=keys)
            people = there.order_by().values_list(lookup).distinct()
            everybody += model._default_manager.filter(pk__in=people)[:up_to]
        return everybody[:up_to]

    @override
    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Redirect to the journal of the row.

        Django's own history can be changed, and has only what was done in the admin.
        """
        from counter.models import JournalEntry  # noqa: PLC0415
        from counter.models.journal import subject_of  # noqa: PLC0415

        reads = matrix.may_rows(request.user, "view", JournalEntry)
        if not reads or not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(  # type: ignore[attr-defined,no-any-return]
                request, self.opts, object_id
            )
        about = next(iter(self.people_of([row])), row)
        journal = reverse("admin:counter_journalentry_changelist")
        query = urlencode({"about": subject_of(about)})
        return HttpResponseRedirect(f"{journal}?{query}")


def model_at(model: type[models.Model], lookup: str) -> type[models.Model]:
    """The model that a lookup leads to from this one."""
    for name in lookup.split("__"):
        if name != "pk":
            related = model._meta.get_field(name).related_model
            if not isinstance(related, type):
                raise ImproperlyConfigured(f"{name} leads to no model.")
            model = related
    return model
