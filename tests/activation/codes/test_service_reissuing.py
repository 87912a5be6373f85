"""Acts on a code that was issued: another mail, another address, a new code."""

import datetime

import pytest
from django.utils import timezone

from activation.codes import links
from activation.codes.activation_code import code_text
from activation.codes.issuing import open_slip
from activation.codes.reissuing import (
    CodeMovedOnError,
    EnoughMailsError,
    MailOnItsWayError,
    correct_email,
    resend_link,
)
from activation.codes.validity import link_end
from activation.enums import CodeState
from activation.models import ActivationCode
from activation.signals import code_issued
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry
from notifications.channels.outgoing import Mail
from notifications.enums import DeliveryState, Kind
from notifications.letters.rendering import render
from notifications.models import Delivery
from tests import cast
from tests.activation.codes.reissues import all_sent, code, reissued

__all__ = ["code"]


def test_the_second_mail_carries_the_same_link(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    now = timezone.now()
    resend_link(dossier=dossier, clerk=els, at=now)
    delivery = Delivery.objects.get(kind=Kind.LINK_AGAIN)
    mail = render(delivery, at=now)
    assert isinstance(mail, Mail)
    assert links.url(code, language=dossier.language) in mail.message.text
    assert JournalEntry.objects.filter(event=Event.LINK_RESENT).count() == 1


def test_while_one_waits_no_other_is_made(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    resend_link(dossier=dossier, clerk=els, at=timezone.now())
    with pytest.raises(MailOnItsWayError):
        resend_link(dossier=dossier, clerk=els, at=timezone.now())


def test_three_times_a_day_and_tomorrow_again(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    for _ in range(3):
        resend_link(dossier=dossier, clerk=els, at=timezone.now())
        all_sent()
    with pytest.raises(EnoughMailsError):
        resend_link(dossier=dossier, clerk=els, at=timezone.now())
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    resend_link(dossier=dossier, clerk=els, at=tomorrow)
    assert Delivery.objects.filter(kind=Kind.LINK_AGAIN).count() == 4


def test_the_day_ends_at_midnight_in_brussels(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    evening = timezone.localtime().replace(hour=23, minute=59, second=59)
    for _ in range(3):
        resend_link(dossier=dossier, clerk=els, at=evening)
        all_sent()
    with pytest.raises(EnoughMailsError):
        resend_link(dossier=dossier, clerk=els, at=evening)
    resend_link(dossier=dossier, clerk=els, at=evening + datetime.timedelta(seconds=1))


def test_a_refused_mail_is_sent_again(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    code_issued.send(sender=ActivationCode, code=code)
    with pytest.raises(MailOnItsWayError):
        resend_link(dossier=dossier, clerk=els, at=timezone.now())
    Delivery.objects.update(state=DeliveryState.REFUSED, refused_at=timezone.now())
    resend_link(dossier=dossier, clerk=els, at=timezone.now())
    assert Delivery.objects.unsent().get().kind == Kind.LINK_AGAIN


def test_a_mail_asked_again_for_an_old_code_is_not_sent(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    resend_link(dossier=dossier, clerk=els, at=timezone.now())
    reissued(dossier, els, code)
    delivery = Delivery.objects.get(kind=Kind.LINK_AGAIN)
    assert delivery.state == DeliveryState.DROPPED
    assert render(delivery, at=timezone.now()) is None
    assert Delivery.objects.unsent().get().kind == Kind.ACTIVATION_LINK


def test_a_new_code_kills_the_old_one_and_its_link(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    new = reissued(dossier, els, code)
    code.refresh_from_db()
    assert code.state == CodeState.REPLACED
    assert code_text(new) != code_text(code)
    assert links.token(new) != links.token(code)
    slip = open_slip(dossier=dossier, clerk=els, at=timezone.now())
    assert slip.code == code_text(new)
    assert Delivery.objects.filter(subject=new.pk).exists()


def test_a_locked_code_is_replaced_too(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    code.state, code.locked_at = CodeState.LOCKED, timezone.now()
    code.save()
    assert reissued(dossier, els, code).state == CodeState.LIVE


@pytest.mark.parametrize(
    ("state", "column"), [("used", "used_at"), ("lapsed", "lapsed_at")]
)
def test_what_is_over_is_not_replaced(
    dossier: Dossier, els: Clerk, code: ActivationCode, state: str, column: str
) -> None:
    ActivationCode.objects.update(state=state, **{column: timezone.now()})
    with pytest.raises(CodeMovedOnError):
        reissued(dossier, els, code)
    assert ActivationCode.objects.count() == 1


def test_after_the_fortnight_nothing_is_replaced(dossier: Dossier, els: Clerk) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=15)
    code, _ = cast.make_code(dossier, els, issued_at=long_ago)
    with pytest.raises(CodeMovedOnError):
        reissued(dossier, els, code)


def test_another_address_means_another_code(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    new = correct_email(
        dossier=dossier,
        clerk=els,
        email="juist@example.org",
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )
    assert new is not None
    dossier.refresh_from_db()
    assert dossier.email == "juist@example.org"
    code.refresh_from_db()
    assert code.state == CodeState.REPLACED
    assert new.valid_until == link_end(new.issued_at)
    mail = render(Delivery.objects.get(subject=new.pk), at=timezone.now())
    assert isinstance(mail, Mail)
    assert mail.to == "juist@example.org"


def test_the_doubts_that_were_ticked_are_in_the_journal(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    correct_email(
        dossier=dossier,
        clerk=els,
        email="juist@example.org",
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
        accepted=("email_slip",),
    )
    entry = JournalEntry.objects.get(event=Event.MISMATCH_ACCEPTED)
    assert entry.details == {"doubt": "email_slip"}


def test_a_cancelled_dossier_gets_no_code(
    dossier: Dossier, els: Clerk, code: ActivationCode
) -> None:
    Dossier.objects.update(state=DossierState.CANCELLED, cancelled_at=timezone.now())
    with pytest.raises(CodeMovedOnError):
        reissued(dossier, els, code)


def test_before_payment_it_is_the_address_alone(dossier: Dossier, els: Clerk) -> None:
    correct_email(
        dossier=dossier,
        clerk=els,
        email="juist@example.org",
        code_id=None,
        document_seen=True,
        at=timezone.now(),
    )
    dossier.refresh_from_db()
    assert dossier.email == "juist@example.org"
    assert not ActivationCode.objects.exists()
