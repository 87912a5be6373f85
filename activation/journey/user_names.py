"""User names: the person chooses one freely, except for a national number."""

import re
from datetime import date
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ActivationError
from counter.identity.national_number import NationalNumberError, parse
from counter.identity.transliteration import without_accents

SHORTEST: Final = 3
LONGEST: Final = 50
_ALLOWED: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")
_DIGITS: Final = re.compile(r"[0-9]{11,}")
_NUMBER_LENGTH: Final = 11


class UserNameRefusedError(ActivationError):
    """The user name is refused. The text says what a user name may look like."""


@sensitive_variables()
def check(user_name: str, *, national_number: str, today: date) -> None:
    """Raise UserNameRefusedError for an invalid name or one with a national number.

    `national_number` is the person's own, 11 digits. Any other valid national number is
    refused as well, because it could belong to somebody.
    """
    if not SHORTEST <= len(user_name) <= LONGEST:
        raise UserNameRefusedError(_("Use 3 to 50 characters."))
    if not _ALLOWED.fullmatch(user_name):
        raise UserNameRefusedError(
            _("Use only letters without accents, digits, dots and dashes.")
        )
    bare = user_name.replace(".", "").replace("-", "")
    if national_number in bare or _holds_a_national_number(bare, today):
        raise UserNameRefusedError(
            _(
                "Do not use a national register number as your user name. "
                "Others may not know it."
            )
        )


@sensitive_variables()
def _holds_a_national_number(text: str, today: date) -> bool:
    for run in _DIGITS.findall(text):
        for start in range(len(run) - _NUMBER_LENGTH + 1):
            try:
                parse(run[start : start + _NUMBER_LENGTH], today=today)
            except NationalNumberError:
                continue
            return True
    return False


def from_name(first_names: str, last_name: str) -> str:
    """`peter.janssens` for Peter Jan Janssens; `sleutel` when that is too short."""
    parts = [
        _latin(first_names.partition(" ")[0]),
        _latin(last_name),
    ]
    joined = ".".join(part for part in parts if part)[: LONGEST - 4].rstrip(".-")
    return joined if len(joined) >= SHORTEST else "sleutel"


def _latin(text: str) -> str:
    """Letters and digits without their accents; a space becomes a dash."""
    plain = without_accents(text.strip()).casefold()
    dashed = re.sub(r"[\s'\u2019-]+", "-", plain)
    return re.sub(r"[^a-z0-9-]", "", dashed).strip("-")
