"""Who gets what answer at every address of the product.

The table below names each route of the URL configuration, each method and the answer
for each role; a route that is not in it fails the build. HEAD answers like GET.
"""

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone, translation
from pytest_django import Settings

from activation import links
from activation.enums import Change, KeyKind, KeyState, SignInResult
from activation.models import DigitalKey, HolderChange, KeyHolder, SignInActivity
from activation.services.issuing import pay_and_issue
from activation.validity import key_end
from counter import journal
from counter.enums import EnquiryKind, Outcome, RedirectReason, Role
from counter.models import Clerk, Dossier, Draft, Enquiry, Office, TurnedAway
from counter.turning_away import turn_away
from payments.enums import Method
from payments.models import Reversal, Tariff
from tests import cast
from tests.activation.keys.access import KEYS

ROLES = ("stranger", "els", "gust", "sofie", "lies")
OUTSIDERS = {"stranger", "gust", "lies"}
ENDS_SESSION = {"counter:sign_out", "counter:lock", "admin:logout"}

# gust is a clerk and lies a supervisor of another office. 302 is the way to the sign-in
# page for the stranger and, below /admin/, for a clerk (who gets 403 there); for
# another office's supervisor it is the admin's index. Forms are posted empty: 422 and
# 200 mean that the form comes back.
TABLE = """
home                            GET     302 302 302 302 302
home                            POST    405 405 405 405 405
information                     GET     200 200 200 200 200
information                     POST    405 405 405 405 405
contact                         GET     200 200 200 200 200
contact                         POST    422 422 422 422 422
contact_sent                    GET     200 200 200 200 200
contact_sent                    POST    405 405 405 405 405
report_page                     GET     200 200 200 200 200
report_page                     POST    422 422 422 422 422
report_sent                     GET     200 200 200 200 200
report_sent                     POST    405 405 405 405 405
notifications:healthz           GET     200 200 200 200 200
notifications:healthz           POST    405 405 405 405 405
notifications:readyz            GET     200 200 200 200 200
notifications:readyz            POST    405 405 405 405 405

counter:sign_in                 GET     200 303 303 303 303
counter:sign_in                 POST    200 303 303 303 303
counter:sign_out                GET     405 405 405 405 405
counter:sign_out                POST    303 303 303 303 303
counter:lock                    GET     405 405 405 405 405
counter:lock                    POST    302 303 303 303 303
counter:unlock                  GET     302 303 303 303 303
counter:unlock                  POST    302 303 303 303 303
counter:at_work                 GET     405 405 405 405 405
counter:at_work                 POST    302 204 204 204 204
counter:switch_language         GET     405 405 405 405 405
counter:switch_language         POST    303 303 303 303 303
counter:desk                    GET     302 200 200 200 200
counter:desk                    POST    405 405 405 405 405
counter:find_dossier            GET     302 302 302 302 302
counter:find_dossier            POST    302 422 422 422 422
counter:number_reading          GET     405 405 405 405 405
counter:number_reading          POST    302 200 200 200 200
counter:email_reading           GET     405 405 405 405 405
counter:email_reading           POST    302 200 200 200 200
counter:redirect_person         GET     302 200 200 200 200
counter:redirect_person         POST    302 422 422 422 422
counter:refuse_person           GET     302 200 200 200 200
counter:refuse_person           POST    302 422 422 422 422
counter:turned_away             GET     302 200 404 200 404
counter:turned_away             POST    405 405 405 405 405
counter:record_applicant        GET     302 200 200 200 200
counter:record_applicant        POST    302 422 422 422 422
counter:dossier                 GET     302 200 404 200 404
counter:dossier                 POST    405 405 405 405 405
counter:mail_state              GET     302 200 404 200 404
counter:mail_state              POST    405 405 405 405 405
counter:reveal_number           GET     405 405 405 405 405
counter:reveal_number           POST    302 422 404 422 404
counter:cancel_dossier          GET     302 303 404 303 404
counter:cancel_dossier          POST    302 303 404 303 404
activation_desk:pay_and_issue   GET     302 302 404 302 404
activation_desk:pay_and_issue   POST    302 422 404 422 404
activation_desk:slip            GET     302 200 404 200 404
activation_desk:slip            POST    405 405 405 405 405
activation_desk:resend_link     GET     302 200 404 200 404
activation_desk:resend_link     POST    302 303 404 303 404
activation_desk:correct_email   GET     302 200 404 200 404
activation_desk:correct_email   POST    302 422 404 422 404
activation_desk:reissue_code    GET     302 200 404 200 404
activation_desk:reissue_code    POST    302 422 404 422 404

counter:save_draft              GET     405 405 405 405 405
counter:save_draft              POST    302 204 204 204 204
counter:resume_draft            GET     302 200 404 404 404
counter:resume_draft            POST    405 405 405 405 405
counter:drop_draft              GET     405 405 405 405 405
counter:drop_draft              POST    302 303 404 404 404
activation_desk:waive_and_issue GET     302 303 404 303 404
activation_desk:waive_and_issue POST    302 422 404 422 404
payments:export_drawer          GET     405 405 405 405 405
payments:export_drawer          POST    302 403 403 303 303
payments:today                  GET     302 403 403 303 303
payments:today                  POST    405 405 405 405 405
payments:day                    GET     302 403 403 200 200
payments:day                    POST    302 403 403 422 422
payments:day_paper              GET     302 403 403 200 200
payments:day_paper              POST    405 405 405 405 405
payments:export_day             GET     405 405 405 405 405
payments:export_day             POST    302 403 403 303 303
payments:batch                  GET     302 403 403 200 404
payments:batch                  POST    405 405 405 405 405
payments:reversals              GET     302 403 403 200 200
payments:reversals              POST    405 405 405 405 405
payments:decide_reversal        GET     302 403 403 200 404
payments:decide_reversal        POST    302 403 403 422 404
payments:ask_reversal           GET     302 200 404 200 404
payments:ask_reversal           POST    302 422 404 422 404
payments:receipt                GET     302 200 404 200 404
payments:receipt                POST    405 405 405 405 405
payments:drawer                 GET     302 200 200 200 200
payments:drawer                 POST    405 405 405 405 405
payments:open_drawer            GET     302 303 200 200 200
payments:open_drawer            POST    302 303 422 422 422
payments:deposit                GET     302 200 303 303 303
payments:deposit                POST    302 422 303 303 303
payments:count_drawer           GET     302 200 303 303 303
payments:count_drawer           POST    302 422 303 303 303
payments:close_drawer           GET     302 303 303 303 303
payments:close_drawer           POST    302 303 303 303 303
payments:approve_drawer         GET     302 403 404 200 404
payments:approve_drawer         POST    302 403 404 409 404

activation:enter_code           GET     403 403 403 403 403
activation:enter_code           POST    403 403 403 403 403
activation:choose_account       GET     303 303 303 303 303
activation:choose_account       POST    303 303 303 303 303
activation:common_passwords     GET     200 200 200 200 200
activation:common_passwords     POST    405 405 405 405 405
activation:choose_key           GET     303 303 303 303 303
activation:choose_key           POST    303 303 303 303 303
activation:enter_number         GET     303 303 303 303 303
activation:enter_number         POST    303 303 303 303 303
activation:confirm_key          GET     303 303 303 303 303
activation:confirm_key          POST    303 303 303 303 303
activation:send_again           GET     405 405 405 405 405
activation:send_again           POST    303 303 303 303 303
activation:qr_code              GET     303 303 303 303 303
activation:qr_code              POST    405 405 405 405 405
activation:done                 GET     303 303 303 303 303
activation:done                 POST    405 405 405 405 405
activation:not_mine             GET     403 403 403 403 403
activation:not_mine             POST    403 403 403 403 403
activation:open_refusal         GET     303 303 303 303 303
activation:open_refusal         POST    405 405 405 405 405
activation:add_second_key       GET     405 405 405 405 405
activation:add_second_key       POST    303 303 303 303 303
activation:open_link            GET     303 303 303 303 303
activation:open_link            POST    405 405 405 405 405
nl/a/<str:token>/               GET     303 303 303 303 303
nl/a/<str:token>/               POST    405 405 405 405 405

local:inbox                     GET     200 200 200 200 200
local:inbox                     POST    405 405 405 405 405
local:message                   GET     404 404 404 404 404
local:message                   POST    405 405 405 405 405
local:message_html              GET     404 404 404 404 404
local:message_html              POST    405 405 405 405 405

admin:index                     GET     302 302 302 200 200
admin:index                     POST    302 302 302 200 200
admin:app_list                  GET     302 302 302 200 200
admin:app_list                  POST    302 302 302 200 200
admin:login                     GET     302 403 403 302 302
admin:login                     POST    302 403 403 302 302
admin:logout                    GET     302 302 302 405 405
admin:logout                    POST    302 302 302 302 302
admin:password_change           GET     302 302 302 200 200
admin:password_change           POST    302 302 302 200 200
admin:password_change_done      GET     302 302 302 200 200
admin:password_change_done      POST    302 302 302 405 405
admin:auth_user_password_change GET     302 302 302 200 404
admin:auth_user_password_change POST    302 302 302 200 404
admin:autocomplete              GET     302 302 302 403 403
admin:autocomplete              POST    302 302 302 405 405
admin:jsi18n                    GET     302 302 302 200 200
admin:jsi18n                    POST    302 302 302 405 405
admin:view_on_site              GET     302 302 302 404 404
admin:view_on_site              POST    302 302 302 404 404
admin:payments_payment_report   GET     302 302 302 200 200
admin:payments_payment_report   POST    302 302 302 200 200
admin/(?P<url>.*)$              GET     302 302 302 404 404
admin/(?P<url>.*)$              POST    302 302 302 404 404
"""

# Each model of the admin has the same six routes.
EVERY_MODEL = """
admin:{model}_changelist        GET     302 302 302 200 200
admin:{model}_changelist        POST    302 302 302 200 200
admin:{model}_history           GET     302 302 302 200 302
admin:{model}_history           POST    302 302 302 200 302
admin:{model}_change            GET     302 302 302 200 302
admin/{path}/<path:object_id>/  GET     302 302 302 302 302
admin/{path}/<path:object_id>/  POST    302 302 302 302 302
admin:{model}_delete            GET     302 302 302 403 403
admin:{model}_delete            POST    302 302 302 403 403
"""
CANNOT_CHANGE = "admin:{model}_change POST 302 302 302 403 302"
CAN_CHANGE = "admin:{model}_change POST 302 302 302 200 302"
CANNOT_ADD = """
admin:{model}_add               GET     302 302 302 403 403
admin:{model}_add               POST    302 302 302 403 403
"""
CAN_ADD = """
admin:{model}_add               GET     302 302 302 200 200
admin:{model}_add               POST    302 302 302 200 200
"""
# Seals are over the journal of the whole house.
OF_ALL_OFFICES = """
admin:{model}_history           GET     302 302 302 200 200
admin:{model}_history           POST    302 302 302 200 200
admin:{model}_change            GET     302 302 302 200 200
admin:{model}_change            POST    302 302 302 403 403
"""
# Kept by every supervisor together.
OF_THE_HOUSE = """
admin:{model}_history           GET     302 302 302 200 200
admin:{model}_history           POST    302 302 302 200 200
admin:{model}_change            GET     302 302 302 200 200
admin:{model}_change            POST    302 302 302 200 200
admin:{model}_delete            GET     302 302 302 200 200
admin:{model}_delete            POST    302 302 302 302 302
"""
READ_ONLY = EVERY_MODEL + CANNOT_ADD + CANNOT_CHANGE
MODELS = {
    "counter/applicant": READ_ONLY,
    "counter/dossier": READ_ONLY,
    "counter/journalentry": READ_ONLY,
    "counter/journalseal": READ_ONLY + OF_ALL_OFFICES,
    "counter/draft": READ_ONLY,
    "counter/turnedaway": READ_ONLY,
    "counter/enquiry": READ_ONLY,
    "counter/maildomain": EVERY_MODEL + CAN_ADD + CAN_CHANGE + OF_THE_HOUSE,
    "payments/payment": READ_ONLY,
    "payments/receipt": READ_ONLY,
    "payments/receiptcounter": READ_ONLY,
    "payments/reversal": READ_ONLY,
    "payments/drawersession": READ_ONLY,
    "payments/drawermovement": READ_ONLY,
    "payments/terminaltotal": READ_ONLY,
    "payments/exportbatch": READ_ONLY,
    "payments/terminal": EVERY_MODEL + CAN_ADD + CAN_CHANGE,
    "activation/activationcode": READ_ONLY,
    "activation/keyholder": READ_ONLY,
    "activation/digitalkey": READ_ONLY,
    "activation/signinactivity": READ_ONLY,
    "activation/holderchange": READ_ONLY,
    "notifications/delivery": READ_ONLY,
    "counter/office": EVERY_MODEL + CANNOT_ADD + CAN_CHANGE,
    "counter/clerk": EVERY_MODEL + CAN_ADD + CAN_CHANGE,
    # A charged price: nothing but its end is in the form, and it may stay open.
    "payments/tariff": EVERY_MODEL
    + CAN_ADD
    + "admin:{model}_change POST 302 302 302 302 302",
}

People = dict[str, Clerk]
Answers = dict[tuple[str, str], tuple[int, ...]]


def read(table: str) -> Answers:
    """The answers by route and method; a later line stands for an earlier one."""
    answers: Answers = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        route, method, *statuses = line.split()
        answers[route, method] = tuple(map(int, statuses))
    return answers


EXPECTED = read(TABLE) | read(KEYS)
for _path, _rows in MODELS.items():
    EXPECTED |= read(_rows.format(model=_path.replace("/", "_"), path=_path))


@dataclass
class World:
    """One of everything in one office, and the people who ask for it."""

    clerks: People
    arguments: dict[str, str] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        client = Client()
        if role in self.clerks:
            client.force_login(self.clerks[role])
        return client


@pytest.fixture
def people(els: Clerk, gust: Clerk, sofie: Clerk, other_office: Office) -> People:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    return {"els": els, "gust": gust, "sofie": sofie, "lies": lies}


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
    HolderChange.objects.create(holder=holder, at=now, what=Change.PASSWORD)
    cast.make_rest_of_the_money(dossier.payment, people["sofie"])
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
        reason="other reason",
    )
    Enquiry.objects.create(
        submission=uuid.uuid4(),
        office=dossier.office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        text="?",
        received_at=now,
    )
    journal.seal()
    world = World(people)
    world.arguments = {
        "pk": str(dossier.pk),
        "submission": str(visit.submission),
        "session": str(dossier.payment.drawer_id),
        "reversal": str(Reversal.objects.values_list("pk", flat=True)[0]),
        "draft": str(draft.pk),
        "date": timezone.localdate().isoformat(),
        "number": "1",
        "id": str(people["els"].pk),
        "token": links.token(code),
        "name": "nothing",
        "kind": "sms",
        "content_type_id": "1",
    }
    for model in apps.get_models():
        of_office = model._default_manager.order_by("pk").first()
        world.rows[model._meta.label_lower.replace(".", "/")] = str(
            of_office.pk if of_office else 0
        )
    return world


def routes() -> Iterator[tuple[str, str]]:
    """Every route's name (its pattern when it has none) and pattern."""
    with translation.override("nl"):
        found = list(_walk(get_resolver(), "", ""))
    yield from found


def _walk(
    resolver: URLResolver, prefix: str, namespace: str
) -> Iterator[tuple[str, str]]:
    for pattern in resolver.url_patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLPattern):
            yield (f"{namespace}{pattern.name}" if pattern.name else path), path
        else:
            inner = f"{pattern.namespace}:" if pattern.namespace else ""
            yield from _walk(pattern, path, namespace + inner)


def address(path: str, world: World) -> str:
    """An address that this route answers to, with arguments of real rows."""
    path = re.sub(r"\^\(\?P<app_label>.*\)/\$", "counter/", path)
    path = path.replace("(?P<url>.*)$", "nothing/")
    for model, pk in world.rows.items():
        path = path.replace(f"admin/{model}/<path:object_id>", f"admin/{model}/{pk}")
    path = re.sub(r"<(?:\w+:)?(\w+)>", lambda m: world.arguments.get(m[1], "1"), path)
    assert "<" not in path, path
    assert "(" not in path, path
    return f"/{path}"


def truth() -> dict[str, list[dict[str, object]]]:
    """What the database holds, but for sessions and who signed in when."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label == "sessions":
            continue
        rows = list(model._default_manager.order_by("pk").values())
        for row in rows:
            row.pop("last_login", None)
        found[model._meta.label] = rows
    return found


def test_every_route_has_an_expectation() -> None:
    known = {route for route, _ in EXPECTED}
    there = {name for name, _ in routes()}
    assert there - known == set(), "say in this file who may open these"
    assert known - there == set(), "these are gone"


@pytest.mark.parametrize("role", ROLES)
def test_each_answer_is_the_expected_one(world: World, role: str) -> None:
    """And whoever has no business in this office changes nothing by asking."""
    wrong = []
    place = ROLES.index(role)
    client = world.client(role)
    before = truth()
    for name, path in routes():
        for method in ("GET", "HEAD", "POST"):
            response = client.generic(method, address(path, world))
            answers = EXPECTED[name, "GET" if method == "HEAD" else method]
            if response.status_code != answers[place]:
                wrong.append((name, method, response.status_code, answers[place]))
            if name in ENDS_SESSION:
                client = world.client(role)
    assert not wrong
    if role in OUTSIDERS:
        assert truth() == before


def test_a_clerk_gets_no_further_than_the_door_of_the_admin(world: World) -> None:
    client = world.client("els")
    for listing in ("counter_dossier", "counter_journalentry", "payments_payment"):
        page = reverse(f"admin:{listing}_changelist")
        assert client.get(page, follow=True).status_code == 403
