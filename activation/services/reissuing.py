"""What the counter still does for a code that nobody used yet.

A second mail carries the same link. Another address or a lost sheet makes a new code
with a new link, and the old ones are dead (DESIGN.md, section 3).
"""

import uuid
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from activation.enums import CodeState, ReissueReason
from activation.models import ActivationCode
from activation.services.issuing import new_code
from activation.signals import code_ended, link_asked_again
from counter import journal, shared_address
from counter.enums import DossierState, Event
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier, JournalEntry

#: DOMAIN.md, section 4: resend at most three times a day, with the same end date.
RESENDS_A_DAY: Final = 3
#: Codes that were printed and led to nothing yet.
UNUSED: Final = (CodeState.LIVE, CodeState.LOCKED, CodeState.FROZEN)


class CodeMovedOnError(CounterError):
    """The code was used, replaced or has lapsed since the page was opened."""


class MailOnItsWayError(CounterError):
    """A mail waits to be sent; a second one would say the same."""


class EnoughMailsError(CounterError):
    """It was sent again three times today."""


@transaction.atomic
def resend_link(*, dossier: Dossier, clerk: Clerk, at: datetime) -> None:
    """Have the mail with the link sent again; its end date stays.

    Raises CodeMovedOnError without a usable code, MailOnItsWayError while a mail
    waits, EnoughMailsError after RESENDS_A_DAY on one day in Brussels.
    """
    code = (
        ActivationCode.objects.usable(at)
        .select_for_update(of=("self",))
        .filter(dossier=dossier)
        .first()
    )
    if code is None:
        raise CodeMovedOnError(_("There is no code to send a link for."))
    links = dossier.deliveries.filter(kind__in=("activation_link", "link_again"))
    if links.filter(state="waiting").exists():
        raise MailOnItsWayError(_("The mail is on its way. Wait until it has left."))
    midnight = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    today = dossier.deliveries.filter(kind="link_again", created_at__gte=midnight)
    if today.count() >= RESENDS_A_DAY:
        raise EnoughMailsError(
            _("It was sent again three times today. Check the address with the person.")
        )
    sent = JournalEntry.objects.filter(dossier=dossier, event=Event.LINK_RESENT)
    nth = sent.count() + 1
    journal.write(Event.LINK_RESENT, dossier=dossier, clerk=clerk)
    link_asked_again.send(sender=ActivationCode, code=code, nth=nth, at=at)


def correct_email(
    *,
    dossier: Dossier,
    clerk: Clerk,
    email: str,
    code_id: uuid.UUID | None,
    at: datetime,
    accepted: tuple[str, ...] = (),
) -> ActivationCode | None:
    """Put the address right: before payment just that, afterwards with a new code.

    The new code is good for a fortnight from `at`. `code_id` is the code that the
    clerk's page was about, None before payment; `accepted` as at recording. Raises
    CodeMovedOnError when that is no longer how the dossier stands, AddressTakenError
    when somebody else's open dossier has the address.
    """
    with transaction.atomic():
        shared_address.claim(email, applicant=dossier.applicant)
        if code_id is None:
            changed = Dossier.objects.filter(
                pk=dossier.pk, state=DossierState.RECORDED
            ).update(email=email)
            if not changed:
                raise _moved_on()
            code = None
        else:
            _end(dossier, code_id, at)
            Dossier.objects.filter(pk=dossier.pk).update(email=email)
            dossier.email = email
            code = new_code(dossier, clerk=clerk, at=at)
        journal.write(Event.EMAIL_CORRECTED, dossier=dossier, clerk=clerk)
        for what in accepted:
            said = {"what": what}
            journal.write(Event.MISMATCH_ACCEPTED, said, dossier=dossier, clerk=clerk)
    dossier.email = email
    return code


@transaction.atomic
def reissue_code(
    *,
    dossier: Dossier,
    clerk: Clerk,
    reason: ReissueReason,
    code_id: uuid.UUID,
    at: datetime,
) -> ActivationCode:
    """A new code and link for a dossier that was paid; nothing is charged.

    Good for a fortnight from `at`. Of two who press at once, or a form sent twice, one
    gets through; the other raises CodeMovedOnError and the new sheet stays good.
    """
    _end(dossier, code_id, at)
    journal.write(
        Event.CODE_REISSUED, {"reason": reason.value}, dossier=dossier, clerk=clerk
    )
    return new_code(dossier, clerk=clerk, at=at)


def _end(dossier: Dossier, code_id: uuid.UUID, at: datetime) -> None:
    """The old code and its link are dead from here on."""
    old = (
        ActivationCode.objects.select_for_update(of=("self",))
        .filter(pk=code_id, dossier=dossier, state__in=UNUSED, valid_until__gt=at)
        .filter(dossier__state=DossierState.CODE_ISSUED)
        .first()
    )
    if old is None:
        raise _moved_on()
    old.state = CodeState.REPLACED
    old.replaced_at = at
    old.save(update_fields=["state", "replaced_at"])
    code_ended.send(sender=ActivationCode, code=old)


def _moved_on() -> CodeMovedOnError:
    return CodeMovedOnError(
        _("The code was used, replaced or has lapsed meanwhile. Look at it again.")
    )


def unused_code(dossier: Dossier, *, at: datetime) -> ActivationCode | None:
    """The code that can still be replaced: printed, not used, in its fortnight."""
    return dossier.codes.filter(state__in=UNUSED, valid_until__gt=at).first()
