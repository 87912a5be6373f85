"""Steps for tests in which one person may control the accounts of several."""

import datetime

import pytest
from django.utils import timezone

from counter.enums import AccountAct, Role
from counter.models import Clerk, Office
from counter.staff import account_changes
from payments.enums import DrawerState
from payments.models import DrawerSession
from tests import cast
from tests.payments.counting import counted


@pytest.fixture
def lies(office: Office) -> Clerk:
    """A second supervisor."""
    return cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)


def did(
    by: Clerk | None,
    account: Clerk,
    act: AccountAct = AccountAct.PASSWORD,
    *,
    ago: datetime.timedelta = datetime.timedelta(hours=1),
) -> None:
    account_changes.note(account=account, by=by, act=act, at=timezone.now() - ago)


def closed(clerk: Clerk) -> DrawerSession:
    drawer = DrawerSession.objects.get(clerk=clerk)
    counted(drawer)
    DrawerSession.objects.filter(pk=drawer.pk).update(
        state=DrawerState.CLOSED, closed_at=timezone.now(), difference_reason="?"
    )
    drawer.refresh_from_db()
    return drawer
