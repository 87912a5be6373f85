"""A row of each kind that an address can name, and the people who ask for addresses."""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation
from pytest_django import Settings

from activation.codes import links
from activation.codes.issuing import pay_and_issue
from activation.codes.validity import key_end
from activation.enums import Change, KeyKind, KeyState, SignInResult
from activation.models import DigitalKey, HolderChange, KeyHolder, SignInActivity
from counter.desk.rejections import turn_away
from counter.enums import Outcome, RedirectReason, Role
from counter.journal import journal
from counter.models import (
    Alarm,
    Clerk,
    DestructionRecord,
    Dossier,
    Draft,
    Enquiry,
    JournalEntry,
    LegalHold,
    Office,
    RetentionPeriod,
    TurnedAway,
)
from counter.retention.reasons import HoldReason
from payments.enums import Method
from payments.models import Reversal, Tariff
from tests import cast
from tests.litany import signed_in

People = dict[str, Clerk]


@dataclass
class World:
    """A row of each kind in one office, and the people who ask for the pages."""

    clerks: People
    arguments: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        return signed_in(self.clerks[role]) if role in self.clerks else Client()


@pytest.fixture
def people(
    els: Clerk,
    gust: Clerk,
    sofie: Clerk,
    karel: Clerk,
    nadia: Clerk,
    tom: Clerk,
    other_office: Office,
) -> People:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    every = (els, gust, sofie, lies, karel, nadia, tom)
    return {clerk.username: clerk for clerk in every}


@pytest.fixture
def world(
    dossier: Dossier,
    tariff: Tariff,
    people: People,
    settings: Settings,
    tmp_path: Path,
) -> World:
    settings.DEMO_INBOX = tmp_path
    now = timezone.now()
    code = pay_and_issue(
        dossier=dossier,
        clerk=people["els"],
        method=Method.CASH,
        tendered=tariff.amount,
        terminal_slip="",
        submission=uuid.uuid4(),
        at=now,
    )
    holder = KeyHolder.objects.create(
        applicant=dossier.applicant, user_name="peterj", password="!", created_at=now
    )
    DigitalKey.objects.create(
        holder=holder,
        code=code,
        kind=KeyKind.APP,
        state=KeyState.ACTIVE,
        created_at=now,
        activated_at=now,
        valid_until=key_end(now),
    )
    SignInActivity.objects.create(holder=holder, at=now, result=SignInResult.SIGNED_IN)
    HolderChange.objects.create(holder=holder, at=now, act=Change.PASSWORD)
    cast.make_rest_of_the_money(cast.payment_of(dossier), people["sofie"])
    visit = turn_away(
        reason=RedirectReason.ITSME,
        clerk=people["els"],
        submission=uuid.uuid4(),
        at=now,
    )
    draft = Draft(clerk=people["els"], submission=uuid.uuid4(), saved_at=now)
    draft.content = "{}"
    draft.save()
    TurnedAway.objects.create(
        office=dossier.office,
        clerk=people["els"],
        submission=uuid.uuid4(),
        at=now,
        outcome=Outcome.REFUSED,
        reason="other",
    )
    cast.make_enquiry(dossier.office)
    LegalHold.objects.create(
        dossier=dossier,
        reason=HoldReason.AUDIT,
        until=timezone.localdate(),
        set_by=people["sofie"],
        set_at=now,
    )
    RetentionPeriod.objects.create(office=dossier.office, rule="code", days=40)
    Alarm.objects.create(
        trouble="part",
        since=timezone.now(),
        noticed_at=timezone.now(),
        seen_at=timezone.now(),
    )
    DestructionRecord.objects.create(
        office=dossier.office, rule="code", days=40, rows=1
    )
    journal.seal()
    world = World(people)
    world.arguments = {
        "pk": str(dossier.pk),
        "submission": str(visit.submission),
        "session": str(cast.payment_of(dossier).drawer_id),
        "reversal": str(Reversal.objects.values_list("pk", flat=True)[0]),
        "draft": str(draft.pk),
        "delivery": str(uuid.uuid4()),
        "passkey": str(uuid.uuid4()),
        "enquiry": str(Enquiry.objects.values_list("pk", flat=True)[0]),
        "date": timezone.localdate().isoformat(),
        "number": "1",
        "id": str(people["els"].pk),
        "office_id": str(dossier.office_id),
        "dossier_id": str(dossier.pk),
        "applicant_id": str(dossier.applicant_id),
        "hold_id": str(LegalHold.objects.values_list("pk", flat=True)[0]),
        "office": dossier.office.slug,
        "token": links.token(code),
        "presented": links.token(code),
        "name": "nothing",
        "kind": "sms",
        "act": "resend",
        "content_type_id": "1",
    }
    for model in apps.get_models():
        rows = model._default_manager.order_by("pk")
        if model is JournalEntry:  # everybody reads the entries without an office
            rows = rows.exclude(office=None)
        of_office = rows.first()
        world.rows[model._meta.label_lower.replace(".", "/")] = str(
            of_office.pk if of_office else 0
        )
    return world


def routes() -> Iterator[tuple[str, str]]:
    """Each route: its name (its pattern when it has no name), and its pattern."""
    with translation.override("nl"):
        all_routes = list(_walk(get_resolver(), "", ""))
    yield from all_routes


def _walk(
    resolver: URLResolver, prefix: str, namespace: str
) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            name = f"{namespace}{pattern.name}" if pattern.name else path
            # A page of one office and the page without an office have the same name.
            yield (f"{name}@office" if "<office:" in path else name), path
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, path, namespace + inner)


def address(path: str, world: World) -> str:
    """An address of the route with this pattern, with arguments of real rows."""
    path = re.sub(r"\^\(\?P<app_label>.*\)/\$", "counter/", path)
    path = path.replace("(?P<url>.*)$", "nothing/")
    for model, pk in world.rows.items():
        path = path.replace(f"admin/{model}/<path:object_id>", f"admin/{model}/{pk}")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: world.arguments.get(m[1], "1"), path)
    assert "<" not in path, path
    assert "(" not in path, path
    return f"/{path}"
