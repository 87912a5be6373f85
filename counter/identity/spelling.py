"""Decides whether two names can be the same person's, for scans and for corrections.

Documents write a name in different ways: without accents, in another order, with a name
by marriage, or without some given names. Such names can be the same person's; names
that have nothing in common cannot. See docs/domain.md#names.
"""

import itertools
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Final, NamedTuple

from counter.identity.sounds import of_one_family, sounds_alike
from counter.identity.transliteration import Letter, is_readable, words


class PersonName(NamedTuple):
    last_name: str
    first_names: str

    def __repr__(self) -> str:
        # Error pages and logs print reprs.
        return "<PersonName>"


class Difference(Enum):
    """How two names differ. For each difference but NONE, the clerk has to check."""

    #: The same name; accents, hyphens, spaces and transliteration may differ.
    NONE = "none"
    #: The same words in another order, or divided otherwise into last and first names.
    ORDER = "order"
    #: Given names left out, added or abbreviated.
    GIVEN_NAMES = "given names"
    #: The last names share a part, as with a name by marriage or a double name.
    LAST_NAME = "last name"
    #: A letter or two differ, or the same sound is spelled in another way.
    SPELLING = "spelling"
    #: A name is in a script that cannot be written in a to z.
    SCRIPT = "script"
    #: The names have nothing in common.
    WHOLLY = "wholly"


type _Word = tuple[Letter, ...]

# Words that are in so many last names that they do not count as a common part.
# fmt: off
_PARTICLES: Final = frozenset({
    "a", "abd", "abdel", "abu", "af", "al", "am", "an", "ap", "at", "aus", "av", "bar",
    "ben", "bin", "bint", "da", "dal", "das", "de", "degli", "dei", "del", "della",
    "den", "der", "des", "di", "do", "dos", "du", "e", "een", "el", "en", "het", "i",
    "ibn", "il", "in", "la", "las", "le", "les", "lo", "los", "mac", "mc", "na", "ni",
    "o", "of", "op", "os", "ould", "s", "san", "sint", "st", "t", "te", "ten", "ter",
    "tot", "und", "v", "van", "vd", "vom", "von", "vor", "y", "zu", "zum", "zur",
})
# fmt: on
# The letters in the shortest name field of a zone; a name that fills it may be cut off.
_FULL_ZONE: Final = 26
# Further words are not compared; no name has so many.
_MOST_WORDS: Final = 12


def compare(
    one: PersonName, other: PersonName, *, same_birth_date: bool = False
) -> Difference:
    """Return how the two names differ; it does not matter which one comes first.

    Only with `same_birth_date`, and when all given names are the same, a wholly
    different last name counts as a name by marriage.
    """
    last = _words(one.last_name), _words(other.last_name)
    first = _words(one.first_names), _words(other.first_names)
    if _joined(*last) and _joined(*first):
        return Difference.NONE
    if not all(map(is_readable, itertools.chain(*last, *first))):
        return Difference.SCRIPT
    given_agree = _given_names_agree(*first)
    both = bool(first[0] and first[1])
    everything = last[0] + first[0], last[1] + first[1]
    rules: tuple[tuple[Difference, Callable[[], bool]], ...] = (
        (Difference.ORDER, lambda: _in_another_order(*last, *first)),
        (Difference.GIVEN_NAMES, lambda: given_agree and _joined(*last)),
        (Difference.LAST_NAME, lambda: both and given_agree and _share_a_part(*last)),
        (
            Difference.GIVEN_NAMES,
            lambda: min(map(len, everything)) > 1 and _contains(*everything),
        ),
        (
            Difference.LAST_NAME,
            lambda: both and same_birth_date and _joined(*first),
        ),
        (Difference.SPELLING, lambda: _are_close(last, first)),
        (
            Difference.LAST_NAME,
            lambda: both and _share_a_part(*last) and _given_names_sound_alike(*first),
        ),
        (Difference.SPELLING, lambda: _is_cut_off(*last, *first)),
    )
    return next(
        (difference for difference, holds in rules if holds()), Difference.WHOLLY
    )


def share_last_name(one: str, other: str) -> bool:
    """Whether the last names have a part in common that is not `van` or the like."""
    both = _words(one), _words(other)
    return all(both) and (_joined(*both) or _share_a_part(*both))


def share_given_names(one: str, other: str) -> bool:
    """Whether the given names of one are some of the other's, or their initials."""
    both = _words(one), _words(other)
    return all(both) and _given_names_agree(*both)


def is_same(known: PersonName, scanned: PersonName, *, cut_off: bool = False) -> bool:
    """Whether the name in a zone is the known name, so that the known spelling stays.

    `cut_off` is true when the zone's name field is full. Then words may be shortened,
    even to an initial, and given names may be missing.
    """
    last = _words(known.last_name), _words(scanned.last_name)
    first = _words(known.first_names), _words(scanned.first_names)
    if _joined(*last) and _joined(*first):
        return True
    if not cut_off:
        return False
    return _shortened(*last) and _shortened(*first)


def keep_spelling(
    known: PersonName, scanned: PersonName, *, cut_off: bool = False
) -> PersonName:
    """The scanned name, with the known spelling for each part that is the same."""
    if is_same(known, scanned, cut_off=cut_off):
        return known
    return PersonName(*(_respelt(*both) for both in zip(known, scanned, strict=True)))


def _respelt(known: str, scanned: str) -> str:
    if _joined(_words(known), _words(scanned)):
        return known
    spelt = known.split()
    return " ".join(
        next((s for s in spelt if _joined(_words(s), _words(word))), word)
        for word in scanned.split()
    )


def _words(name: str) -> list[_Word]:
    return words(name)[:_MOST_WORDS]


def _joined(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether the names are equal without word limits: Van den Berg and VANDENBERG."""
    return _agree(tuple(itertools.chain(*one)), tuple(itertools.chain(*other)))


def _agree(one: _Word, other: _Word, *, begins: bool = False) -> bool:
    """Whether both share a reading; with `begins`, whether `one` begins with `other`.

    Both are read together, so letters with several readings do not multiply the work.
    `ahead` and `behind` are the uncompared rest of a reading of `one` and `other`.
    """
    todo = [(0, 0, "", "")]
    seen = set(todo)
    while todo:
        i, j, ahead, behind = todo.pop()
        if begins and j == len(other) and not behind:
            return True
        if i < len(one) and not ahead:
            steps = [(i + 1, j, reading, behind) for reading in one[i]]
        elif j < len(other) and not behind:
            steps = [(i, j + 1, ahead, reading) for reading in other[j]]
        elif ahead or behind:
            continue
        else:
            return True
        for left, right, own, others in steps:
            common = min(len(own), len(others))
            if own[:common] == others[:common]:
                step = (left, right, own[common:], others[common:])
                if step not in seen:
                    seen.add(step)
                    todo.append(step)
    return False


def _shortened(known: Sequence[_Word], zone: Sequence[_Word]) -> bool:
    """Whether each known word begins with the zone's word; the last may be missing."""
    if len(zone) <= len(known) and all(
        _agree(word, part, begins=True) for word, part in zip(known, zone, strict=False)
    ):
        return True
    letters = tuple(itertools.chain(*known)), tuple(itertools.chain(*zone))
    return _agree(*letters, begins=True)


def _in_another_order(
    last: Sequence[_Word],
    other_last: Sequence[_Word],
    first: Sequence[_Word],
    other_first: Sequence[_Word],
) -> bool:
    one = [*first, *last]
    turned = [*last, *first]
    other = [*other_first, *other_last]
    if _joined(one, other) or _joined(turned, other):
        return True
    return len(one) == len(other) and _contains(one, other)


def _contains(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether the name with more words has all words of the other, each used once."""
    few, many = sorted((one, other), key=len)
    left = list(many)
    for word in few:
        place = next((at for at, w in enumerate(left) if _agree(w, word)), None)
        if place is None:
            return False
        del left[place]
    return True


def _given_names_agree(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether they are equal or one has some of the other's, also as initials."""
    few, many = sorted((one, other), key=len)
    if _contains(few, many):
        return True
    if any(_joined(few, many[:end]) for end in range(1, len(many))):
        return True
    if any(_joined(many, few[:end]) for end in range(1, len(few))):
        return True
    whole = sum(_agree(*pair) for pair in zip(one, other, strict=False))
    alike = all(_abbreviates(*pair) for pair in zip(one, other, strict=False))
    initials = all(len(word) == 1 for word in one) or all(len(w) == 1 for w in other)
    return alike and (whole > 0 or initials)


def _abbreviates(one: _Word, other: _Word) -> bool:
    short, long = sorted((one, other), key=len)
    return _agree(long, short, begins=True)


def _share_a_part(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    """Whether they share a part: Peeters and Claes-Peeters, Van Damme and Vandamme."""
    return any(
        _joined(part, another) or of_one_family(_usual(part), _usual(another))
        for part in _parts(one)
        for another in _parts(other)
    )


def _parts(name: Sequence[_Word]) -> list[Sequence[_Word]]:
    ends = itertools.combinations(range(len(name) + 1), 2)
    parts = (name[start:end] for start, end in ends)
    return [
        part
        for part in parts
        if any(len(w) > 1 and _usual([w]) not in _PARTICLES for w in part)
    ]


def _is_cut_off(
    last: Sequence[_Word],
    other_last: Sequence[_Word],
    first: Sequence[_Word],
    other_first: Sequence[_Word],
) -> bool:
    """Whether one name may be the other, cut off by the name field of a zone."""
    one, other = (last, first), (other_last, other_first)
    long, short = sorted((one, other), key=lambda n: len(_usual([*n[0], *n[1]])))[::-1]
    if len(_usual([*short[0], *short[1]])) < _FULL_ZONE:
        return False
    return _shortened(long[0], short[0]) and _shortened(long[1], short[1])


def _are_close(
    last: tuple[Sequence[_Word], Sequence[_Word]],
    first: tuple[Sequence[_Word], Sequence[_Word]],
) -> bool:
    """Whether last and given names are equal, or differ only by sound or by error."""
    lasts = _joined(*last) or sounds_alike(*map(_usual, last))
    return lasts and (_given_names_agree(*first) or _given_names_sound_alike(*first))


def _given_names_sound_alike(one: Sequence[_Word], other: Sequence[_Word]) -> bool:
    if sounds_alike(_usual(one), _usual(other)):
        return True
    few, many = sorted((one, other), key=len)
    return bool(few) and all(
        any(sounds_alike(_usual([w]), _usual([m])) for m in many) for w in few
    )


def _usual(name: Sequence[_Word]) -> str:
    return "".join(letter[0] for word in name for letter in word)
