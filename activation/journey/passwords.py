"""Which passwords a holder may choose (NIST SP 800-63B-4, 3.1.1.2).

A password has 12 to 128 characters of any kind; there are no composition rules. Common
passwords are refused, and so are those that consist mostly of words about the person or
this service. The check needs no network. A sentence that contains the person's name is
allowed: known words are removed, and what is left must still be long enough.
"""

import functools
import gzip
import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.contrib.auth.password_validation import CommonPasswordValidator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_variables

from activation.exceptions import ActivationError
from activation.journey import context_words

SHORTEST: Final = 12
LONGEST: Final = 128
_LEAST_LEFT: Final = 6
_LEAST_DIFFERENT: Final = 5
_SHORTEST_WORD: Final = 3
_REPEATED: Final = re.compile(r"(.+?)\1+", re.DOTALL)
_EDGES: Final = "0123456789 !?.,;:-_*#@$€&+=()/"
_RUNS: Final = (
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "azertyuiopqsdfghjklmwxcvbn",
    "qwertyuiopasdfghjklzxcvbnm",
)


class PasswordRefusedError(ActivationError):
    """The password is refused. The text says what to do; it has no password in it."""


@sensitive_variables()
def normalise(typed: str) -> str:
    """Return the password in Unicode form NFKC.

    Different keyboards send different characters for the same letter.
    """
    return unicodedata.normalize("NFKC", typed)


@sensitive_variables()
def check(password: str, *, known_words: Iterable[str]) -> None:
    """Raise PasswordRefusedError when it is too short, too long or easy to guess.

    `known_words` are the user name, the e-mail address, and the texts of
    `context_words` about the person and the office. They are split into words here; the
    words about the service are always added.
    """
    length = len(normalise(password))
    if length < SHORTEST:
        raise PasswordRefusedError(
            _(
                "Use at least 12 characters. Three or four words in a row are easy "
                "to keep."
            )
        )
    if length > LONGEST:
        raise PasswordRefusedError(_("Use at most 128 characters."))
    folded = normalise(password).casefold()
    if _is_common(folded):
        raise PasswordRefusedError(
            _("Many people use this password. Take three or four words of your own.")
        )
    if len(_without_known(folded, known_words)) < _LEAST_LEFT:
        raise PasswordRefusedError(
            _(
                "This password is easy to guess for anyone who knows your name or "
                "this service. Take three or four other words."
            )
        )


@functools.cache
def common() -> frozenset[str]:
    """Django's list of 20,000 common passwords. It is cached: reading takes 20 ms."""
    return frozenset(CommonPasswordValidator().passwords)


@dataclass(frozen=True)
class ForBrowsers:
    """The content of a response, and the ETag of that content."""

    content: bytes
    tag: str


@functools.cache
def common_for_browsers(*, packed: bool = False) -> ForBrowsers:
    """The common passwords that the script in the browser needs, one on each line.

    `_is_common` compares the whole password and its core, without digits and signs at
    the edges. So a common password that is too short can only be equal to a core, and
    is left out when it has a digit or sign at its edges. `packed` compresses with gzip,
    to the same bytes in every process.
    """
    matter = (
        word
        for word in common()
        if len(word) >= SHORTEST or (word and word == word.strip(_EDGES))
    )
    content = "\n".join(sorted(matter)).encode()
    if packed:
        content = gzip.compress(content, mtime=0)
    return ForBrowsers(content, f'"{hashlib.sha256(content).hexdigest()[:32]}"')


@sensitive_variables()
def _is_common(folded: str) -> bool:
    """Whether the password or its core is common, or the password is too regular.

    The core is the password without digits and signs at its edges. Too regular is a
    repetition, a run of the alphabet or keyboard, or few different characters.
    """
    core = folded.strip(_EDGES)
    squeezed = re.sub(r"[\W_]", "", folded)
    repeated = _REPEATED.fullmatch(folded)
    if repeated and len(repeated[1]) < SHORTEST:
        return True
    return (
        folded in common()
        or core in common()
        or len(set(folded)) < _LEAST_DIFFERENT
        or any(squeezed and squeezed in run for run in _RUNS)
    )


@sensitive_variables()
def _without_known(folded: str, known_words: Iterable[str]) -> str:
    """The letters that remain when every known word has been taken out."""
    words: set[str] = set(context_words.OF_THE_SERVICE)
    for known in known_words:
        words.update(re.split(r"[\W_]+", _without_accents(known.casefold())))
    left = re.sub(r"[\W\d_]", "", _without_accents(folded))
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= _SHORTEST_WORD:
            left = left.replace(word, "")
    return left


@sensitive_variables()
def _without_accents(text: str) -> str:
    """Write "clé" as "cle"; letters of scripts without accents stay as they are."""
    apart = unicodedata.normalize("NFKD", text)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
