"""A dossier that was anonymised is about nobody: nothing is done to it any more.

The night may anonymise it at the very instant in which somebody acts on it. So an act
locks the dossier, after the code and before the money (docs/concurrency.md), and looks
again.
"""

from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError
from counter.models import Dossier


class AnonymisedError(CounterError):
    """Nothing of the person is left in this dossier."""

    def __init__(self) -> None:
        super().__init__(
            _("This dossier was anonymised: nothing of the person is left in it.")
        )


def lock_named(dossier: Dossier) -> Dossier:
    """The dossier as it is now, locked until the transaction ends.

    Raises AnonymisedError.
    """
    rows = Dossier.objects.select_for_update(of=("self",), no_key=True)
    still = rows.get(pk=dossier.pk)
    if still.anonymised_at:
        raise AnonymisedError
    return still
