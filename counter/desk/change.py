"""How much change to give: shown once, on the page that follows the payment.

A person who pays in cash gets change once. If a page told the amount again, after a
reissue or a reload, in another tab or to a colleague, a clerk could give it twice. So
the clerk's sign-in record keeps the dossier whose change is still to be shown, and
showing it clears that field by a conditional UPDATE. The session would not do: it is
saved as a whole, so a concurrent request could write the cleared value back.
"""

from datetime import datetime, timedelta
from typing import Final

from counter.models import Clerk, Dossier, SignInRecord

#: How long after the payment the change may still be shown. Long enough for a screen
#: that was locked in between.
LATEST: Final = timedelta(minutes=5)


def note_change_due(*, clerk: Clerk, dossier: Dossier) -> None:
    """Note that the fee was just paid: the dossier's next page tells the change."""
    SignInRecord.objects.filter(clerk=clerk).update(change_to_show=dossier.pk)


def show_once(*, clerk: Clerk, dossier: Dossier, at: datetime) -> bool:
    """Whether this page is to tell the change; True only once for each payment.

    A new sign-in of the clerk clears it (counter.sign_in.single_session).
    """
    if dossier.paid_at is None or at - dossier.paid_at > LATEST:
        return False
    waiting = SignInRecord.objects.filter(clerk=clerk, change_to_show=dossier.pk)
    return bool(waiting.update(change_to_show=None))
