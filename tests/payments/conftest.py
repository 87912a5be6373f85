"""A clerk whose drawer and terminal the tests open and close themselves."""

from decimal import Decimal

import pytest

from counter.models import Clerk, Office
from payments.drawers.denominations import fewest
from payments.drawers.drawers import open_drawer
from payments.models import DrawerSession, Payment, Tariff, Terminal
from tests import cast
from tests.payments.closing.test_day import sell
from tests.payments.days import NINE
from tests.payments.people import dossiers


@pytest.fixture
def nadia(office: Office, tariff: Tariff) -> Clerk:
    """A clerk who has opened no drawer yet."""
    return cast.make_clerk("nadia", office, desk="Loket 3", has_drawer=False)


@pytest.fixture
def terminal(office: Office) -> Terminal:
    return Terminal.objects.create(office=office, name="Terminal", number="1")


@pytest.fixture
def drawer(nadia: Clerk) -> DrawerSession:
    return open_drawer(clerk=nadia, counts=fewest(Decimal(100)), at=NINE)


@pytest.fixture
def in_cash(nadia: Clerk, drawer: DrawerSession) -> Payment:
    return sell(dossiers(nadia, 1)[0], nadia, at=NINE)


@pytest.fixture
def by_card(nadia: Clerk, drawer: DrawerSession, terminal: Terminal) -> Payment:
    return sell(dossiers(nadia, 1)[0], nadia, at=NINE, terminal=terminal)
