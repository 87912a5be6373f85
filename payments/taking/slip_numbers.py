"""The number on a card terminal's slip, as it is typed."""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from counter.identity import typed_digits
from payments.models import Terminal

# Letters, digits and the signs that terminals print.
_SLIP: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./:#-]{0,29}")


def read(text: str, terminal: Terminal | None) -> str:
    """Return the slip number in the form in which it is stored.

    With a `terminal` the number has digits only, as many as that terminal prints; typed
    separators are removed. Without one (the office has none) letters and the signs of
    `_SLIP` are accepted as well. Raises ValidationError, whose text says what a valid
    number looks like.
    """
    if not text:
        raise ValidationError(_("Type the number on the terminal's slip."))
    if terminal is not None:
        number = typed_digits.without_separators(text)
        if not terminal.takes_slip(number):
            raise ValidationError(str(terminal.slip_shape))
        return number
    if not _SLIP.fullmatch(text):
        raise ValidationError(_("A slip number has letters, digits and . / : # -."))
    return text
