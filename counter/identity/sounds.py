"""Compares words by sound, by typing errors, and as forms of one name.

The words have the letters a to z only.
"""

import re
from typing import Final

_ONE_SLIP: Final = 4
_TWO_SLIPS: Final = 8
_SHORTEST_SKELETON: Final = 4
# Replaces spellings by one letter for the sound. Afterwards double letters count once.
_SOUNDS: Final = (
    ("sch", "s"),
    ("sh", "s"),
    ("tch", "s"),
    ("ch", "s"),
    ("kh", "h"),
    ("ph", "f"),
    ("th", "t"),
    ("dj", "j"),
    ("ck", "k"),
    ("ks", "x"),
    ("ij", "i"),
    ("ou", "u"),
    ("oe", "u"),
    ("ae", "a"),
    ("c", "k"),
    ("q", "k"),
    ("y", "i"),
    ("j", "i"),
    ("w", "v"),
    ("z", "s"),
)


# Endings of the women's and of the men's form of a last name (docs/domain.md#names).
_WOMEN_AND_MEN: Final = (
    ("ova", ""),
    ("ova", "ov"),
    ("eva", "ev"),
    ("ina", "in"),
    ("na", "ny"),
    *(
        (f"{k}{she}", f"{k}{he}")
        for k in ("sk", "ck")
        for she, he in (
            ("a", "i"),
            ("a", "y"),
            ("aya", "y"),
            ("aya", "iy"),
            ("aia", "ii"),
            ("aja", "ij"),
        )
    ),
    ("ou", "os"),
    ("idou", "idis"),
    ("aki", "akis"),
    ("iene", "as"),
    ("iene", "is"),
    ("aite", "as"),
    ("yte", "is"),
)
_SHORTEST_NAME: Final = 4


def of_one_family(one: str, other: str) -> bool:
    """Whether the two are the women's and the men's form of one name: Kowalska and
    Kowalski.
    """
    return any(
        her.endswith(woman)
        and his == her.removesuffix(woman) + man
        and len(his) >= _SHORTEST_NAME
        for her, his in ((one, other), (other, one))
        for woman, man in _WOMEN_AND_MEN
    )


def sounds_alike(one: str, other: str) -> bool:
    """Whether the words sound the same, or differ only in vowels or by a typing error.

    Words of eight letters or more may differ by two errors.
    """
    a, b = _sound(one), _sound(other)
    if a == b:
        return bool(a)
    shortest = min(len(one), len(other))
    slips = (shortest >= _ONE_SLIP) + (shortest >= _TWO_SLIPS)
    if _distance(a, b) <= slips:
        return True
    bones = [re.sub("[aeiou]", "", text) for text in (a, b)]
    return bones[0] == bones[1] and len(bones[0]) >= _SHORTEST_SKELETON


def _sound(text: str) -> str:
    for written, heard in _SOUNDS:
        text = text.replace(written, heard)
    return re.sub(r"(.)\1+", r"\1", text)


def _distance(one: str, other: str) -> int:
    """The edit distance: letters to change, add, leave out or swap with a neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, a in enumerate(one):
        earlier, before, row = before, row, [i + 1]
        for j, b in enumerate(other):
            cost = min(row[j] + 1, before[j + 1] + 1, before[j] + (a != b))
            if i and j and a == other[j - 1] and one[i - 1] == b:
                cost = min(cost, earlier[j - 1] + 1)
            row.append(cost)
    return row[-1]
