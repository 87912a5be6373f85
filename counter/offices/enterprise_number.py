"""The number of an authority in the Belgian register of enterprises (KBO).

It has ten digits and begins with 0 or 1. The last two digits are 97 minus the first
eight modulo 97 (docs/domain.md#money). It is written as 0207.521.503.
"""

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from stdnum.be import vat
from stdnum.exceptions import ValidationError as NoNumberError

# How people write it: BE 0207.521.503, 0207 521 503, 207.521.503, BTW BE0207521503.
_SHAPE: Final = re.compile(
    r"(?:(?:BTW|TVA)?\s*BE)?[\s.]*[01]?[0-9]{3}[\s.]*[0-9]{3}[\s.]*[0-9]{3}",
    re.IGNORECASE | re.ASCII,
)


def printed(text: str) -> str:
    """The number as 0207.521.503. Raises ValidationError when the text is no number."""
    if not _SHAPE.fullmatch(text.strip()):
        raise _no_number()
    try:
        digits = vat.validate(re.sub("[^0-9]", "", text))
    except NoNumberError:
        raise _no_number() from None
    return f"{digits[:4]}.{digits[4:7]}.{digits[7:]}"


def validate(text: str) -> None:
    """The validator of the model's field. Raises ValidationError."""
    printed(text)


def _no_number() -> ValidationError:
    return ValidationError(
        _("This is no Belgian enterprise number. It looks like 0207.521.503."),
        code="enterprise_number",
    )
