"""Refuses acts on an anonymised dossier.

The nightly run may anonymise a dossier while a clerk acts on it. So an act locks the
dossier, after the code and before the payment (docs/concurrency.md), and checks it
again under the lock.
"""

from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.models import Dossier


class AnonymisedError(CounterError):
    """The dossier was anonymised, so nothing can be done with it."""

    def __init__(self) -> None:
        super().__init__(
            _("This dossier was anonymised: nothing of the person is left in it.")
        )


def lock_named(dossier: Dossier) -> Dossier:
    """Lock the dossier until the transaction ends, and return it as it is now.

    Raises AnonymisedError when it was anonymised.
    """
    rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
    still = rows.get(pk=dossier.pk)
    if still.anonymised_at:
        raise AnonymisedError
    return still
