"""A clerk with a drawer that a test opens, fills and counts."""

import uuid
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils import timezone

from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from payments.drawers.drawers import close_drawer, count_drawer, open_drawer
from payments.enums import Method
from payments.models import DrawerSession, Payment
from payments.taking.taking import take_payment
from tests import cast

FLOAT = {"2000": 2, "1000": 4, "500": 4}


@pytest.fixture
def drawer(nadia: Clerk) -> DrawerSession:
    return open_drawer(clerk=nadia, counts=FLOAT, at=timezone.now())


@pytest.fixture
def closed(drawer: DrawerSession, nadia: Clerk) -> DrawerSession:
    now = timezone.now()
    count_drawer(drawer=drawer, clerk=nadia, counts=FLOAT, at=now)
    return close_drawer(drawer=drawer, count=1, clerk=nadia, reason="", at=now)


def pay(
    dossier: Dossier, clerk: Clerk, method: Method = Method.CASH
) -> Payment | CounterError:
    is_cash = method is Method.CASH
    try:
        with transaction.atomic():
            return take_payment(
                dossier=dossier,
                clerk=clerk,
                method=method,
                tendered=Decimal(20) if is_cash else None,
                terminal_slip="" if is_cash else cast.ticket(),
                submission=uuid.uuid4(),
                at=timezone.now(),
            )
    except CounterError as error:
        return error
