"""Refuses an act when what it changes is no longer what its page showed.

The form of an act has a hidden stamp: a signature of the ids and states that the page
showed, such as those of the code, the payment or the owner. It is compared when the
form is sent, so that nobody revokes a code that was printed after the page was opened.
A form without a stamp was not sent from our pages, and is not checked here
(docs/decisions/094-a-form-saves-what-it-showed.md).
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
    """What the page showed was changed after the page was opened."""

    def __init__(self) -> None:
        super().__init__(
            _("This has changed since you opened the page. Look at it, and ask again.")
        )


def stamp(facts: Iterable[object]) -> str:
    """Sign these ids and states, for the hidden field of the act's form."""
    return _SIGNER.signature("\n".join(map(str, facts)))


def refuse_others(sent: Mapping[str, Any], facts: Iterable[object]) -> None:
    """Raise ChangedMeanwhileError when the stamp in `sent` is not that of `facts`."""
    was = sent.get(NAME)
    if was is not None and not constant_time_compare(str(was), stamp(facts)):
        raise ChangedMeanwhileError
