"""The change of a payment, shown by the payment's own answer and by no other page.

Who pays in cash is handed change once. A page that says "Give back" again, after a
reissue, a reload, going back, in another tab or for a colleague, makes the drawer
short. So the clerk's sign-in record keeps for which dossier it is still to be shown,
and showing it takes that away by a conditional UPDATE. There and not in the session,
because a session is saved whole: a request under way would write back what was taken
meanwhile.
"""

from datetime import datetime, timedelta
from typing import Final

from counter.models import Clerk, Dossier, SignInRecord

#: So long the answer may be on its way; a screen that locked meanwhile is included.
LATEST: Final = timedelta(minutes=5)


def owe(*, clerk: Clerk, dossier: Dossier) -> None:
    """The fee was taken just now: the next page of this dossier tells the change."""
    SignInRecord.objects.filter(clerk=clerk).update(change_to_show=dossier.pk)


def show_once(*, clerk: Clerk, dossier: Dossier, at: datetime) -> bool:
    """Whether this page is the payment's own answer; True once.

    Signing in anew forgets it (counter.sign_in.single_session).
    """
    if dossier.paid_at is None or at - dossier.paid_at > LATEST:
        return False
    waiting = SignInRecord.objects.filter(clerk=clerk, change_to_show=dossier.pk)
    return bool(waiting.update(change_to_show=None))
