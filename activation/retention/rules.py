"""The retention rules for codes, accounts and keys (counter.retention).

The dossier of an activated key is kept until a year after the person's last key ended.
Until then the holder may ask who issued the key, and for what.
"""

from typing import Final

from django.utils.translation import gettext_lazy as _

from activation.models import (
    AddressChange,
    HolderChange,
    KnownBrowser,
    OneTimeCode,
    SignInActivity,
    SignInCount,
)
from activation.querysets import (
    ACTIVITY_KEPT,
    BROWSER_KNOWN_FOR,
    DISPUTED_ADDRESS_KEPT,
    OLD_ADDRESS_KEPT,
    ONE_TIME_CODES_KEPT,
)
from activation.retention import due, forgetting
from activation.retention.of_paper import PAPER_RULES
from counter.retention.anonymising import anonymise
from counter.retention.own_rules import PUBLIC_TASK, SECURITY
from counter.retention.registry import DAY, Act, Need, Retention, Rule

RETENTION: Final = Retention(
    rules=(
        Rule(
            code="one_time_code",
            order=50,
            model="activation.OneTimeCode",
            data=_("six digits that were sent"),
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
            data=_(
                "sign-in of a key holder, with what it was for and the kind of device"
            ),
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
            data=_("change of a key holder's account, with the address before"),
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
            data=_("browser that a key holder signed in with"),
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
            data=_("count of wrong passwords under a user name"),
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
            data=_("key that nobody confirmed, with its number or address"),
            event=_("the day it was begun"),
            act=Act.DELETED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            past=due.unconfirmed_keys,
            remove=forgetting.remove_keys,
            people=("holder__applicant",),
        ),
        Rule(
            code="old_address",
            order=130,
            model="activation.AddressChange",
            data=_("e-mail address before a correction"),
            event=_("the correction"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=OLD_ADDRESS_KEPT,
            # The old address can object for two weeks.
            bounds=(15 * DAY, 90 * DAY),
            past=due.old_addresses,
            empties={"old_email": ""},
            office="dossier__office",
            dossiers=("dossier",),
        ),
        Rule(
            code="disputed_address",
            order=131,
            model="activation.AddressChange",
            data=_("e-mail address that objected to a correction"),
            event=_("the correction"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=DISPUTED_ADDRESS_KEPT,
            past=due.disputed_addresses,
            empties={"old_email": ""},
            dossiers=("dossier",),
        ),
        Rule(
            code="code",
            order=140,
            model="activation.ActivationCode",
            data=_("what code and link are made from, and how far somebody came"),
            event=_("the activation, or the end of the code"),
            act=Act.EMPTIED,
            ground=SECURITY,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=due.spent_codes,
            empties={"nonce": b"", "progress_sealed": b""},
            office="dossier__office",
            dossiers=("dossier",),
        ),
        Rule(
            code="ended_key",
            order=150,
            model="activation.DigitalKey",
            data=_("mobile number, e-mail address or secret of an ended key"),
            event=_("the end of the key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            bounds=(14 * DAY, 90 * DAY),
            past=due.ended_keys,
            empties=forgetting.NOTHING_SECRET,
            office="code__dossier__office",
            dossiers=("code__dossier",),
            people=("holder__applicant",),
        ),
        Rule(
            code="account_address",
            order=160,
            model="activation.KeyHolder",
            data=_("e-mail address of a key holder's account"),
            event=_("the end of the last key"),
            act=Act.EMPTIED,
            ground=PUBLIC_TASK,
            period=30 * DAY,
            past=due.accounts,
            past_of=due.accounts_of,
            empties={"email": "", "new_email": ""},
            people=("applicant",),
        ),
        Rule(
            code="dossier_with_key",
            order=210,
            model="counter.Dossier",
            data=_("dossier that led to a key: name, birth date, document"),
            event=_("the end of the person's last key, after ten years or revoked"),
            act=Act.ANONYMISED,
            ground=PUBLIC_TASK,
            period=365 * DAY,
            bounds=(30 * DAY, 730 * DAY),
            past=due.with_key,
            past_of=due.with_key_of,
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
