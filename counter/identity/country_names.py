"""Names of countries that people use and that Unicode's data do not have.

They are Dutch, French, German and English: short and former names, names of a part that
people use for the country, and abbreviations. counter.identity.countries reads them.
"""

from typing import Final

OTHER_NAMES: Final[dict[str, str]] = {
    "AFG": "Islamitisch Emiraat Afghanistan",
    "ARE": "VAE, UAE, EAU, Emiraten, Emirates, Emirats, Emirate,"
    " Verenigde Emiraten, Dubai,"
    " Abu Dhabi",
    "AUT": "Republik Österreich",
    "ALB": "Shqipëria, Shqipëri",
    "BGR": "Bulgaria, Balgarija",
    "BRA": "Brasil",
    "BEL": "Vlaanderen, Wallonië, Flandre, Flandres, Wallonie, Flandern, Flanders",
    "BEN": "Dahomey, DHY",
    "BFA": "Opper-Volta, Haute-Volta, Obervolta, Upper Volta, Boven-Volta, HVO",
    "BIH": "Bosnië, Bosnie, Bosnien, Bosnia, Herzegovina, Bosnië-Herzegovina,"
    " Bosnia-Herzegovina, Bosnien-Herzegowina",
    "BLR": "Wit-Rusland, Witrusland, Weissrussland, Weißrussland, Bélarus,"
    " White Russia,"
    " Byelorussia, Bielorusland,"
    " BYS",
    "BOL": "Plurinationale Staat Bolivia",
    "BRN": "Brunei Darussalam",
    "BTN": "Bhoetan",
    "CAF": "CAR, RCA, ZAR Bangui, Centraal-Afrika, Centrafrique, Zentralafrika",
    "CHE": "Svizzera, Svizra, SUI,"
    " Zwitserse Bondsstaat, Confédération suisse, Eidgenossenschaft, Helvetia,"
    " Confoederatio Helvetica",
    "CHN": "Volksrepubliek China, VR China, PRC, People's Republic of China,"
    " République populaire de Chine, Rood China, Tibet",
    "CIV": "Ivoorkust, Ivory Coast, Elfenbeinküste, Côte d'Ivoire, Cote Ivoire",
    "COD": "DR Congo, DRC, RDC, DRK, Zaïre, Zaire, Congo Kinshasa, Kongo Kinshasa,"
    " Belgisch Congo, Congo belge, Democratische Republiek Congo, Dem. Rep. Congo,"
    " Republiek Democratisch Congo, République démocratique du Congo, RD Congo,"
    " Demokratische Republik Kongo, DR Kongo, Democratic Republic of the Congo,"
    " Congo-Zaïre, République du Zaïre, ZR",
    "COG": "Congo Brazzaville, Kongo Brazzaville, Congo Brazza, Republiek Congo,"
    " République du Congo, Republik Kongo, Republic of the Congo, Congo Republic,"
    " Volksrepubliek Congo,"
    " Frans-Congo, Congo français, French Congo, Französisch-Kongo,"
    " Midden-Congo, Moyen-Congo",
    "COM": "Comores, Komoren",
    "CPV": "Kaapverdië, Cabo Verde, Cap-Vert, Kapverden, Kapverdische Inseln,"
    " Kaapverdische Eilanden, Cape Verde Islands",
    "CYP": "Noord-Cyprus, Kypros",
    "CZE": "Tsjechische Republiek, Czech Republic, République tchèque, Tschechei,"
    " Tschechische Republik, Bohemen",
    "DEU": "GER, Beieren, Bavaria, Bayern,"
    " Bondsrepubliek, BRD, RFA, FRG, Bundesrepublik, DDR, West-Duitsland,"
    " Oost-Duitsland, Federale Republiek Duitsland, République fédérale d'Allemagne,"
    " DD",
    "DOM": "Dominicaanse Rep., Santo Domingo, Dominikanische Rep.,"
    " Dom. Rep., Rép. Dom., Rep. Dominicana, Rép. Dominicaine",
    "DNK": "Danmark",
    "ERI": "Eritrea",
    "ESH": "West-Sahara, Sahara occidental",
    "ESP": "España, Canarische Eilanden, Catalonië, Baskenland, Balearen",
    "EST": "Eesti",
    "ETH": "Abessinië, Abyssinie, Abessinien, Abyssinia",
    "FIN": "Suomi",
    "FRA": "République française, Franse Republiek, Corsica",
    "GBR": "VK, UK, GB, Groot-Brittannië, Groot-Brittanië, Grande-Bretagne,"
    " Grossbritannien, Großbritannien, Great Britain, Britain, Brittannië, Engeland,"
    " England, Angleterre, Schotland, Scotland, Schottland, Écosse, Wales,"
    " Pays de Galles, Noord-Ierland, Northern Ireland, Irlande du Nord, Nordirland,"
    " Verenigd Koninkrijk van Groot-Brittannië en Noord-Ierland,"
    " United Kingdom of Great Britain and Northern Ireland",
    "GHA": "Goudkust, Gold Coast",
    "GMB": "Gambia, The Gambia",
    "GNB": "Guinee-Bissau, Portugees-Guinea",
    "GNQ": "Guinea Ecuatorial, Spaans-Guinea",
    "GRC": "EL, Hellas, Helleense Republiek, Hellenic Republic",
    "HUN": "Magyarország",
    "HKG": "Hongkong, Hong Kong, HKSAR",
    "HRV": "Hrvatska",
    "IDN": "Nederlands-Indië, Bali, Java",
    "IND": "Bharat",
    "IRL": "Eire, Republiek Ierland, Republic of Ireland, Ierse Republiek",
    "IRN": "Perzië, Perse, Persien, Persia, Islamitische Republiek Iran",
    "IRQ": "Iraaks-Koerdistan, Irak",
    "ISR": "Israël",
    "ITA": "Italia, Sicilië, Sardinië",
    "JPN": "Nippon",
    "KGZ": "Kirgizië, Kirgizstan, Kirghizie, Kirghizistan, Kirgistan, Kirgisien,"
    " Kirgisistan",
    "KHM": "Kampuchea, Khmerrepubliek",
    "KNA": "Saint Kitts, St. Kitts, Saint Christopher and Nevis",
    "KOR": "Republiek Korea, Republic of Korea, République de Corée,"
    " Republik Korea, ROK",
    "LAO": "Laos, Lao PDR",
    "LBY": "Libië, Lybië, Libische Arabische Jamahiriya",
    "LIE": "Vorstendom Liechtenstein",
    "LKA": "Ceylon, Ceilan",
    "LUX": "Groothertogdom Luxemburg, Grand-Duché de Luxembourg, Grand-Duché,"
    " Grossherzogtum Luxemburg, Letzebuerg",
    "LTU": "Lietuva",
    "LVA": "Letland, Latvija",
    "MAC": "Macao, Macau",
    "MAR": "Maroc, Marokko",
    "MDA": "Moldova, Moldavië, Moldavie, Moldau, Moldawien, Transnistrië",
    "MDV": "Maladiven, Malediven, Îles Maldives",
    "MEX": "México",
    "MHL": "Marshall",
    "MKD": "Macedonië, Macédoine, Mazedonien, Macedonia, FYROM, ARYM, Noord-Macedonia,"
    " Voormalige Joegoslavische Republiek Macedonië, Nordmazedonien",
    "MUS": "Île Maurice",
    "MMR": "Birma, Birmanie, Burma, Myanmar, Birmania, BUR, BU",
    "MNE": "Montenegro, Crna Gora",
    "MNG": "Mongolië, Buiten-Mongolië",
    "MYS": "Maleisië, Maleisie, Malakka",
    "NAM": "Zuidwest-Afrika",
    "NLD": "Holland, Hollande, The Netherlands, Koninkrijk der Nederlanden,"
    " Bonaire, Saba, Sint-Eustatius",
    "NGA": "NGR",
    "NOR": "Norge, Noreg",
    "NZL": "New-Zealand",
    "PAK": "Pakistan",
    "POL": "Polska",
    "PYF": "Tahiti",
    "PLW": "Belau",
    "PNG": "Papua, Papoea",
    "PRK": "DPRK, Democratische Volksrepubliek Korea,"
    " Democratic People's Republic of Korea,"
    " République populaire démocratique de Corée, Demokratische Volksrepublik Korea",
    "PRT": "Madeira, Azoren",
    "PSE": "Palestina, Palestine, Palästina, Palestijnse Staat, State of Palestine,"
    " Gaza,"
    " Westelijke Jordaanoever, Palestijnse Autoriteit, Palestinian Authority,"
    " Westbank, West Bank, Westoever, Westelijke Oever, Cisjordanie,"
    " Westjordanland, Gazastrook, Gaza-strook, Bande de Gaza, Gazastreifen,"
    " Gaza Strip, Jordaanoever, Palestijnse Gebieden",
    "RKS": "Kosovo, Republiek Kosovo, XK, XKX, XXK, Kosova",
    "ROU": "ROM, România, Roumania, Rumänien, Roemenie",
    "RUS": "Tsjetsjenië, Russische Federatie, Russian Federation, Fédération de Russie,"
    " Russische Föderation, Russland, Rossija",
    "SAU": "Saoedi-Arabië, Saudi-Arabië, Saoudi-Arabië, KSA, Arabië",
    "SLV": "Salvador",
    "SMR": "San Marino",
    "SRB": "Servië, Serbie, Srbija",
    "SSD": "Zuid-Sudan, Soudan Sud",
    "STP": "Sao Tomé, Saint Thomas en Prince",
    "SUR": "Nederlands-Guyana, Suriname, Surinam",
    "SWE": "Sverige",
    "SVK": "Slovensko, Slowaakse Republiek, Slovak Republic, Slowakije, Slowakei,"
    " République slovaque, Slowakische Republik",
    "SVN": "Slovenija, Slovenië, Slowenien",
    "SWZ": "Swaziland, Souaziland, Swasiland, eSwatini",
    "SYR": "Syrië, Syrische Arabische Republiek, Syrian Arab Republic",
    "TCD": "Tsjaad, Tchad, Tschad, Chad",
    "TJK": "Tadzjikistan, Tadjikistan, Tadschikistan",
    "TKM": "Turkmenië, Turkmenistan",
    "TLS": "Oost-Timor, Timor, East Timor, Timor oriental, Osttimor, Timor Leste,"
    " TMP, TP",
    "TTO": "Trinidad, Tobago",
    "TUR": "Turkije, Turquie, Türkei, Turkey, Türkiye, Turkiye",
    "TWN": "Formosa, Republiek China, Republic of China, République de Chine,"
    " Republik China, Chinees Taipei, Chinese Taipei",
    "TZA": "Tanganyika, Zanzibar, Verenigde Republiek Tanzania,"
    " United Republic of Tanzania",
    "UKR": "Oekraine, Oekraïne, Krim, Ukrajina",
    "USA": "VS, US, USA, U.S.A., Amerika, America, Amérique, VSA, USVA, EUA,"
    " Verenigde Staten van Amerika, United States of America, The States,"
    " États-Unis d'Amérique, Etats Unis, Vereinigte Staaten von Amerika, Hawaï, Alaska",
    "UZB": "Oezbekië",
    "VAT": "Vaticaan, Vatican, Vatikan, Heilige Stoel, Saint-Siège, Holy See,"
    " Heiliger Stuhl",
    "VCT": "Saint Vincent, St. Vincent",
    "VEN": "Venezuela, Bolivariaanse Republiek Venezuela",
    "VNM": "Vietnam, Viet Nam, Zuid-Vietnam, Noord-Vietnam",
    "WSM": "West-Samoa, Samoa",
    "YEM": "Jemen, Yémen, Zuid-Jemen, Noord-Jemen, YMD, YD",
    "ZAF": "RSA, Zuid-Afrika, South-Africa, Republiek Zuid-Afrika, Sud-Afrique",
    "ZMB": "Noord-Rhodesië",
    "ZWE": "Rhodesië, Rhodésie, Rhodesien, Rhodesia, Zuid-Rhodesië, RHO",
    "GIN": "Guinée-Conakry, Guinee-Conakry, Guinea-Conakry, Conakry",
    "SDN": "Noord-Soedan, Noord-Sudan, Soudan du Nord, Nordsudan, North Sudan",
    "THA": "Siam",
    "MLI": "Frans-Soedan, Soudan français, French Sudan",
    "EUE": "Europese Unie, Union européenne, Europäische Union, European Union, UE,"
    " Laissez-passer EU",
    "UNO": "Verenigde Naties, Nations Unies, Vereinte Nationen, United Nations, ONU,"
    " UN, Laissez-passer UN",
    "XOM": "Orde van Malta, Ordre de Malte, Malteserorden, Order of Malta, SMOM",
    "XXA": "staatloos, staatloze, apatride, staatenlos, stateless",
    "XXB": "vluchteling, réfugié, Flüchtling, refugee",
    "XXX": "onbekende nationaliteit, nationaliteit onbekend",
}

#: Names that more than one country has, or that a country of the past had.
AMBIGUOUS: Final[dict[str, str]] = {
    "Congo, Kongo": "COD COG",
    "Korea, Corée": "KOR PRK",
    "Maagdeneilanden, Virgin Islands, Îles Vierges, Jungferninseln": "VGB VIR",
    "Joegoslavië, Yougoslavie, Jugoslawien, Yugoslavia, Jugoslavija, YUG,"
    " YU": "SRB HRV BIH SVN MKD MNE RKS",
    "Servië en Montenegro, Serbie-et-Monténégro, Serbia and Montenegro,"
    " Serbien und Montenegro, SCG": "SRB MNE",
    "CS": "CZE SVK SRB MNE",
    "Tsjecho-Slowakije, Tsjechoslowakije, Tchécoslovaquie, Tschechoslowakei,"
    " Czechoslovakia, CSK, TCH": "CZE SVK",
    "Sovjet-Unie, Sowjet-Unie, USSR, URSS, UdSSR, Sowjetunion, Soviet Union,"
    " Union soviétique, SUN, SU": "RUS UKR BLR ARM GEO KAZ",
    "Rwanda-Urundi, Ruanda-Urundi": "RWA BDI",
    "Guyana's, Guinees": "GUY SUR GIN GNB GNQ",
    "Nederlandse Antillen, Antillen, Antilles néerlandaises,"
    " Niederländische Antillen, ANT": "NLD CUW SXM ABW",
    "ZAR": "COD ZAF",
    "Saint, Sint": "LCA VCT KNA STP SMR",
    "EU, É.-U.": "EUE USA",
    "Koerdistan, Kurdistan": "IRQ TUR IRN SYR",
}

#: Issuers without an ISO code: British nationals, organisations, Kosovo, and papers of
#: stateless persons, refugees and persons of unknown nationality (ICAO 9303, part 3).
ICAO_ONLY: Final = """
    EUE GBD GBN GBO GBP GBS IAO RKS UNA UNK UNO XAA XBA XCC XCE XCO XDC XEC XES XIM
    XMP XOM XPO XXA XXB XXC XXX
"""

#: Codes that are no country of today: former ones, Unicode's own, and "unknown".
GONE: Final = """
    AAA BUR DDR FXX NTZ QMM QNN QPP QQQ QRR QSS QTT QUU QVV QWW QXX QYY QZZ SUN TMP
    YMD YUG ZAR ZZZ
"""

#: Words by which countries cannot be distinguished.
SMALL_WORDS: Final = """
    a an and d das de den der des die du el en et het in l la le les of t the und van
    von
"""

#: Words before a country's name that say what the state is or was. They are without
#: accents, because words are compared without them.
KINDS: Final = """
    ancien ancienne arab arabische bondsrepubliek bundesrepublik commonwealth ehemalige
    ehemaligen ehemaliges etat ex fed federal federale federatieve federation former
    furstentum groothertogdom grossherzogtum islamic islamique islamische islamitische
    keizerrijk kingdom konigreich koninkrijk populaire principality principaute rep
    republic republiek republik republique royaume socialist socialistische
    sozialistische staat state sultanaat sultanat sultanate volksrep volksrepubliek
    volksrepublik voormalig voormalige vorstendom
"""
