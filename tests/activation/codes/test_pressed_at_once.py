"""One form is sent five times at once, and two clerks pay for one person at once.

With a card and in cash by turns: 25 forms and 12 pairs of clerks in `make test`, 1,000
and 500 in `make soak`.
"""

import uuid
from decimal import Decimal
from functools import partial

import pytest
from django.utils import timezone

from activation.codes import issuing
from activation.codes.issuing import AlreadyPaidError
from activation.models import ActivationCode
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.models import Delivery
from payments.enums import Method
from payments.models import Payment, Receipt
from tests import cast
from tests.notifications.acts import NUMBERS
from tests.races import at_once
from tests.size import SOAK

pytestmark = pytest.mark.django_db(transaction=True)

FORMS, PAIRS = (1000, 500) if SOAK else (25, 12)


def press(
    dossier: Dossier, clerk: Clerk, submission: uuid.UUID, slip: int
) -> uuid.UUID | str:
    """The id of the code that was made or was there, or the sentence of a refusal."""
    by_card = slip % 2 == 0
    try:
        return issuing.pay_and_issue(
            dossier=Dossier.objects.get(pk=dossier.pk),
            clerk=clerk,
            method=Method.CARD if by_card else Method.CASH,
            tendered=None if by_card else Decimal(20),
            terminal_slip=f"{slip:06d}" if by_card else "",
            submission=submission,
            at=timezone.now(),
        ).pk
    except AlreadyPaidError as refused:
        return str(refused)


def dossiers(count: int, clerk: Clerk) -> list[Dossier]:
    return [
        cast.make_dossier(cast.make_applicant(number), clerk)
        for number in NUMBERS[:count]
    ]


def all_are_once(count: int) -> None:
    for model in (Payment, Receipt, ActivationCode, Delivery):
        assert model.objects.count() == count, model.__name__
    assert Receipt.objects.latest("number").number == count
    assert JournalEntry.objects.filter(event=Event.PAYMENT_TAKEN).count() == count


def test_one_form_five_times_is_one_of_everything(els: Clerk) -> None:
    for slip, dossier in enumerate(dossiers(FORMS, els)):
        button = partial(press, dossier, els, uuid.uuid4(), slip)
        answers = at_once([button] * 5)
        assert isinstance(answers[0], uuid.UUID), answers
        assert set(answers) == {answers[0]}
    print(f"{FORMS} forms, five times each")
    all_are_once(FORMS)


def test_two_clerks_for_one_person_are_one_and_a_plain_refusal(
    els: Clerk, bart: Clerk
) -> None:
    for slip, dossier in enumerate(dossiers(PAIRS, els)):
        answers = at_once(
            [
                partial(press, dossier, clerk, uuid.uuid4(), slip)
                for clerk in (els, bart)
            ]
        )
        codes = [answer for answer in answers if isinstance(answer, uuid.UUID)]
        [refusal] = [answer for answer in answers if isinstance(answer, str)]
        assert len(codes) == 1
        winner = Payment.objects.get(dossier=dossier).taken_by
        assert winner.desk_name in refusal
    print(f"{PAIRS} pairs")
    all_are_once(PAIRS)
