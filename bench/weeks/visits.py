"""At the desk: who comes, what is paid, and who comes back.

Every national number is generated (bench.people): valid in form, and nobody has it.
"""

import datetime
import random
import uuid
from decimal import Decimal
from typing import Final

from activation.codes import issuing, reissuing
from activation.enums import ReissueReason
from activation.models import ActivationCode
from bench.people import national_number
from bench.weeks.city import House
from bench.weeks.tally import Tally
from counter.dossiers.recording import Recording, record_applicant
from counter.enums import Reason
from counter.identity.national_number import parse
from counter.models import Clerk, Dossier
from payments.enums import Method, RefundMethod, ReversalReason, WaiverReason
from payments.models import Payment
from payments.reversals.handing_over import confirm_hand_over
from payments.reversals.reversing import agree_to_reversal, ask_reversal

_PRICE: Final = Decimal("10.00")
_WAIVED: Final = 0.03
_BY_CARD: Final = 0.4
#: Paid twice by mistake, say; asked for before the person has left.
_MONEY_BACK: Final = 0.01
#: Of the generated numbers; the first ones are those of bench/world.py, of 1967 these.
_FIRST_NUMBER: Final = 10_000_000


class Desk:
    """The visits of everybody; `chance` says what becomes of each."""

    def __init__(
        self, tally: Tally, chance: random.Random, *, rare: float = 1.0
    ) -> None:
        self.tally, self.chance, self.rare = tally, chance, rare
        self.came = 0

    def visit(
        self, house: House, clerk: Clerk, at: datetime.datetime
    ) -> ActivationCode | None:
        """Recorded, paid and printed; None when the money went back at once."""
        dossier = self._recorded(clerk, at)
        if self.chance.random() < _WAIVED * self.rare:
            code = self._waived(dossier, house, clerk, at)
        else:
            code = self._paid(dossier, house, clerk, at)
            if self.chance.random() < _MONEY_BACK * self.rare:
                self._give_back(dossier, house, clerk, at)
                return None
        issuing.open_slip(dossier=dossier, clerk=clerk, at=at)
        self.tally.acts["slip printed"] += 1
        return code

    def _recorded(self, clerk: Clerk, at: datetime.datetime) -> Dossier:
        number = parse(national_number(_FIRST_NUMBER + self.came), today=at.date())
        self.came += 1
        self.tally.acts["recorded"] += 1
        return record_applicant(
            recording=Recording(
                number=number,
                last_name=f"Janssens {_letters(self.came)}",
                first_names="Peter",
                birth_date=number.birth_date,
                document_type="BE_PASS",
                document_number="EN123456",
                document_country="BEL",
                document_expiry=at.date() + datetime.timedelta(days=2000),
                email=f"p{self.came}@example.org",
                language=self.chance.choice(["nl", "fr", "de", "en"]),
                reason=Reason.NO_OTHER_KEY,
            ),
            clerk=clerk,
            submission=uuid.uuid4(),
            at=at,
        )

    def _waived(
        self, dossier: Dossier, house: House, clerk: Clerk, at: datetime.datetime
    ) -> ActivationCode:
        self.tally.acts["waived"] += 1
        self.tally.acts["code issued"] += 1
        return issuing.waive_and_issue(
            dossier=dossier,
            clerk=clerk,
            supervisor=house.supervisor,
            reason=WaiverReason.DECISION,
            submission=uuid.uuid4(),
            at=at,
        )

    def _paid(
        self, dossier: Dossier, house: House, clerk: Clerk, at: datetime.datetime
    ) -> ActivationCode:
        by_card = self.chance.random() < _BY_CARD
        code = issuing.pay_and_issue(
            dossier=dossier,
            clerk=clerk,
            submission=uuid.uuid4(),
            at=at,
            method=Method.CARD if by_card else Method.CASH,
            tendered=None if by_card else Decimal("20.00"),
            terminal_slip=f"A-{self.came}" if by_card else "",
            terminal=house.terminal if by_card else None,
        )
        self.tally.acts["paid"] += 1
        self.tally.acts["code issued"] += 1
        self._book(dossier, house, at, _PRICE)
        return code

    def _book(
        self, dossier: Dossier, house: House, at: datetime.datetime, amount: Decimal
    ) -> None:
        payment = Payment.objects.get(dossier=dossier)
        if payment.drawer_id is not None:
            self.tally.in_drawer[payment.drawer_id] += amount
        else:
            self.tally.on_terminal[house.place.office.pk, at.date()] += amount

    def _give_back(
        self, dossier: Dossier, house: House, clerk: Clerk, at: datetime.datetime
    ) -> None:
        """One asks, another agrees, and the money is handed over."""
        asked = ask_reversal(
            payment=Payment.objects.get(dossier=dossier),
            clerk=clerk,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=at,
        )
        agreed = agree_to_reversal(
            reversal_id=asked.pk, supervisor=house.supervisor, at=at
        )
        by_card = agreed.refund_method == RefundMethod.TERMINAL
        slip = f"R-{self.came}" if by_card else ""
        confirm_hand_over(reversal_id=asked.pk, clerk=clerk, at=at, refund_slip=slip)
        self.tally.acts["given back"] += 1
        self.tally.acts["code replaced"] += 1  # so ends the code of what was given back
        self._book(dossier, house, at, -_PRICE)

    def comes_back(
        self,
        code: ActivationCode,
        house: House,
        reason: ReissueReason,
        at: datetime.datetime,
    ) -> ActivationCode:
        """Without the paper, or with a code that is locked: a new one, free."""
        clerk = self.chance.choice(house.clerks)
        dossier = Dossier.objects.select_related("office", "applicant").get(
            pk=code.dossier_id
        )
        new = reissuing.reissue_code(
            dossier=dossier,
            clerk=clerk,
            supervisor=house.supervisor,
            reason=reason,
            code_id=code.pk,
            document_seen=True,
            at=at,
        )
        issuing.open_slip(dossier=dossier, clerk=clerk, at=at)
        self.tally.acts["code issued"] += 1
        self.tally.acts["code replaced"] += 1
        self.tally.acts["slip printed"] += 1
        return new


def _letters(number: int) -> str:
    """A name for a number, because names have no digits."""
    return "".join(chr(ord("a") + int(digit)) for digit in str(number)).capitalize()
