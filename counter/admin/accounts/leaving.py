"""What stays unfinished when an account is switched off or moved to another office."""

from collections.abc import Iterator

from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import ngettext

from counter.models import Clerk, Draft
from counter.retention import periods
from counter.roles.role_rights import WORK_AT_THE_DESK


def leaves(form: "ModelForm[Clerk]") -> bool:
    """Whether the colleague can no longer finish their work here after this form.

    The form's fields must be cleaned.
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
