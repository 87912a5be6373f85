"""The activation code: 13 random characters and one check character.

Crockford's base32 alphabet has no I, L, O or U. 13 characters are 65 bits (NIST
SP 800-63A-4, 3.9 asks for 64). The check character is a sum over GF(32) with the
polynomial x^5 + x^2 + 1 and the weights a^1 .. a^13. It detects every substitution of
one character and every swap of two, so that a typing mistake is reported at once and
does not count as an attempt (docs/security.md#activation-codes).
"""

import hmac

from activation.codes.derivation import derive
from activation.models import ActivationCode
from counter.identity.typed_digits import is_separator, without_separators

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
RANDOM_CHARACTERS = 13
LENGTH = RANDOM_CHARACTERS + 1
GROUPS = (4, 4, 4, 2)

_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# Letters that people write for a similar-looking character of the alphabet.
_READ_AS = str.maketrans({"I": "1", "L": "1", "O": "0"})
_POLYNOMIAL = 0b100101
_FIELD = 32


def _times(left: int, right: int) -> int:
    """Multiply in GF(32)."""
    product = 0
    while right:
        if right & 1:
            product ^= left
        left <<= 1
        if left & _FIELD:
            left ^= _POLYNOMIAL
        right >>= 1
    return product


def check_character(characters: str) -> str:
    """Compute the check character of 13 characters of the alphabet."""
    total, weight = 0, 1
    for character in characters:
        weight = _times(weight, 2)
        total ^= _times(weight, _VALUE[character])
    return ALPHABET[total]


def from_bytes(derived: bytes) -> str:
    """The code of 14 characters that encodes the first 65 bits of `derived`."""
    bits = int.from_bytes(derived[:9], "big") >> (9 * 8 - RANDOM_CHARACTERS * 5)
    characters = "".join(
        ALPHABET[(bits >> (5 * place)) & 31] for place in range(RANDOM_CHARACTERS)
    )
    return characters + check_character(characters)


def code_text(code: ActivationCode) -> str:
    """The 14 characters of an issued code: a secret, for printing and comparison only.

    Raises KeyError when the derivation key of the code is no longer in the settings.
    """
    return from_bytes(derive(kid=code.key_id, purpose="code", nonce=bytes(code.nonce)))


def normalise(typed: str) -> str:
    """Return the typed code in the characters of the alphabet, without separators.

    In capitals; I and L become 1, O becomes 0.
    """
    return without_separators(typed).upper().translate(_READ_AS)


def is_well_formed(code: str) -> bool:
    """Whether a normalised code has 14 characters and the right check character."""
    return (
        len(code) == LENGTH
        and all(character in _VALUE for character in code)
        and hmac.compare_digest(check_character(code[:-1]), code[-1])
    )


def grouped(code: str) -> str:
    """The code in groups of 4-4-4-2 characters, as it is printed."""
    parts, start = [], 0
    for size in GROUPS:
        parts.append(code[start : start + size])
        start += size
    return "-".join(part for part in parts if part)


def grouped_as_typed(typed: str) -> str:
    """Group what was typed as on the paper, without changing a character.

    O stays O here, so that the person can compare what was typed with the paper.
    """
    signs = "".join(sign for sign in typed if not is_separator(sign)).upper()
    head, tail = signs[: sum(GROUPS[:-1])], signs[sum(GROUPS[:-1]) :]
    return "-".join(
        [*(head[at : at + 4] for at in range(0, len(head), 4)), tail]
    ).strip("-")
