"""Countries as people call them, in four languages and by code."""

import pytest
from babel import Locale
from django.test import Client
from django.utils import translation

from counter.identity import countries
from counter.identity.country_names import AMBIGUOUS, OTHER_NAMES
from counter.identity.country_own_names import OWN_NAMES
from tests.counter.dossiers.record_form import URL, typed

CALLED = {
    "GBR": "VK vk Engeland Groot-Brittannië Schotland England Angleterre UK GB Wales "
    "Großbritannien Grossbritannien Grande-Bretagne",
    "NLD": "Holland Nederland Pays-Bas Niederlande NL nld",
    "USA": "USA VS Amerika Amérique us États-Unis",
    "MMR": "Birma Myanmar Burma Birmanie",
    "SWZ": "Swaziland Eswatini",
    "CIV": "Ivoorkust Elfenbeinküste",
    "CZE": "Tsjechië Tsjechie Tschechei Czechia Tchéquie",
    "MKD": "Macedonië Noord-Macedonië Mazedonien FYROM",
    "PSE": "Palestina Palästina",
    "RKS": "Kosovo RKS XKX XXK XK",
    "TUR": "Turkije Türkiye Turquie Turkey",
    "BLR": "Wit-Rusland Belarus Weißrussland Biélorussie",
    "DEU": "D DE DEU Duitsland Allemagne Deutschland",
    "QAT": "QAT qa Qatar Katar",
    "COD": "COD CD Congo-Kinshasa Zaïre RDC",
    "COG": "COG Congo-Brazzaville",
    "GBD": "GBD",
    "UNO": "UNO",
    "XOM": "XOM",
    "CHE": "Zwitserland Suisse Schweiz CH",
}


@pytest.mark.parametrize(
    ("text", "code"),
    [(text, code) for code, texts in CALLED.items() for text in texts.split()]
    + [
        ("the Netherlands", "NLD"),
        ("U.A.E.", "ARE"),
        ("U A E", "ARE"),
        ("E.A.U.", "ARE"),
        ("E.U.A.", "USA"),
        ("the U.A.E.", "ARE"),
        ("les E.A.U.", "ARE"),
        ("l'E.A.U.", "ARE"),
        ("de V.A.E.", "ARE"),
        ("die B.R.D.", "DEU"),
        ("la R.D.C.", "COD"),
        ("les E.U.A.", "USA"),
        ("cote d ivoire", "CIV"),
        ("ST", "STP"),
        ("Guin\u00e9e-Conakry", "GIN"),
        ("Dom. Rep.", "DOM"),
        ("Rep. Dominicana", "DOM"),
        ("Rep. Dom.", "DOM"),
        ("Westbank", "PSE"),
        ("Boven-Volta", "BFA"),
        ("Congo-Za\u00efre", "COD"),
        ("Frans-Congo", "COG"),
        ("Noord-Soedan", "SDN"),
        ("Siam", "THA"),
        ("Sud-Afrique", "ZAF"),
        ("Surinam", "SUR"),
        ("Ex-Za\u00efre", "COD"),
        ("\u010cesko", "CZE"),
        ("\u0420\u043e\u0441\u0441\u0438\u044f", "RUS"),
        ("\u0423\u043a\u0440\u0430\u0457\u043d\u0430", "UKR"),
        ("\u0395\u03bb\u03bb\u03ac\u03b4\u03b1", "GRC"),
        ("\u0627\u0644\u0645\u063a\u0631\u0628", "MAR"),
        ("\u65e5\u672c", "JPN"),
        ("u.k.", "GBR"),
        ("D.", "DEU"),
        ("Les Pays-Bas", "NLD"),
        ("L'Espagne", "ESP"),
        ("la c\u00f4te d\u2019ivoire", "CIV"),
        ("Cote d'Ivoire", "CIV"),
        ("Koninkrijk Belgi\u00eb", "BEL"),
        ("Kingdom of Belgium", "BEL"),
        ("Bundesrepublik Deutschland", "DEU"),
        ("Democratische Republiek Congo", "COD"),
        ("Republiek Congo", "COG"),
        ("R\u00e9publique du Congo", "COG"),
        ("Wit Rusland", "BLR"),
        ("St. Lucia", "LCA"),
        ("Sint Lucia", "LCA"),
        ("Bosnia & Herzegovina", "BIH"),
        ("  zuid  KOREA ", "KOR"),
        ("Republic of China", "TWN"),
        ("U.S.A.", "USA"),
        ("U.K.", "GBR"),
        ("Oesterreich", "AUT"),
        ("SUEDAFRIKA", "ZAF"),
        ("Volksrepubliek Bangladesh", "BGD"),
        ("Arabische Republiek Egypte", "EGY"),
        ("Federal Republic of Germany", "DEU"),
        ("Principauté de Monaco", "MCO"),
    ],
)
def test_a_country_is_read_as_people_call_it(text: str, code: str) -> None:
    assert countries.read(text) == code


@pytest.mark.parametrize("language", ["nl", "en", "fr", "de"])
def test_every_country_is_read_by_its_name_and_its_codes(language: str) -> None:
    names = Locale(language).territories
    for three, two in countries._alpha2_of().items():
        for text in (three, two, three.lower(), names[two], names[two].upper()):
            assert countries.read(text) == three


def test_each_other_name_is_of_its_country_and_of_no_other() -> None:
    for code, names in (*OTHER_NAMES.items(), *OWN_NAMES.items()):
        for name in names.split(","):
            assert countries.read(name) == code, name
    for names, codes in AMBIGUOUS.items():
        for name in names.split(","):
            assert countries.read(name) is None
            assert countries.meant(name) == codes.split()


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Congo", "COD"),
        ("Kongo", "COD"),
        ("Republiek Korea Korea", "KOR"),
        ("Frankrik", "FRA"),
        ("Duitslnad", "DEU"),
        ("Portu", "PRT"),
        ("Vatikaan", "VAT"),
        ("Congo (DRC)", "COD"),
        ("Congo, Dem. Rep.", "COD"),
        ("Rep. Korea", "KOR"),
        ("Antillen", "NLD"),
        ("Korea-Zuid", "KOR"),
        ("Korea Noord", "PRK"),
        ("Tanzania, United Republic of", "TZA"),
        ("Oost-Congo", "COD"),
        ("Ex-Joegoslavi\u00eb", "SRB"),
        ("voormalige Sovjet-Unie", "RUS"),
        ("YUG", "SRB"),
        ("CS", "CZE"),
        ("SU", "RUS"),
        ("E.U.", "EUE"),
    ],
)
def test_what_is_not_certain_is_asked_about(text: str, first: str) -> None:
    assert countries.read(text) is None
    assert countries.meant(text)[0] == first


@pytest.mark.parametrize(
    "text", ["Saint", "Sint", "San", "Sankt", "Sainte", "St", "St.", "st"]
)
def test_a_saint_without_a_name_is_no_code_of_a_country(text: str) -> None:
    assert countries.read(text) is None
    assert {"LCA", "VCT", "KNA", "STP"} <= set(countries.meant(text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "Zz",
        "12",
        "\u0000",
        "a" * 5000,
        "Atlantis",
        "B&H",
        "n/a",
    ],
)
def test_what_is_no_country_is_none(text: str) -> None:
    assert countries.read(text) is None
    assert countries.meant(text) == []


def test_the_clerk_is_asked_which_congo(els_client: Client) -> None:
    form = typed(document_type="FOR_PASS", document_country="Congo")
    answer = els_client.post(URL, form)
    (error,) = answer.context["form"].errors["document_country"]
    assert "COD" in error
    assert "COG" in error
    assert els_client.post(URL, form | {"document_country": "COD"}).status_code == 303


def test_names_are_suggested_in_the_readers_language(els_client: Client) -> None:
    page = els_client.get(URL).content.decode()
    assert 'list="countries"' in page
    assert '<datalist id="countries">' in page
    assert 'value="United Kingdom" label="GBR"' in page
    assert 'value="Engeland" label="GBR, United Kingdom"' in page
    with translation.override("nl"):
        assert 'value="Verenigd Koninkrijk" label="GBR"' in countries.suggestions()
