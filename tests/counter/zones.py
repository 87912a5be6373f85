"""Machine-readable zones of the official specimens (DOMAIN.md 2.2 and 2.3)."""

import datetime

import pytest

from counter.mrz import Mrz, MrzError, parse

TODAY = datetime.date(2026, 3, 20)

TD3 = """P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<
L898902C36UTO7408122F1204159ZE184226B<<<<<10"""
TD2 = """I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<
D231458907UTO7408122F1204159<<<<<<<6"""
TD1 = """I<UTOD231458907<<<<<<<<<<<<<<<
7408122F1204159UTO<<<<<<<<<<<6
ERIKSSON<<ANNA<MARIA<<<<<<<<<<"""
TD1_LONG = """I<UTOD23145890<7349<<<<<<<<<<<
3407127M9507122UTO<<<<<<<<<<<2
STEVENSON<<PETER<JOHN<<<<<<<<<"""
BELGIAN = """IDBEL000001115<7027<<<<<<<<<<<
9502286F3001064BEL950228998747
SPECIMEN<<SPECIMEN<<<<<<<<<<<<"""
SPECIMENS = [TD3, TD2, TD1, TD1_LONG, BELGIAN]
NAMES = ["TD3", "TD2", "TD1", "TD1 long", "Belgian"]


def read(text: str, today: datetime.date = TODAY) -> Mrz:
    return parse(text, today=today)


def refusal(text: str) -> str:
    with pytest.raises(MrzError) as refused:
        read(text)
    return refused.value.code


def digit(field: str) -> str:
    """The check digit, summed apart from the module."""
    values = {"<": 0} | {str(n): n for n in range(10)}
    values |= {letter: ord(letter) - 55 for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    sums = [values[character] for character in field]
    return str((7 * sum(sums[::3]) + 3 * sum(sums[1::3]) + sum(sums[2::3])) % 10)


def td1(
    head: str = "IDBEL000001115<7027",
    birth: str = "950228",
    expiry: str = "300106",
    *,
    sex: str = "F",
    state: str = "BEL",
    optional: str = "",
    name: str = "SPECIMEN<<SPECIMEN",
) -> str:
    """A generated TD1 zone with good check digits but the ones in `head`."""
    first = head.ljust(30, "<")
    dates = f"{birth}{digit(birth)}{sex}{expiry}{digit(expiry)}"
    second = f"{dates}{state:<<3}{optional:<<11}"
    composite = digit(first[5:] + second[:7] + second[8:15] + second[18:])
    return "\n".join([first, second + composite, name.ljust(30, "<")])


def td3(
    number: str = "EN123456",
    *,
    state: str = "BEL",
    birth: str = "850730",
    expiry: str = "340106",
    name: str = "JANSSENS<<PETER",
) -> str:
    """A generated passport's zone with good check digits."""
    first = f"P<{state:<<3}{name}".ljust(44, "<")
    number = number.ljust(9, "<")
    dates = f"{birth}{digit(birth)}M{expiry}{digit(expiry)}"
    second = f"{number}{digit(number)}{state:<<3}{dates}".ljust(42, "<") + "0"
    composite = digit(second[:10] + second[13:20] + second[21:43])
    return f"{first}\n{second}{composite}"


def peters_card(expiry: str = "340106", *, optional: str = "85073003328") -> str:
    """A generated Belgian card of Peter, with his number of DOMAIN.md 1.5."""
    return td1(
        birth="850730",
        expiry=expiry,
        sex="M",
        optional=optional,
        name="JANSSENS<<PETER<JOZEF",
    )


def on_azerty(text: str) -> str:
    """What a US-mode reader types on a Belgian AZERTY computer (DOMAIN.md 2.4)."""
    keys = dict(zip("1234567890", "&é\"'(§è!çà", strict=True))
    keys |= {"<": ".", "M": "?", "A": "Q", "Q": "A", "Z": "W", "W": "Z"}
    return "".join(keys.get(character, character) for character in text)
