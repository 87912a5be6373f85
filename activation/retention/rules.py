"""What codes, accounts and keys keep of people, and for how long (counter.retention).

The dossier of a key that was activated lives as long as the key and a year more: so
long its holder may ask who had it made, and for what.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from activation.enums import ENDED_KEY_STATES, SPENT_CODE_STATES, KeyState
from activation.models import (
    ActivationCode,
    AddressChange,
    DigitalKey,
    HolderChange,
    KeyHolder,
    KnownBrowser,
    OneTimeCode,
    SignInActivity,
    SignInCount,
)
from activation.querysets import (
    ACTIVITY_KEPT,
    BROWSER_KNOWN_FOR,
    CODE_END,
    DISPUTED_ADDRESS_KEPT,
    KEY_END,
    OLD_ADDRESS_KEPT,
    ONE_TIME_CODES_KEPT,
)
from activation.retention import forgetting
from activation.retention.of_paper import PAPER_RULES
from counter.enums import DossierState
from counter.models import Dossier
from counter.retention.anonymising import anonymise, living
from counter.retention.own_rules import PUBLIC_TASK, SECURITY
from counter.retention.registry import DAY, Act, Need, Retention, Rule

#: No key is used for longer, in whatever state its row was left.
_LONGEST: Final = settings.KEY_YEARS * 365 * DAY


def _keys_after(until: datetime, **of: object) -> Exists:
    """Whether a key lives, or ended later than this instant."""
    keys = DigitalKey.objects.filter(**of).alias(_end=KEY_END)
    return Exists(keys.filter(_end__gt=until))


def _ended_before(until: datetime) -> QuerySet[DigitalKey]:
    """Keys that ended by then, and whose dossiers still say whose they were."""
    ended = DigitalKey.objects.filter(
        state__in=ENDED_KEY_STATES, anonymised_at__isnull=True
    )
    return ended.alias(_end=KEY_END).filter(_end__lte=until).order_by()


def _activated(**when: object) -> QuerySet[Dossier]:
    return living().filter(state=DossierState.ACTIVATED, **when).order_by()


def _with_key(until: datetime) -> QuerySet[Dossier]:
    """Activated dossiers of people whose last key ended by then.

    Of the person and not of the dossier: a key that is added later is filed under the
    last dossier that made one, whichever key there is ended. Looked for from the keys
    that ended, because nearly all dossiers have one that lives.
    """
    people = _ended_before(until).values("holder__applicant")
    perhaps = _activated(applicant__in=people).values("pk")
    long_ago = _activated(activated_at__lte=until - _LONGEST).values("pk")
    return _activated(activated_at__lte=until).filter(
        ~_keys_after(until, holder__applicant=OuterRef("applicant")),
        pk__in=perhaps.union(long_ago),
    )


def _accounts(until: datetime) -> QuerySet[KeyHolder]:
    """Accounts without a key since then that still have the address of their first."""
    ended = _ended_before(until).values("holder__applicant")
    long_ago = _activated(activated_at__lte=until - _LONGEST).values("applicant")
    return KeyHolder.objects.filter(
        ~_keys_after(until, holder=OuterRef("pk")),
        ~Q(email="") | ~Q(new_email=""),
        created_at__lte=until,
        applicant__in=ended.union(long_ago),
    )


def _ended_keys(until: datetime) -> QuerySet[DigitalKey]:
    keys = DigitalKey.objects.filter(state__in=ENDED_KEY_STATES)
    kept = Q(destination_index__isnull=False) | ~Q(secret_sealed=b"")
    return keys.alias(_end=KEY_END).filter(kept, _end__lte=until)


def _unconfirmed_keys(until: datetime) -> QuerySet[DigitalKey]:
    return DigitalKey.objects.filter(state=KeyState.PENDING, created_at__lte=until)


def _spent_codes(until: datetime) -> QuerySet[ActivationCode]:
    codes = ActivationCode.objects.filter(state__in=SPENT_CODE_STATES)
    return codes.exclude(nonce=b"").alias(_end=CODE_END).filter(_end__lte=until)


def _disputed_addresses(until: datetime) -> QuerySet[AddressChange]:
    return AddressChange.objects.exclude(old_email="").filter(at__lte=until)


def _old_addresses(until: datetime) -> QuerySet[AddressChange]:
    rows = _disputed_addresses(until)
    return rows.exclude(objected_at__isnull=False, settled_at__isnull=True)


RETENTION: Final = Retention(
    rules=(
        Rule(
            code="one_time_code",
            order=50,
            model="activation.OneTimeCode",
            what=_("six digits that were sent"),
            event=_("the day they were asked for"),
            act=Act.DELETED,
            ground=SECURITY,
            period=ONE_TIME_CODES_KEPT,
            past=lambda until: OneTimeCode.objects.filter(requested_at__lte=until),
            people=("holder__applicant", "key__holder__applicant"),
        ),
        Rule(
            code="sign_in",
            order=60,
            model="activation.SignInActivity",
            what=_("sign-in of a key holder, with the kind of device"),
            event=_("the sign-in"),
            act=Act.DELETED,
            ground=SECURITY,
            period=ACTIVITY_KEPT,
            past=lambda until: SignInActivity.objects.filter(at__lte=until),
            people=("holder__applicant",),
        ),
        Rule(
            code="account_change",
            order=61,
            model="activation.HolderChange",
            what=_("change of a key holder's account, with the address before"),
            event=_("the change"),
            act=Act.DELETED,
            ground=SECURITY,
            period=ACTIVITY_KEPT,
            past=lambda until: HolderChange.objects.filter(at__lte=until),
            people=("holder__applicant",),
        ),
        Rule(
            code="known_browser",
            order=62,
            model="activation.KnownBrowser",
            what=_("browser that a key holder signed in with"),
            event=_("the last sign-in with it"),
            act=Act.DELETED,
            ground=SECURITY,
            period=BROWSER_KNOWN_FOR,
            past=lambda until: KnownBrowser.objects.filter(signed_in_at__lte=until),
            people=("holder__applicant",),
        ),
        *PAPER_RULES,
        Rule(
            code="sign_in_count",
            order=63,
            model="activation.SignInCount",
            what=_("count of wrong passwords under a user name"),
            event=_("the last wrong password"),
            act=Act.DELETED,
            ground=SECURITY,
            period=ACTIVITY_KEPT,
            past=lambda until: SignInCount.objects.filter(last_at__lte=until),
            of_people=forgetting.counts_of,
        ),
        Rule(
            code="unconfirmed_key",
            order=70,
            model="activation.DigitalKey",
            what=_("key that nobody confirmed, with its number or address"),
            event=_("the day it was begun"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            past=_unconfirmed_keys,
            remove=forgetting.remove_keys,
            people=("holder__applicant",),
        ),
        Rule(
            code="old_address",
            order=130,
            model="activation.AddressChange",
            what=_("e-mail address before a correction"),
            event=_("the correction"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=OLD_ADDRESS_KEPT,
            # The old address can object for two weeks.
            bounds=(15 * DAY, 90 * DAY),
            past=_old_addresses,
            empties={"old_email": ""},
            office="dossier__office",
            dossiers=("dossier",),
        ),
        Rule(
            code="disputed_address",
            order=131,
            model="activation.AddressChange",
            what=_("e-mail address that objected to a correction"),
            event=_("the correction"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=DISPUTED_ADDRESS_KEPT,
            past=_disputed_addresses,
            empties={"old_email": ""},
            dossiers=("dossier",),
        ),
        Rule(
            code="code",
            order=140,
            model="activation.ActivationCode",
            what=_("what code and link are made from, and how far somebody came"),
            event=_("the activation, or the end of the code"),
            act=Act.EMPTIED,
            ground=SECURITY,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=_spent_codes,
            empties={"nonce": b"", "way_sealed": b""},
            office="dossier__office",
            dossiers=("dossier",),
        ),
        Rule(
            code="ended_key",
            order=150,
            model="activation.DigitalKey",
            what=_("mobile number, e-mail address or secret of an ended key"),
            event=_("the end of the key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=_ended_keys,
            empties=forgetting.NOTHING_SECRET,
            office="code__dossier__office",
            dossiers=("code__dossier",),
            people=("holder__applicant",),
        ),
        Rule(
            code="account_address",
            order=160,
            model="activation.KeyHolder",
            what=_("e-mail address of a key holder's account"),
            event=_("the end of the last key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            past=_accounts,
            empties={"email": "", "new_email": ""},
            people=("applicant",),
        ),
        Rule(
            code="dossier_with_key",
            order=210,
            model="counter.Dossier",
            what=_("dossier that led to a key: name, birth date, document"),
            event=_("the end of the person's last key, after ten years or revoked"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=365 * DAY,
            bounds=(30 * DAY, 730 * DAY),
            past=_with_key,
            remove=anonymise,
            office="office",
            dossiers=("pk",),
            unneeded=True,
        ),
    ),
    needs=(
        Need(
            order=20,
            why=_("the e-mail address before objected, and that is not settled"),
            dossiers=lambda at: (
                AddressChange.objects.disputed()
                .filter(at__gt=at - DISPUTED_ADDRESS_KEPT)
                .values("dossier")
            ),
        ),
    ),
    forget_dossiers=forgetting.forget_dossiers,
    forget_people=forgetting.forget_people,
    in_hand=forgetting.in_hand,
    addresses=forgetting.addresses,
)
