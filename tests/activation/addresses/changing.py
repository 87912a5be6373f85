"""Steps of tests in which the desk changes the address of an unused code."""

import datetime
import uuid
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from activation.codes.issuing import pay_and_issue
from activation.codes.reissuing import correct_email
from activation.models import ActivationCode, AddressChange
from counter.models import Clerk, Dossier
from payments.enums import Method
from tests import cast

OLD = "peter@example.org"
NEW = "juist@example.org"
MINUTE = datetime.timedelta(minutes=1)
AGREES = {"supervisor_name": "sofie", "supervisor_password": cast.PASSWORD}


@pytest.fixture
def code(dossier: Dossier, els: Clerk) -> ActivationCode:
    return cast.make_code(dossier, els)[0]


def page(dossier: Dossier, name: str = "correct_email") -> str:
    return reverse(f"activation_desk:{name}", args=[dossier.pk])


def form(code: ActivationCode | None = None, **typed: str) -> dict[str, str]:
    code_id = str(code.pk) if code else ""
    return {"code_id": code_id, "email": NEW, "document_seen": "on"} | typed


def changed(dossier: Dossier, clerk: Clerk, code: ActivationCode) -> AddressChange:
    """Change the address to NEW during the visit; returns the recorded change."""
    correct_email(
        dossier=dossier,
        clerk=clerk,
        email=NEW,
        code_id=code.pk,
        document_seen=True,
        at=timezone.now(),
    )
    return AddressChange.objects.get()


def pay(dossier: Dossier, clerk: Clerk) -> ActivationCode:
    return pay_and_issue(
        dossier=dossier,
        clerk=clerk,
        method=Method.CASH,
        tendered=Decimal(10),
        terminal_slip="",
        submission=uuid.uuid4(),
        at=timezone.now(),
    )


def an_hour_ago(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(
        recorded_at=timezone.now() - datetime.timedelta(hours=1)
    )
    dossier.refresh_from_db()


def address_of(dossier: Dossier) -> str:
    dossier.refresh_from_db()
    return dossier.email
