"""Failed sign-ins on the public sign-in page: counted at once, journalled every hour.

A stranger can cause many failures, and journal entries are kept for eleven years. So
failures are counted in rows for each hour, identified by keyed digests of user name and
network. `sum_up` writes a few journal entries for an hour's rows and deletes the rows.
The typed user name is not stored. The account is looked up only when the hour is over,
so that a refusal takes the same time whether or not the user name exists.
"""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final, NamedTuple

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Sum
from django.views.decorators.debug import sensitive_variables

from counter.crypto.encryption import index, indexes
from counter.enums import SecretForm, StaffSecret
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, FailedSignIns
from counter.querysets import hour_of_failures

_NAME: Final = "user name of failed sign-ins"
_NETWORK: Final = "network of failed sign-ins"
#: How many networks get an entry of their own, for one name and hour: those with the
#: most failures. The others share one entry.
NETWORKS_NAMED: Final = 20
#: Shown as "other networks" (counter.journal.entry_details).
OTHERS: Final = ""
_LABEL_BYTES: Final = 4


class _Kind(NamedTuple):
    """The failures that are summed up in one entry; `account` is None for a user name
    that does not exist.
    """

    hour: datetime
    account: Clerk | None
    form: str
    secret: str


@sensitive_variables()
def note(
    *, user_name: str, network: str, form: SecretForm, secret: StaffSecret, at: datetime
) -> None:
    """Count one failed sign-in, by a single INSERT ... ON CONFLICT DO UPDATE."""
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


def still_to_come(clerk: Clerk, *, since: datetime) -> int:
    """How many failures since this instant this clerk will find in the journal later:
    those of the current hour, and of hours that are not summed up yet.

    These are the failures of accounts that the clerk may see, and of unknown user
    names.
    """
    rows = FailedSignIns.objects.filter(hour__gte=since)
    if not rows.exists():
        return 0
    others = Clerk.objects.exclude(pk__in=Clerk.objects.visible_to(clerk))
    names = others.values_list("username", flat=True)
    hidden = [digest for name in names for digest in _digests(name)]
    seen = rows.exclude(name_index__in=hidden)
    return int(seen.aggregate(n=Sum("count"))["n"] or 0)


@transaction.atomic
def sum_up(*, at: datetime) -> int:
    """Write the failures of past hours into the journal; returns how many entries.

    The rows are deleted in the same transaction, so of two simultaneous runs only one
    finds them.
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
                "hour": hour_of_failures(kind.hour),
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
    """`_digests`, cached because each desk page needs those of all accounts."""
    return tuple(indexes(name, purpose=_NAME).values())


def _hour(at: datetime) -> datetime:
    return at - timedelta(
        minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
