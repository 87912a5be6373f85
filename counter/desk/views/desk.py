"""The desk: one field to start from, today's visits, what needs attention."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from counter.desk.pages import show_desk
from counter.desk.search_form import SearchForm
from counter.models import Clerk
from counter.staff.access import for_clerks


@require_safe
@for_clerks
def desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    return show_desk(request, clerk, SearchForm())
