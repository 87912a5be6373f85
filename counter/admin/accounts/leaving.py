"""What an account leaves to be done that is switched off, or moves."""

from collections.abc import Iterator

from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import ngettext

from counter.models import Clerk, Draft
from counter.retention import periods
from counter.roles.role_rights import WORK_AT_THE_DESK


def leaves(form: "ModelForm[Clerk]") -> bool:
    """Whether what they began here is out of their reach once this form is saved.

    Of a form whose fields are cleaned.
    """
    changed, data = form.changed_data, form.cleaned_data
    is_off = "is_active" in changed and not data.get("is_active")
    has_no_desk = data.get("role") not in WORK_AT_THE_DESK.roles
    return is_off or "office" in changed or ("role" in changed and has_no_desk)


def drafts_left(clerk: Clerk) -> Iterator[str]:
    at = timezone.now()
    drafts = Draft.objects.visible_to(clerk).kept(at).count()
    if drafts:
        yield ngettext(
            "%(who)s was recording %(count)d visit, which nobody else can open. Ask "
            "who it is, or record the visit anew; the draft goes by itself after "
            "%(period)s.",
            "%(who)s was recording %(count)d visits, which nobody else can open. Ask "
            "who they are, or record them anew; the drafts go by themselves after "
            "%(period)s.",
            drafts,
        ) % {"who": clerk, "count": drafts, "period": periods.words("draft")}
