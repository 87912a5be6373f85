"""Refuses acts in the admin on the reader's own people, as the desk does.

Looking at a page is allowed, and the journal records it (counter.supervision.traces). A
form or an action about a person with the reader's own names is refused. When only the
last name is the reader's, the question about family is asked first
(counter.people.kinship). The journal also refuses to record an act on own people, and
an act without its entry does not happen. This stops an action on all rows of a list,
because such a request does not name the rows.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import unquote
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from counter.roles import matrix
from counter.roles.role_rights import WORK_AT_THE_DESK

if TYPE_CHECKING:
    from counter.models import Clerk, Dossier
    from counter.supervision.traces import TracedAdmin

_READING: Final = frozenset({"GET", "HEAD", "OPTIONS"})


def stop(
    house: "TracedAdmin", request: HttpRequest, key: object
) -> HttpResponse | None:
    """A redirect when this form may not be sent, or not yet; otherwise None.

    `key` is the key of the row in the URL, None for a list.
    """
    # The admin is loaded before the models, which these modules need.
    from counter.models import Clerk  # noqa: PLC0415
    from counter.people import kinship  # noqa: PLC0415
    from counter.people.kinship import Kin, OwnPersonError  # noqa: PLC0415
    from counter.people.kinship_door import question_about  # noqa: PLC0415
    from counter.web.see_other import SeeOther  # noqa: PLC0415

    clerk = request.user
    if request.method in _READING or not isinstance(clerk, Clerk):
        return None
    if not matrix.knows_applicants(clerk):
        return None  # an answer would tell whose name it is; the page itself refuses
    for dossier in _dossiers(house, request, key, clerk):
        kin = kinship.forbidding_kin(dossier, clerk)
        if kin is Kin.SELF:
            messages.warning(request, str(OwnPersonError()))
            return SeeOther(request.path)
        if kin is Kin.SAME_NAME:
            if matrix.may(clerk, WORK_AT_THE_DESK):
                return SeeOther(question_about(dossier, onward=request.path))
            sentence = _(
                "This person has your family name. Ask a colleague to do this."
            )
            messages.warning(request, sentence)
            return SeeOther(request.path)
    return None


def _dossiers(
    house: "TracedAdmin", request: HttpRequest, key: object, clerk: "Clerk"
) -> "Iterator[Dossier]":
    """The dossiers, visible to the clerk, of the people that the form is about."""
    from counter.models import Applicant, Dossier  # noqa: PLC0415

    keys: list[Any] = request.POST.getlist(ACTION_CHECKBOX_NAME)
    if key is not None:
        keys = [unquote(str(key))]
    rows = [row for one in keys if (row := house.get_object(request, one))]
    for person in house.people_of(rows):
        if isinstance(person, Dossier):
            yield person
        elif isinstance(person, Applicant):
            yield from Dossier.objects.visible_to(clerk).filter(applicant=person)
