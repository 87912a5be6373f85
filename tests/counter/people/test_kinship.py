"""Which names count as family of the clerk, and which as the clerk herself."""

import pytest

from counter.models import Clerk
from counter.people.kinship import Kin, kin


def kin_between(own: str, person: str) -> Kin:
    """How the two are related; both names are written as "first names / last name"."""
    first_name, last_name = own.split(" / ")
    first_names, name = person.split(" / ")
    clerk = Clerk(first_name=first_name, last_name=last_name)
    return kin(clerk, last_name=name, first_names=first_names)


@pytest.mark.parametrize(
    ("own", "person"),
    [
        ("Claes", "Claes"),
        ("Claes", "CLAES"),
        ("Müller", "Mueller"),
        ("Müller", "Muller"),
        ("Mueller", "MÜLLER"),
        ("Åberg", "Aaberg"),
        ("Groß", "Gross"),
        ("Łukasz", "Lukasz"),
        ("Yıldız", "Yildiz"),
        ("Bjørn", "Bjoern"),
        ("Peréz", "Perez"),
        ("Pere\u0301z", "Peréz"),
        ("Van den Berghe", "Vandenberghe"),
        ("Van den Berghe", "Vanden Berghe"),
        ("De Smet", "Desmet"),
        ("De Smet", "Smet"),
        ("D'Hondt", "Dhondt"),
        ("D\u2019Hondt", "D Hondt"),
        ("Claes-Peeters", "Peeters"),
        ("Claes", "Peeters Claes"),
        ("Claes - Peeters", "De Smet-Claes"),
        ("Ben Ali", "Ali"),
        ("van der Meer", "Vandermeer"),
        ("Le", "LE"),
        ("Van", "Van"),
        ("Kowalski", "Kowalska"),
        ("Ivanov", "Ivanova"),
        ("Novák", "Nováková"),
        ("Novotný", "Novotná"),
        ("Papadopoulos", "Papadopoulou"),
        ("Kazlauskas", "Kazlauskiene"),
        ("Peeters-Kowalska", "Kowalski"),
        ("Σταύρου", "ΣΤΑΎΡΟΥ"),
    ],
)
def test_the_same_family_name(own: str, person: str) -> None:
    assert kin_between(f"Els / {own}", f"Rik / {person}") is Kin.SAME_NAME
    assert kin_between(f"Els / {person}", f"Rik / {own}") is Kin.SAME_NAME


@pytest.mark.parametrize(
    ("own", "person"),
    [
        ("Claes", "Claessens"),
        ("Van den Berghe", "Van Damme"),
        ("De Smet", "De Vos"),
        ("Ben Ali", "Ben Said"),
        ("El Amrani", "El Khatib"),
        ("Van", "Van den Berghe"),
        ("D'Hondt", "D'Hooghe"),
        ("Maes", "Maas"),
        ("Kowalski", "Kowalik"),
        ("Ivanov", "Ivanenko"),
        ("", ""),
        ("", "Claes"),
        ("-", "-"),
    ],
)
def test_another_family_name(own: str, person: str) -> None:
    assert kin_between(f"Els / {own}", f"Els / {person}") is Kin.NONE
    assert kin_between(f"Els / {person}", f"Els / {own}") is Kin.NONE


@pytest.mark.parametrize(
    ("own", "person"),
    [
        ("Els / Claes", "Els / Claes"),
        ("Els / Claes", "ELS MARIA / CLAES"),
        ("Els / Claes", "Maria Els / Claes-Peeters"),
        ("Els Maria / Claes", "Els / Claes"),
        ("Anne-Mie / Claes", "Annemie Rita / Claes"),
        ("Jean-Pierre / Claes", "Jean Pierre / Claes"),
        ("Zoë / Van den Berghe", "Zoe / Vandenberghe"),
        ("Jürgen / Müller", "Juergen / Mueller"),
        ("Els / Claes", "Claes / Els"),
        ("Els / Claes", "Claes-Peeters / Els Maria"),
        ("Els / Claes", " / Els Claes"),
        ("Jan / Kowalski", "Jan / Kowalska"),
    ],
)
def test_the_clerk_herself(own: str, person: str) -> None:
    assert kin_between(own, person) is Kin.SELF


@pytest.mark.parametrize(
    ("own", "person"),
    [
        ("Els / Claes", "Elsa / Claes"),
        ("Els / Claes", " / Claes"),
        (" / Claes", "Els / Claes"),
        ("Els Rita / Claes", "Els Maria / Claes"),
    ],
)
def test_a_namesake_by_family_only(own: str, person: str) -> None:
    assert kin_between(own, person) is Kin.SAME_NAME
