"""Zones of official specimens (docs/domain.md#machine-readable-zones), and others."""

import datetime

import pytest

from counter.scans.mrz import Mrz, MrzError, parse

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
    """The check digit of a field, computed without the code of the product."""
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
    """A generated TD1 zone with good check digits; `head` has its own."""
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
    """A generated Belgian card of Peter, with a number of docs/domain.md."""
    return td1(
        birth="850730",
        expiry=expiry,
        sex="M",
        optional=optional,
        name="JANSSENS<<PETER<JOZEF",
    )


def on_azerty(text: str) -> str:
    """What a reader set to a US keyboard types on a computer with a Belgian AZERTY."""
    keys = dict(zip("1234567890", "&é\"'(§è!çà", strict=True))
    keys |= {"<": ".", "M": "?", "A": "Q", "Q": "A", "Z": "W", "W": "Z"}
    return "".join(keys.get(character, character) for character in text)


def on_french_azerty(text: str) -> str:
    """The same on a French one, where two keys of the upper row differ."""
    return on_azerty(text).translate(str.maketrans("§!", "-_"))


def on_qwerty(text: str) -> str:
    """What a reader set to a Belgian keyboard types on a computer with a US one."""
    keys = dict(zip("1234567890", "!@#$%^&*()", strict=True))
    keys |= {"<": "\\", "M": ":", "A": "Q", "Q": "A", "Z": "W", "W": "Z"}
    return "".join(keys.get(character, character) for character in text)


FRENCH = """IDFRATESTNOM<<<<<<<<<<<<<<<<<<<<<<<<
1106751234563CAMILLE<<ODE<<8507309F2"""
UNLIMITED = """IDESPABC1234560<<<<<<<<<<<<<<<
4007306F9901018ESP<<<<<<<<<<<8
PRUEBA<<ANA<<<<<<<<<<<<<<<<<<<"""


def td2(
    head: str = "IDROU",
    number: str = "XR123456",
    *,
    state: str = "ROU",
    birth: str = "850730",
    expiry: str = "340106",
    optional: str = "1033281",
    name: str = "POPESCU<<ION",
) -> str:
    """A generated zone of two lines of 36 with good check digits."""
    number = number.ljust(9, "<")
    dates = f"{birth}{digit(birth)}M{expiry}{digit(expiry)}"
    second = f"{number}{digit(number)}{state:<<3}{dates}{optional:<<7}"
    composite = digit(second[:10] + second[13:20] + second[21:35])
    return f"{head:<<5}{name}".ljust(36, "<") + f"\n{second}{composite}"


def french(
    surname: str = "LE<GOFF",
    given: str = "ANNE<MARIE<<ZO",
    number: str = "0808751A2345",
    *,
    birth: str = "850730",
    office: str = "075012",
) -> str:
    """A generated old French card with good check digits."""
    first = f"IDFRA{surname:<<25}{office}"
    body = f"{number}{digit(number)}{given:<<14}{birth}{digit(birth)}F"
    return f"{first}\n{body}{digit(first + body)}"


def card_of(
    state: str, number: str, code: str = "ID", *, first: str = "", second: str = ""
) -> str:
    """A generated card of a state, with its own data in the optional fields."""
    head = f"{code:<<2}{state:<<3}{number:<<9}"
    rest = digit(head[5:])
    if len(number) > 9:
        head = f"{code:<<2}{state:<<3}{number[:9]}"
        counted = number[:9] + "<" + number[9:] if state == "PRT" else number
        rest = f"<{number[9:]}{digit(counted)}"
    return td1(
        f"{head}{rest}{first}",
        birth="850730",
        sex="M",
        expiry="340106",
        state=state,
        optional=second,
        name="PRUEBA<<ANA",
    )


#: Layouts that people in Belgium carry, by name: the zone, and the number in it.
LAYOUTS = {
    "TD1": (TD1, "D23145890"),
    "TD1 long": (TD1_LONG, "D23145890734"),
    "TD2": (TD2, "D23145890"),
    "TD3": (TD3, "L898902C3"),
    "Belgian eID": (BELGIAN, "000001115702"),
    "old French": (FRENCH, "110675123456"),
    "old French, full fields": (french(), "0808751A2345"),
    "old French, day unknown": (french(birth="8507<<"), "0808751A2345"),
    "French of today": (card_of("FRA", "X4RTBPFW4"), "X4RTBPFW4"),
    "unlimited Spanish": (UNLIMITED, "ABC123456"),
    "Spanish": (card_of("ESP", "ABC123456", first="12345678Z"), "ABC123456"),
    "Italian": (card_of("ITA", "CA00000AA", "C"), "CA00000AA"),
    "Portuguese": (card_of("PRT", "000024759ZZ7", "I"), "000024759ZZ7"),
    "German": (card_of("D", "LZ6311T47", second="2108"), "LZ6311T47"),
    "Dutch": (card_of("NLD", "SPECI2014", "I", first="999999990<<<<<8"), "SPECI2014"),
    "Swiss": (card_of("CHE", "S1A00A00"), "S1A00A00"),
    "Polish": (card_of("POL", "ABC123456", "I"), "ABC123456"),
    "Bulgarian": (card_of("BGR", "640123456", second="8507301234"), "640123456"),
    "Croatian": (card_of("HRV", "112345678", "IO", first="12345678901"), "112345678"),
    "Irish passport card": (card_of("IRL", "C12345678", "IP"), "C12345678"),
    "Luxembourg": (card_of("LUX", "ABCDE1234"), "ABCDE1234"),
    "old Romanian": (td2(), "XR123456"),
    "old Slovak": (td2("I<SVK", "AB123456", state="SVK", optional=""), "AB123456"),
    "Belgian passport": (td3(), "EN123456"),
    "Dutch passport": (td3("SPECI2021", state="NLD"), "SPECI2021"),
}
