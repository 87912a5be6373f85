"""Whether two names can be names of the same person."""

import unicodedata

import pytest

from counter.identity.spelling import (
    Difference,
    PersonName,
    compare,
    is_same,
    keep_spelling,
)
from counter.identity.transliteration import is_readable, words
from counter.paper import print_font

# A known name, and how the zone of a passport or card writes it: ICAO 9303 part 3,
# section 6.
TRANSLITERATED = [
    (("Müller", "Jürgen"), ("MUELLER", "JUERGEN")),
    (("Müller", "Jürgen"), ("MUXXLLER", "JUXXRGEN")),
    (("Müller", "Jürgen"), ("MULLER", "JURGEN")),
    (("Müller-Lüdenscheidt", "Jörg"), ("MUELLER LUEDENSCHEIDT", "JOERG")),
    (("Weiß", "Groß"), ("WEISS", "GROSS")),
    (("Åkesson", "Håkan"), ("AAKESSON", "HAAKAN")),
    (("Åkesson", "Håkan"), ("AKESSON", "HAKAN")),
    (("Sørensen", "Bjørn"), ("SOERENSEN", "BJOERN")),
    (("Ærø", "Kærsti"), ("AEROE", "KAERSTI")),
    (("Cœur", "Zoë"), ("COEUR", "ZOE")),
    (("Þórðardóttir", "Guðrún"), ("THORDARDOTTIR", "GUDRUN")),
    (("Núñez", "Íñigo"), ("NUNXXEZ", "INXXIGO")),
    (("Núñez", "Íñigo"), ("NUNEZ", "INIGO")),
    (("Łukaszewski", "Paweł"), ("LUKASZEWSKI", "PAWEL")),
    (("Đorđević", "Đurđa"), ("DORDEVIC", "DURDA")),
    (("Işık", "İbrahim"), ("ISIK", "IBRAHIM")),
    (("Ħaġġar", "Ġużè"), ("HAGGAR", "GUZE")),
    (("Őze", "Gyűrű"), ("OZE", "GYURU")),
    (("Nguyễn", "Văn Đức"), ("NGUYEN", "VAN DUC")),
    (("O'Neill", "Seán"), ("ONEILL", "SEAN")),
    (("d’Hondt", "Marie-Hélène"), ("DHONDT", "MARIE HELENE")),
    (("Van den Berghe", "Jan"), ("VANDENBERGHE", "JAN")),
    (("Ĳzerman", "Jan"), ("IJZERMAN", "JAN")),
    (("Əliyev", "Fərid"), ("ALIYEV", "FARID")),
    (("Mbɨ", "Nfɨkɑ"), ("MBI", "NFIKA")),
    (("Lʉm", "Ʋɩ"), ("LUM", "VI")),
    (("Fonʔ", "Ʒan"), ("FON", "ZAN")),
    (("Ɠaɗo", "Ʊzʌ"), ("GADO", "UZA")),
    (("Иванова", "Юлия"), ("IVANOVA", "IULIIA")),
    (("Παπαδόπουλος", "Γιώργος"), ("PAPADOPOULOS", "GIORGOS")),
    (("Μπέης", "Ντίνος"), ("BEIS", "DINOS")),
    (("Μπέης", "Γκίκας"), ("MPEIS", "GKIKAS")),
    (("Γκίκας", "Αντώνης"), ("GIKAS", "ANTONIS")),
    (("Mu\u0308ller", "Jurgen"), ("Müller", "Jürgen")),
]


@pytest.mark.parametrize(("known", "scanned"), TRANSLITERATED)
def test_a_transliteration_is_the_same_name_and_keeps_its_spelling(
    known: tuple[str, str], scanned: tuple[str, str]
) -> None:
    one, other = PersonName(*known), PersonName(*scanned)
    assert compare(one, other) is Difference.NONE
    assert compare(other, one) is Difference.NONE
    assert keep_spelling(one, other) == one


@pytest.mark.parametrize(
    ("one", "other", "difference"),
    [
        (("Peeters", "Marie"), ("Marie", "Peeters"), Difference.ORDER),
        (("Van Damme", "Jan"), ("Damme", "Jan Van"), Difference.ORDER),
        (("Peeters", "Marie Anna"), ("Peeters", "Anna Marie"), Difference.ORDER),
        (("Peeters", "Marie Louise"), ("Peeters", "Marie"), Difference.GIVEN_NAMES),
        (("Peeters", "Marie L."), ("Peeters", "Marie Louise"), Difference.GIVEN_NAMES),
        (("Peeters", "M."), ("Peeters", "Marie"), Difference.GIVEN_NAMES),
        (
            ("Peeters", "Annemarie"),
            ("Peeters", "Anne Marie Lucie"),
            Difference.GIVEN_NAMES,
        ),
        (("Peeters", "Marie"), ("Peeters-Claes", "Marie"), Difference.LAST_NAME),
        (("Peeters", "Marie"), ("Claes Peeters", "Marie Anna"), Difference.LAST_NAME),
        (("García López", "Ana"), ("Garcia", "Ana"), Difference.LAST_NAME),
        (("El Idrissi", "Mohammed"), ("Idrissi", "Muhammad"), Difference.LAST_NAME),
        (
            ("Kowalska", "Agnieszka"),
            ("Kowalska Nowak", "Agneszka"),
            Difference.LAST_NAME,
        ),
        (("Peeters", "Marie"), ("Claes-Peeters", "Lucas"), Difference.WHOLLY),
        (("Novák", "Jana"), ("Nováková", "Jana"), Difference.LAST_NAME),
        (("Novák", "Jan"), ("Nováková", "Eva"), Difference.WHOLLY),
        (("Janssens", "Peter"), ("Jansens", "Peter"), Difference.SPELLING),
        (("Wouters", "Jan"), ("Woutres", "Jan"), Difference.SPELLING),
        (("Mohammed", "Ahmed"), ("Muhamad", "Achmed"), Difference.SPELLING),
        (("محمد", "علي"), ("MOHAMED", "ALI"), Difference.SCRIPT),
        (("Peeters", "Marie"), ("Claes", "Leila"), Difference.WHOLLY),
        (("Peeters", "Marie"), ("Peeters", "Lucas"), Difference.WHOLLY),
        (("Peeters", "Marie"), ("Claes", "Marie"), Difference.WHOLLY),
        (("El Amrani", "Fatima"), ("El Idrissi", "Fatima"), Difference.WHOLLY),
        (("Van den Berg", "Jan"), ("Van den Broeck", "Jan"), Difference.WHOLLY),
        (("Иванова", "Юлия"), ("Claes", "Marie"), Difference.WHOLLY),
        (("Peeters", "Jan"), ("Peeters", "Janneke"), Difference.WHOLLY),
        (("Peeters", ""), ("Claes-Peeters", "Marie"), Difference.WHOLLY),
    ],
)
def test_how_far_two_names_are_apart(
    one: tuple[str, str], other: tuple[str, str], difference: Difference
) -> None:
    assert compare(PersonName(*one), PersonName(*other)) is difference
    assert compare(PersonName(*other), PersonName(*one)) is difference


def test_a_name_by_marriage_needs_the_same_birth_date() -> None:
    before, after = PersonName("Peeters", "Marie"), PersonName("Schmidt", "Marie")
    married = compare(before, after, same_birth_date=True)
    assert married is Difference.LAST_NAME
    twin = PersonName("Schmidt", "Lucas")
    assert compare(before, twin, same_birth_date=True) is Difference.WHOLLY


LONG = PersonName("Nilavadhanananda", "Chayapa Dejthamrong Krasuang")


@pytest.mark.parametrize(
    "scanned",
    [
        ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG K"),
        ("NILAVADHANANANDA", "CHAYAPA DEJ"),
        ("NILAVADHANANANDA", "CHAYAPA D K"),
        ("NILAVADHANANANDA", "CHAYAPA"),
        ("NILAVADHANANANDA", ""),
        ("NILAVADHAN", "CHAYAPA DEJTHAMRONG"),
    ],
)
def test_a_full_zone_cuts_names_off(scanned: tuple[str, str]) -> None:
    name = PersonName(*scanned)
    assert is_same(LONG, name, cut_off=True)
    assert keep_spelling(LONG, name, cut_off=True) == LONG
    assert not is_same(LONG, name)


@pytest.mark.parametrize(
    "scanned",
    [
        ("NILAVADHANANANDA", "ARNPOL PETCH CHARONGUANG"),
        ("CLAES", "CHAYAPA DEJTHAMRONG"),
        ("NILAVADHANANANDA", "CHAYAPA DEJTHAMRONG KRASUANG PETCH"),
    ],
)
def test_a_full_zone_of_somebody_else_is_another_name(
    scanned: tuple[str, str],
) -> None:
    assert not is_same(LONG, PersonName(*scanned), cut_off=True)


def test_of_another_name_the_known_words_keep_their_spelling() -> None:
    known = PersonName("Müller", "Jürgen")
    kept = keep_spelling(known, PersonName("Mueller", "Juergen Soeren"))
    assert kept == PersonName("Müller", "Jürgen Soeren")


def test_a_name_of_the_greatest_length_is_compared_at_once() -> None:
    one = PersonName("ü" * 100, "aa " * 33)
    other = PersonName("ue" * 50, "ab " * 33)
    assert compare(one, other) is Difference.WHOLLY


def test_every_latin_letter_that_is_printed_has_a_reading_in_a_to_z() -> None:
    letters = [
        sign
        for sign in map(chr, range(0x80, 0x10000))
        if unicodedata.name(sign, "").startswith("LATIN ")
        and sign.isalpha()
        and not print_font.missing(sign)
    ]
    unread = [
        letter for letter in letters if not all(map(is_readable, words(f"a{letter}")))
    ]
    assert len(letters) > 400
    assert unread == []
