"""Several desks, or a desk and the applicant, act on one code at once."""

import contextlib
import uuid
from functools import partial

import pytest
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from activation.codes.reissuing import (
    CodeMovedOnError,
    EnoughMailsError,
    MailOnItsWayError,
    resend_link,
)
from activation.enums import CodeState, KeyKind
from activation.exceptions import CodeEndedError, KeyGoneError
from activation.journey.accounts import choose_account
from activation.journey.activating import accept_code, activate_key
from activation.journey.choosing import choose_key
from activation.models import ActivationCode
from counter.enums import DossierState
from counter.models import Clerk, Dossier
from counter.sign_in import totp
from notifications.models import Delivery
from payments.enums import Method, ReversalReason
from payments.models import Reversal, Tariff
from payments.reversals.reversing import agree_to_reversal, ask_reversal
from tests import cast
from tests.activation.codes.reissues import all_sent, code, reissued
from tests.activation.helpers import GOOD_PASSWORD
from tests.races import at_once

__all__ = ["code"]


@pytest.mark.django_db(transaction=True)
def test_two_clerks_at_once_make_one_new_code(
    dossier: Dossier, els: Clerk, bart: Clerk, sofie: Clerk
) -> None:
    code, _ = cast.make_code(dossier, els)

    def press(clerk: Clerk) -> str:
        try:
            reissued(Dossier.objects.get(), clerk, code, sofie)
        except CodeMovedOnError:
            return "told"
        return "new"

    actions = [partial(press, who) for who in (els, bart)] * 2
    assert sorted(at_once(actions)) == ["new", "told", "told", "told"]
    assert ActivationCode.objects.filter(state=CodeState.LIVE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_code_is_accepted_or_replaced_never_both(
    dossier: Dossier, els: Clerk
) -> None:
    code, printed = cast.make_code(dossier, els)

    def accept() -> str:
        try:
            accept_code(code_id=code.pk, typed=printed, at=timezone.now())
        except Exception as error:  # noqa: BLE001 (any refusal will do)
            return type(error).__name__
        return "accepted"

    def replace() -> str:
        reissued(Dossier.objects.get(), els, code)
        return "replaced"

    answers = at_once([accept, replace])
    assert answers[1] == "replaced"
    code.refresh_from_db()
    assert code.state == CodeState.REPLACED
    assert ActivationCode.objects.filter(state=CodeState.LIVE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_ten_at_once_send_one_mail(dossier: Dossier, els: Clerk) -> None:
    cast.make_code(dossier, els)

    def press() -> str:
        try:
            resend_link(dossier=Dossier.objects.get(), clerk=els, at=timezone.now())
        except MailOnItsWayError:
            return "told"
        return "sent"

    assert sorted(at_once([press] * 10)) == ["sent", *["told"] * 9]
    assert Delivery.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_third_of_the_day_is_one_for_all_desks(
    dossier: Dossier, els: Clerk
) -> None:
    cast.make_code(dossier, els)
    for _ in range(2):
        resend_link(dossier=dossier, clerk=els, at=timezone.now())
        all_sent()

    def press() -> str:
        try:
            resend_link(dossier=Dossier.objects.get(), clerk=els, at=timezone.now())
        except (MailOnItsWayError, EnoughMailsError):
            return "told"
        return "sent"

    assert sorted(at_once([press] * 5)) == ["sent", *["told"] * 4]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_a_key_is_activated_or_the_code_replaced_never_both(
    dossier: Dossier, els: Clerk, turn: int
) -> None:
    code, _ = cast.make_code(dossier, els)
    now = timezone.now()
    choose_account(code_id=code.pk, user_name="peter", password=GOOD_PASSWORD, at=now)
    key = choose_key(code_id=code.pk, kind=KeyKind.APP, at=now)
    digits = totp.digits(key.secret, totp.step_at(now))

    def activate() -> str:
        try:
            activate_key(code_id=code.pk, key_id=key.pk, typed=digits, at=now)
        except (CodeEndedError, KeyGoneError):
            return "refused"
        return "active"

    def replace() -> str:
        try:
            reissued(Dossier.objects.get(), els, code)
        except CodeMovedOnError:
            return "refused"
        return "replaced"

    answers = at_once([activate, replace])
    assert sorted(answers) in (["active", "refused"], ["refused", "replaced"])
    dossier.refresh_from_db()
    live = ActivationCode.objects.filter(state=CodeState.LIVE).count()
    if answers[0] == "active":
        assert (dossier.state, live) == (DossierState.ACTIVATED, 0)
    else:
        assert (dossier.state, live) == (DossierState.CODE_ISSUED, 1)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("turn", range(5))
def test_no_code_outlives_its_money(
    dossier: Dossier, els: Clerk, sofie: Clerk, tariff: Tariff, turn: int
) -> None:
    code = pay_and_issue(
        dossier=dossier,
        clerk=els,
        method=Method.CARD,
        tendered=None,
        terminal_slip="A-17",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )

    def ask() -> None:
        ask_reversal(
            payment=cast.payment_of(dossier),
            clerk=els,
            reason=ReversalReason.DOUBLE_CHARGE,
            at=timezone.now(),
        )

    def replace() -> None:
        with contextlib.suppress(CodeMovedOnError):
            reissued(Dossier.objects.get(), els, code)

    at_once([ask, replace])
    (unused,) = ActivationCode.objects.exclude(state=CodeState.REPLACED)
    assert unused.state == CodeState.HELD
    agree_to_reversal(
        reversal_id=Reversal.objects.get().pk, supervisor=sofie, at=timezone.now()
    )
    dossier.refresh_from_db()
    assert dossier.state == DossierState.CANCELLED
    states = ActivationCode.objects.values_list("state", flat=True)
    assert set(states) == {CodeState.REPLACED}
