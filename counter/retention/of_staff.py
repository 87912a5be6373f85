"""The retention rules for data about members of staff.

The name of an account is kept as long as the journal entries of its acts: the journal
has to say who looked, and why (law of 8 August 1983, article 17).
"""

from datetime import datetime
from typing import Final

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from counter.enums import AccountAct
from counter.models import (
    AccountChange,
    CityIdentity,
    Clerk,
    KnownComputer,
    Passkey,
    PasswordLink,
    SecondFactor,
)
from counter.retention.registry import DAY, Act, Kept, Rule
from counter.sign_in.known_devices import KNOWN_FOR

SECURITY: Final = _("security of the service (GDPR, article 32)")


#: What belongs to an account so that its owner can sign in.
_TO_SIGN_IN: Final = (SecondFactor, Passkey, KnownComputer, PasswordLink, CityIdentity)


def _left(until: datetime) -> QuerySet[Clerk]:
    """The accounts that were last switched off at or before `until`, are off now, and
    still have an e-mail address or anything to sign in with.
    """
    offs = AccountChange.objects.filter(
        account=OuterRef("pk"), act=AccountAct.SWITCHED_OFF
    )
    off: QuerySet[Clerk] = Clerk.objects.filter(
        Exists(offs.filter(at__lte=until)),
        ~Exists(offs.filter(at__gt=until)),
        is_active=False,
    )
    has_rest = ~Q(email="")
    for model in _TO_SIGN_IN:
        has_rest |= Q(Exists(model._default_manager.filter(clerk=OuterRef("pk"))))
    return off.filter(has_rest)


def _forget(accounts: QuerySet[Clerk], _at: datetime) -> int:
    keys = list(accounts.values_list("pk", flat=True))
    for model in _TO_SIGN_IN:
        model._default_manager.filter(clerk__in=keys).delete()
    emptied: int = Clerk.objects.filter(pk__in=keys).update(email="")
    return emptied


def _with_old_address(until: datetime) -> QuerySet[AccountChange]:
    has_address = ~Q(old_email="") | ~Q(second_email="")
    return AccountChange.objects.filter(has_address, at__lte=until)


def _forget_addresses(changes: QuerySet[AccountChange], _at: datetime) -> int:
    """Empty the addresses by a database function that runs as the owner, because for
    the application these rows are append-only.
    """
    keys = list(changes.values_list("pk", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT forget_addresses_of_accounts(%s::uuid[])", [keys])
        emptied: int = cursor.fetchone()[0]
    return emptied


RULES: Final = (
    Rule(
        code="known_computer",
        order=45,
        model="counter.KnownComputer",
        data=_("computer that an account of staff signed in at"),
        event=_("the last sign-in at it"),
        act=Act.DELETED,
        ground=SECURITY,
        period=KNOWN_FOR,
        past=lambda until: KnownComputer.objects.filter(signed_in_at__lte=until),
        of_staff=True,
    ),
    Rule(
        code="account_off",
        order=46,
        model="counter.Clerk",
        data=_(
            "e-mail address, app, passkeys and link with the city's sign-on of an "
            "account that is switched off"
        ),
        event=_("the day it was switched off"),
        act=Act.EMPTIED,
        ground=SECURITY,
        period=365 * DAY,
        past=_left,
        remove=_forget,
        of_staff=True,
    ),
    Rule(
        code="old_address_of_staff",
        order=47,
        model="counter.AccountChange",
        data=_("old e-mail address in a change of an account of staff"),
        event=_("the change"),
        act=Act.EMPTIED,
        ground=SECURITY,
        period=183 * DAY,
        past=_with_old_address,
        remove=_forget_addresses,
        of_staff=True,
    ),
)
KEPT: Final = Kept(
    order=25,
    data=_("names and roles of accounts of staff, also of who left"),
    ground=_("law of 8 August 1983, article 17"),
    years=11,
    of_staff=True,
)
