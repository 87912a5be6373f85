"""Recording wrong passwords of holders, for known and unknown user names alike.

If a row were written for known names only, the millisecond or two that this takes would
reveal who has an account. So the sign-in always writes the same row, with a keyed
digest of the typed name. A task later moves it to the history of the holder with that
name, or deletes it when nobody has the name.
"""

from datetime import datetime
from typing import Final

from django.conf import settings
from django.db import transaction
from django.views.decorators.debug import sensitive_variables

from activation.enums import SignInResult
from activation.models import KeyHolder, SignInActivity, WrongPassword
from activation.querysets import WrongPasswordQuerySet
from counter.crypto.encryption import index, indexes

_PURPOSE: Final = "wrong password of a holder"


@sensitive_variables()
def note(*, user_name: str, device: str, browser: str, at: datetime) -> None:
    kid = next(iter(settings.INDEX_KEYS))
    WrongPassword.objects.create(
        name_index=index(user_name.strip(), purpose=_PURPOSE, kid=kid),
        at=at,
        device=device,
        browser=browser,
    )


@transaction.atomic
def file_under(holder: KeyHolder) -> int:
    """Move the wrong passwords under the holder's name to their history.

    Returns the number of rows. The rows are locked first, so that a concurrent call
    finds none left.
    """
    noted = noted_under(holder.user_name)
    rows = list(noted.select_for_update().order_by("pk"))
    SignInActivity.objects.bulk_create(
        SignInActivity(
            holder=holder,
            at=row.at,
            device=row.device,
            browser=row.browser,
            result=SignInResult.WRONG_PASSWORD,
        )
        for row in rows
    )
    WrongPassword.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def file_all(*, at: datetime) -> int:
    """Move all wrong passwords to their holders' history; return how many were moved.

    Rows that are too old, or under a name that nobody has, are deleted. The rows do not
    have the name, so the digest of every holder's name is computed; not when there are
    no rows.
    """
    WrongPassword.objects.past(at).delete()
    names = WrongPassword.objects.values_list("name_index", flat=True).distinct()
    waiting = {bytes(name) for name in names}
    filed = 0
    holders = KeyHolder.objects.exclude(user_name="").only("pk", "user_name")
    if waiting:
        for holder in holders.iterator():
            if mine := waiting.intersection(_digests(holder.user_name)):
                filed += file_under(holder)
                waiting -= mine
    WrongPassword.objects.filter(name_index__in=list(waiting)).delete()
    return filed


@sensitive_variables()
def noted_under(user_name: str) -> WrongPasswordQuerySet[WrongPassword]:
    """The wrong passwords under a name that are not in the history yet."""
    return WrongPassword.objects.filter(name_index__in=_digests(user_name))


def _digests(user_name: str) -> list[bytes]:
    return list(indexes(user_name.strip(), purpose=_PURPOSE).values())
