"""Failed sign-ins at the page that everybody can open: counted now, journalled hourly.

A stranger makes as many as the limits let through, and a journal entry stays for eleven
years. So each is a number in a row of its hour, found by digests of the user name and
the network, and `sum_up` makes a few entries of an hour's rows and deletes them. The
name as it was typed is nowhere, and nothing is looked up for it before the hour is
over: a name that somebody has takes no longer than one that nobody has.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.utils.timezone import localtime
from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import index, indexes
from counter.enums import SecretForm, StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, FailedSignIns

_NAME: Final = "user name of failed sign-ins"
_NETWORK: Final = "network of failed sign-ins"
#: So many networks of one name and hour get an entry of their own: those with the most
#: failures. The others share one.
NETWORKS_NAMED: Final = 20
#: Shown as "other networks" (counter.journal.entry_details).
OTHERS: Final = ""
_LABEL_BYTES: Final = 4


class _Kind(NamedTuple):
    """What one entry is about: an hour, an account or none, a form, a kind
    of secret.
    """

    hour: datetime
    account: Clerk | None
    form: str
    secret: str


@sensitive_variables()
def note(
    *, user_name: str, network: str, form: SecretForm, secret: StaffSecret, at: datetime
) -> None:
    """Count one failed sign-in, in a single INSERT that adds up."""
    kid = next(iter(settings.INDEX_KEYS))
    table = FailedSignIns._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS seen"  # noqa: S608
            " (hour, name_index, network_index, form, secret, count)"
            " VALUES (%s, %s, %s, %s, %s, 1)"
            " ON CONFLICT (hour, name_index, network_index, form, secret)"
            " DO UPDATE SET count = seen.count + 1",
            [
                _hour(at),
                index(user_name, purpose=_NAME, kid=kid),
                index(network, purpose=_NETWORK, kid=kid),
                form.value,
                secret.value,
            ],
        )


def still_to_come(clerk: Clerk) -> int:
    """How many failures of this hour a supervisor will find in the journal later.

    Counted are those of accounts that she sees, and under names that no account has.
    """
    rows = FailedSignIns.objects.all()
    if not rows.exists():
        return 0
    others = Clerk.objects.exclude(pk__in=Clerk.objects.visible_to(clerk))
    names = others.values_list("username", flat=True)
    hidden = [digest for name in names for digest in _digests(name)]
    seen = rows.exclude(name_index__in=hidden)
    return int(seen.aggregate(n=Sum("count"))["n"] or 0)


@transaction.atomic
def sum_up(*, at: datetime) -> int:
    """Write the hours that are over into the journal, once; returns how many entries.

    The rows go in the same transaction, so of two at once one finds nothing.
    """
    accounts = {
        digest: clerk
        for clerk in Clerk.objects.select_related("office")
        for digest in _digests(clerk.get_username())
    }
    by_kind: dict[_Kind, Counter[bytes]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {FailedSignIns._meta.db_table} WHERE hour < %s"  # noqa: S608
            " RETURNING hour, name_index, form, secret, network_index, count",
            [_hour(at)],
        )
        for hour, name, form, secret, network, count in cursor:
            kind = _Kind(hour, accounts.get(bytes(name)), form, secret)
            by_kind[kind][bytes(network)] += count
    in_order = sorted(by_kind, key=lambda kind: kind.hour)
    return sum(_write(kind, by_kind[kind]) for kind in in_order)


def _write(kind: _Kind, networks: Counter[bytes]) -> int:
    named = networks.most_common(NETWORKS_NAMED)
    lines = [(network[:_LABEL_BYTES].hex(), count) for network, count in named]
    if rest := networks.total() - sum(count for _network, count in named):
        lines.append((OTHERS, rest))
    for network, count in lines:
        journal.write(
            Event.SIGN_INS_FAILED,
            {
                "account": kind.account.get_username() if kind.account else "",
                "hour": f"{localtime(kind.hour):%Y-%m-%d %H:%M}",
                "form": SecretForm(kind.form),
                "secret": StaffSecret(kind.secret),
                "count": count,
                "network": network,
            },
            office=kind.account.office if kind.account else None,
        )
    return len(lines)


def _digests(user_name: str) -> tuple[bytes, ...]:
    """The digests of a user name, one for each key in force."""
    return _computed(user_name, tuple(settings.INDEX_KEYS.items()))


@lru_cache(maxsize=2048)
@sensitive_variables()
def _computed(name: str, _keys: tuple[tuple[str, bytes], ...]) -> tuple[bytes, ...]:
    """As `_digests`, kept in memory: each view of a desk needs those of all
    accounts.
    """
    return tuple(indexes(name, purpose=_NAME).values())


def _hour(at: datetime) -> datetime:
    return at - timedelta(
        minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
