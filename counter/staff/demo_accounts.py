"""The demo accounts of the local run, and the data of one person to serve.

The demo password is public, so it must not work elsewhere: `StaffBackend` refuses it
when DEMO_ALLOWED is off, and `counter.checks` reports accounts that have it.
"""

import datetime
from dataclasses import dataclass

from counter.enums import Role

DEMO_PASSWORD = "sleutels-voor-leuven"  # noqa: S105 (printed for everybody)
DEMO_OFFICE = "Stadskantoor Leuven"


@dataclass(frozen=True)
class DemoAccount:
    username: str
    first_name: str
    last_name: str
    role: Role
    desk: str = ""
    password: str = DEMO_PASSWORD

    @property
    def email(self) -> str:
        """The account's address; its mails come to the demo inbox."""
        return f"{self.username}@stadskantoor.example"


DEMO_ACCOUNTS = (
    DemoAccount("els", "Els", "Claes", Role.CLERK, "Loket 1"),
    DemoAccount("bart", "Bart", "Maes", Role.CLERK, "Loket 2"),
    DemoAccount("sofie", "Sofie", "Wouters", Role.SUPERVISOR),
    DemoAccount("karel", "Karel", "Goossens", Role.FINANCE),
    DemoAccount("nadia", "Nadia", "Peeters", Role.AUDITOR),
    DemoAccount("tom", "Tom", "Mertens", Role.ADMINISTRATOR),
)


@dataclass(frozen=True)
class DemoApplicant:
    """What a person shows at the desk; the number is one of docs/domain.md."""

    national_number: str
    first_names: str
    last_name: str
    birth_date: datetime.date
    document_type: str
    document_number: str
    document_country: str
    document_expiry: datetime.date
    email: str


#: Not among the demo data in the database: it is for typing when trying the product.
DEMO_APPLICANT = DemoApplicant(
    national_number="85.07.30-033.28",
    first_names="Peter",
    last_name="Janssens",
    birth_date=datetime.date(1985, 7, 30),
    document_type="BE_PASS",
    document_number="EN123456",
    document_country="BEL",
    document_expiry=datetime.date(2040, 1, 1),
    email="demo@example.org",
)
