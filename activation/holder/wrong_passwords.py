"""Wrong passwords of holders, noted for a name that nobody has just the same.

A row that is written for known names only takes a millisecond or two, and tells who has
an account. So what the sign-in writes depends on nothing that is looked up: a row by a
keyed digest of the name that was typed. Later, and unseen, it is filed with the rest of
the holder's activity, or forgotten when the name is nobody's.
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
    """What was noted under the holder's name is activity now; returns how much.

    The rows before the holder: whoever files them at the same time finds none.
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
    """File what there is, and forget what is old or was typed under nobody's name.

    Names are not in the rows, so each holder's is digested, when there are rows at all.
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
    """What was noted under a name and not filed yet."""
    return WrongPassword.objects.filter(name_index__in=_digests(user_name))


def _digests(user_name: str) -> list[bytes]:
    return list(indexes(user_name.strip(), purpose=_PURPOSE).values())
