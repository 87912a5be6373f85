"""The reader of the old address objects while the counter corrects something."""

import contextlib
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from activation.addresses.changed_addresses import object_to_change
from activation.codes import reissuing
from activation.codes.issuing import new_code
from activation.desk import corrections
from activation.models import ActivationCode, AddressChange
from counter.exceptions import CounterError
from counter.models import Clerk, Dossier
from tests import cast
from tests.activation.addresses.changing import changed, code
from tests.activation.codes.test_code_is_locked_first import (
    another_address,
    another_sheet,
)
from tests.activation.corrections import details, url
from tests.litany import signed_in
from tests.races import at_once, wait_for_a_lock

__all__ = ["code"]

type Act = Callable[[Dossier, Clerk, ActivationCode], object]


def other_names(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> object:
    form = details(code, first_names="Pieter")
    return signed_in(clerk).post(url(dossier), form)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("act", [another_address, another_sheet, other_names])
def test_neither_waits_for_the_other_in_a_circle(
    dossier: Dossier,
    els: Clerk,
    code: ActivationCode,
    monkeypatch: pytest.MonkeyPatch,
    act: Act,
) -> None:
    """The clerk has already locked what she corrects when the objection begins.

    So one of them waits for the other. Had each waited for the other, PostgreSQL would
    have ended one of them.
    """
    change = changed(dossier, els, code)
    present = cast.code_of(dossier)
    begun = threading.Event()

    def late(*args: Any, **options: Any) -> ActivationCode:
        begun.set()
        wait_for_a_lock()
        return new_code(*args, **options)

    monkeypatch.setattr(reissuing, "new_code", late)
    monkeypatch.setattr(corrections, "new_code", late)

    def at_the_counter() -> None:
        with contextlib.suppress(CounterError):  # the objection came first
            act(Dossier.objects.get(), els, present)

    def in_the_mailbox() -> None:
        assert begun.wait(10)
        object_to_change(change_id=change.pk, at=timezone.now())

    at_once([at_the_counter, in_the_mailbox])
    assert AddressChange.objects.disputed().get(objected_at__isnull=False) == change
    assert not ActivationCode.objects.usable(timezone.now()).exists()
