"""The forms in which a colleague or a supervisor agrees to a recording.

They are shown on the same page as the recording form.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from counter.dossiers.forms import RecordForm
from counter.models import Clerk
from counter.people.family_form import FamilyForm, ask_family, name_on
from counter.roles import matrix, role_rights
from counter.scans.scan_shape import holds_national_number, looks_like_zone
from counter.staff.supervisor_approval import SupervisorForm


@dataclass(frozen=True)
class Others:
    """The forms of a colleague (`family`) and a supervisor (`approval`); None when that
    person need not agree.

    `is_ready` is true when the recording form is valid and everybody asked has agreed.
    """

    family: FamilyForm | None
    approval: SupervisorForm | None
    is_ready: bool

    @property
    def supervisor(self) -> Clerk | None:
        return self.approval.supervisor if self.approval else None


def ask_others(request: HttpRequest, clerk: Clerk, form: RecordForm) -> Others:
    """Validate the forms of those who have to agree to this recording.

    Each form is validated only when all forms before it are valid, because the digits
    of an app can be used only once.
    """
    family = ask_family(request, clerk, form)
    is_right = form.is_valid() and (family is None or family.is_valid())
    if not form.needs_supervisor:
        return Others(family, None, is_right)
    # On the first submit the page did not show the approval form yet, so nothing of it
    # was sent; left unbound, it is shown without errors.
    asked = (
        matrix.may(clerk, role_rights.AGREE_AT_THE_DESK)
        or "supervisor_name" in request.POST
    )
    approval = SupervisorForm(
        request.POST if is_right and asked else None,
        request=request,
        clerk=clerk,
        names=name_on(form),
        initial={"supervisor_name": _name_of(request)},
    )
    return Others(family, approval, is_right and approval.is_valid())


def _name_of(request: HttpRequest) -> str:
    """The supervisor's name as typed; "" for a scanned card, which no page repeats."""
    typed = request.POST.get("supervisor_name", "")
    is_scan = looks_like_zone(typed) or holds_national_number(typed)
    return "" if is_scan else typed
