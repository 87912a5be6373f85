"""The desk page: the search field, today's visits, and what needs attention."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from counter.desk.pages import show_desk
from counter.desk.search_form import SearchForm
from counter.models import Clerk
from counter.roles import matrix, role_rights
from counter.staff.access import for_staff
from counter.web.see_other import SeeOther


@require_safe
@for_staff
def desk(request: HttpRequest, clerk: Clerk) -> HttpResponse:
    """The desk page; staff whose role does not work there go to the admin."""
    if not matrix.may(clerk, role_rights.WORK_AT_THE_DESK):
        return SeeOther("admin:index")
    return show_desk(request, clerk, SearchForm())
