"""The people of the past visits that `visits` makes.

National numbers are those that docs/domain.md prints, never a real person's. Addresses
end in example.org, which belongs to nobody.
"""

import datetime
from dataclasses import dataclass
from decimal import Decimal

from activation.enums import CodeState, KeyKind
from counter.enums import DossierState, Language, Reason, RedirectReason


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One past visit: the person, the day, and the state that the dossier reached."""

    name: str
    national_number: str
    first_names: str
    last_name: str
    birth_date: datetime.date | None
    document_type: str
    document_number: str
    document_country: str
    days_ago: int
    ends_as: DossierState
    desk: str = "els"
    language: Language = Language.NL
    reason: Reason = Reason.NO_OTHER_KEY
    #: The cash that was handed over, in euros; None for a payment by card.
    tendered: Decimal | None = Decimal("10.00")
    key: KeyKind | None = None
    code_ends_as: CodeState = CodeState.LIVE
    is_refused: bool = False

    @property
    def email(self) -> str:
        return f"{self.name}@example.org"


VISITS = (
    Visit(
        name="marie.peeters",
        national_number="75.06.08-980.09",
        first_names="Marie",
        last_name="Peeters",
        birth_date=datetime.date(1975, 6, 8),
        document_type="BE_EID",
        document_number="591191706458",
        document_country="BEL",
        days_ago=201,
        ends_as=DossierState.ACTIVATED,
        reason=Reason.LEAVING,
        language=Language.FR,
        key=KeyKind.APP,
    ),
    Visit(
        name="abel.haile",
        national_number="80.24.01-999.43",
        first_names="Abel",
        last_name="Haile",
        birth_date=datetime.date(1980, 4, 1),
        document_type="FOR_PASS",
        document_number="EP4471209",
        document_country="ETH",
        days_ago=33,
        ends_as=DossierState.ACTIVATED,
        desk="bart",
        language=Language.EN,
        tendered=None,
        key=KeyKind.EMAIL,
    ),
    Visit(
        name="jozef.lemmens",
        national_number="42.01.22-051.81",
        first_names="Jozef",
        last_name="Lemmens",
        birth_date=datetime.date(1942, 1, 22),
        document_type="BE_EID",
        document_number="591201099997",
        document_country="BEL",
        days_ago=26,
        ends_as=DossierState.LAPSED,
        tendered=Decimal("50.00"),
    ),
    Visit(
        name="tom.vanacker",
        national_number="81.05.00-035.52",
        first_names="Tom",
        last_name="Vanacker",
        birth_date=datetime.date(1981, 5, 17),
        document_type="BE_PASS",
        document_number="GA204417",
        document_country="BEL",
        days_ago=6,
        ends_as=DossierState.CANCELLED,
        desk="bart",
    ),
    Visit(
        name="lucas.willems",
        national_number="00.02.29-997.19",
        first_names="Lucas",
        last_name="Willems",
        birth_date=datetime.date(2000, 2, 29),
        document_type="BE_PASS",
        document_number="EP118833",
        document_country="BEL",
        days_ago=3,
        ends_as=DossierState.CODE_ISSUED,
        tendered=None,
    ),
    Visit(
        name="karim.haddad",
        national_number="98.47.28-997.65",
        first_names="Karim",
        last_name="Haddad",
        birth_date=datetime.date(1998, 7, 28),
        document_type="BE_RES",
        document_number="B012345678",
        document_country="BEL",
        days_ago=2,
        ends_as=DossierState.CODE_ISSUED,
        desk="bart",
        language=Language.FR,
        code_ends_as=CodeState.LOCKED,
    ),
    Visit(
        name="gert.lindner",
        national_number="92.52.15-069.31",
        first_names="Gert",
        last_name="Lindner",
        birth_date=datetime.date(1992, 12, 15),
        document_type="EU_ID",
        document_number="L01X00T47",
        document_country="D",
        days_ago=1,
        ends_as=DossierState.CODE_ISSUED,
        language=Language.DE,
        tendered=Decimal("20.00"),
        is_refused=True,
    ),
    Visit(
        name="samuel.okafor",
        national_number="23.29.28-057.80",
        first_names="Samuel",
        last_name="Okafor",
        birth_date=datetime.date(1923, 9, 28),
        document_type="BE_AI",
        document_number="AI2209147",
        document_country="BEL",
        days_ago=0,
        ends_as=DossierState.RECORDED,
        desk="bart",
        language=Language.EN,
    ),
)


@dataclass(frozen=True, kw_only=True)
class FreeRoute:
    """A past visit of somebody who could make a key online, of whom nothing is kept."""

    name: str
    days_ago: int
    reason: RedirectReason
    desk: str = "els"


TURNED_AWAY = (
    FreeRoute(name="somebody.with.itsme", days_ago=9, reason=RedirectReason.ITSME),
)
