"""An act is done to what its page showed.

The form of an act carries a stamp of ids and states: the code, the payment, the owner
of that moment. It is compared when the form comes back, so that nobody revokes a code
that was printed after the page was opened. A form without a stamp comes from no page of
ours (docs/decisions/094-a-form-saves-what-it-showed.md).
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.signing import Signer
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from counter.exceptions import CounterError

#: The hidden field's name.
NAME: Final = "as_shown"

_SIGNER: Final = Signer(salt="counter.desk.as_shown")


class ChangedMeanwhileError(CounterError):
    """What the page showed has changed since."""

    def __init__(self) -> None:
        super().__init__(
            _("This has changed since you opened the page. Look at it, and ask again.")
        )


def stamp(facts: Iterable[object]) -> str:
    """The stamp of these ids and states, for the act's form."""
    return _SIGNER.signature("\n".join(map(str, facts)))


def refuse_others(sent: Mapping[str, Any], facts: Iterable[object]) -> None:
    """Raise ChangedMeanwhileError when the form that was sent showed something else."""
    was = sent.get(NAME)
    if was is not None and not constant_time_compare(str(was), stamp(facts)):
        raise ChangedMeanwhileError
