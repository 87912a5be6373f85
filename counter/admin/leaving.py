"""What a supervisor is told when an account is switched off or moves."""

from collections.abc import Iterator

from django.forms import ModelForm
from django.utils import timezone
from django.utils.translation import ngettext

from counter.models import Clerk, Draft


def leaves(clerk: Clerk, form: "ModelForm[Clerk]") -> bool:
    """Whether what they began here is out of their reach from now on."""
    is_off = "is_active" in form.changed_data and not clerk.is_active
    return is_off or "office" in form.changed_data


def drafts_left(clerk: Clerk) -> Iterator[str]:
    at = timezone.now()
    drafts = Draft.objects.visible_to(clerk).kept(at).count()
    if drafts:
        yield ngettext(
            "%(who)s was recording %(count)d visit, which nobody else can open. Ask "
            "who it is, or record the visit anew; the draft goes by itself after 8 "
            "hours.",
            "%(who)s was recording %(count)d visits, which nobody else can open. Ask "
            "who they are, or record them anew; the drafts go by themselves after 8 "
            "hours.",
            drafts,
        ) % {"who": clerk, "count": drafts}
