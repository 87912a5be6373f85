"""Receipts that were numbered before they kept their desk and user name."""

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.db import DatabaseError, transaction

from counter.models import Clerk, Dossier
from payments.enums import Method
from payments.models import DrawerSession, Receipt
from tests import cast
from tests.payments.test_service_reversing import paid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def every_migration_again() -> Iterator[None]:
    yield
    call_command("migrate", "payments", verbosity=0)


@pytest.mark.usefixtures("every_migration_again")
def test_they_are_filled_from_the_drawer_and_the_clerk(
    dossier: Dossier, els: Clerk, bart: Clerk
) -> None:
    marie = cast.make_applicant(cast.MARIE_NUMBER, first_names="Marie")
    cash = paid(dossier, els, Method.CASH)
    card = paid(cast.make_dossier(marie, bart, email="marie@example.org"), bart)
    Clerk.objects.update(desk="Loket 9")
    call_command("migrate", "payments", "0008", verbosity=0)
    call_command("migrate", "payments", verbosity=0)
    kept = Receipt.objects.in_bulk(field_name="payment_id")
    # Cash lay in a drawer that kept its desk; of a card only today's is known.
    assert (kept[cash.pk].desk, kept[cash.pk].username) == ("Loket 1", "els")
    assert (kept[card.pk].desk, kept[card.pk].username) == ("Loket 9", "bart")
    assert DrawerSession.objects.get(clerk=els).desk == "Loket 1"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        Receipt.objects.update(desk="")
