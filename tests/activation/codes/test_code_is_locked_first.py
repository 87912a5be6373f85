"""Whatever replaces a code locks the code first, before rows that refer to the dossier.

So of two clerks who replace one code, one waits for the other, and never each for the
other.
"""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from activation.codes.reissuing import correct_email, reissue_code
from activation.enums import ReissueReason
from activation.models import ActivationCode
from counter.models import Clerk, Dossier
from tests import cast

type Act = Callable[[Dossier, Clerk, ActivationCode], object]


def another_address(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> None:
    correct_email(
        dossier=dossier,
        clerk=clerk,
        email="other@example.org",
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )


def another_sheet(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> None:
    reissue_code(
        dossier=dossier,
        clerk=clerk,
        reason=ReissueReason.SHEET_LOST,
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )


@pytest.mark.parametrize("act", [another_address, another_sheet])
def test_the_code_is_the_first_lock(dossier: Dossier, els: Clerk, act: Act) -> None:
    code, _text = cast.make_code(dossier, els)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act(dossier, els, code)
    asked = [query["sql"] for query in queries]
    locks = [
        sql
        for sql in asked
        if "FOR UPDATE" in sql or "advisory" in sql or sql.startswith("INSERT")
    ]
    assert 'FROM "activation_activationcode"' in locks[0]
