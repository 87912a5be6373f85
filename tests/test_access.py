"""Which answer each role gets at every address of the product.

tests/access_table.py, and access.py of the tests of codes, keys and money, name each
route of the URL configuration, each method and the answer for each role; a route that
is in none of them fails the build. HEAD answers like GET.
"""

import pytest
from django.apps import apps
from django.urls import reverse

from counter.journal.events import Event
from counter.models import JournalEntry
from tests.access_roles import ALLOWED, NEW_ROLES
from tests.access_table import MODELS, TABLE
from tests.access_world import World, address, people, routes, world
from tests.activation.access import CODES
from tests.activation.holder.access import KEYS
from tests.payments.access import MONEY

__all__ = ["people", "world"]


ROLES = ("stranger", "els", "gust", "sofie", "lies", *NEW_ROLES)
#: Also the auditor (nadia), who reads everything.
CHANGES_NOTHING = {"stranger", "gust", "lies", "nadia"}
#: What an auditor writes into the journal by reading.
LOOKS = (
    Event.PEOPLE_LISTED,
    Event.PERSON_OPENED,
    Event.DOSSIER_OPENED,
    Event.BATCH_FETCHED,
)
#: What these answer is put into a page, or into a frame of one.
PARTS = {
    "counter_dossiers:number_reading",
    "counter_email:email_reading",
    "payments_receipts:print_receipt",
}
ENDS_SESSION = {"counter_sign_in:sign_out", "counter_sign_in:lock", "admin:logout"}
Answers = dict[tuple[str, str], tuple[int, ...]]


def read(table: str) -> Answers:
    """The answers by route and method; a later line replaces an earlier one."""
    answers: Answers = {}
    for line in filter(None, map(str.strip, table.splitlines())):
        route, method, *statuses = line.split()
        answers[route, method] = tuple(map(int, statuses))
    return answers


EXPECTED = read(TABLE) | read(CODES) | read(MONEY) | read(KEYS)
for _path, _rows in MODELS.items():
    EXPECTED |= read(_rows.format(model=_path.replace("/", "_"), path=_path))


def answer(route: str, method: str, role: str) -> int:
    """The status that somebody in this role gets."""
    if role in NEW_ROLES:
        return _of_a_new_role(route, method, role)
    return EXPECTED[route, method][ROLES.index(role)]


def _of_a_new_role(route: str, method: str, role: str) -> int:
    """The status in tests/access_roles.py. Other routes answer as to a clerk if they
    answer the same to a stranger; else they refuse.
    """
    listed = ALLOWED[role].get((route, method))
    if listed is not None:
        return listed
    stranger, els, *_others = EXPECTED[route, method]
    return els if stranger == els and not route.startswith("admin") else 403


def truth() -> dict[str, list[dict[str, object]]]:
    """All rows of the database by model, without sessions, times of sign-ins, chosen
    desks and the journal's entries about what somebody looked at.
    """
    rows_of = {}
    for model in apps.get_models():
        if model._meta.app_label == "sessions":
            continue
        there = model._default_manager.order_by("pk")
        if model is JournalEntry:
            there = there.exclude(event__in=LOOKS)
        rows = list(there.values())
        for row in rows:
            for own in ("last_login", "desk_since", "desk_id"):
                row.pop(own, None)
        rows_of[model._meta.label] = rows
    return rows_of


def test_every_route_has_an_expectation() -> None:
    known = {route for route, _ in EXPECTED}
    there = {name for name, _ in routes()}
    assert there - known == set(), "say in this file who may open these"
    assert known - there == set(), "these are gone"


@pytest.mark.parametrize("role", ROLES)
def test_each_answer_is_the_expected_one(world: World, role: str) -> None:
    """Also, whoever has no work in this office changes nothing by asking."""
    wrong = []
    client = world.client(role)
    before = truth()
    for name, path in routes():
        for method in ("GET", "HEAD", "POST"):
            response = client.generic(method, address(path, world))
            expected = answer(name, "GET" if method == "HEAD" else method, role)
            if response.status_code != expected:
                wrong.append((name, method, response.status_code, expected))
            if name in ENDS_SESSION:
                client = world.client(role)
    assert not wrong
    if role in CHANGES_NOTHING:
        assert truth() == before


def test_a_clerk_gets_no_further_than_the_door_of_the_admin(world: World) -> None:
    client = world.client("els")
    for listing in ("counter_dossier", "counter_journalentry", "payments_payment"):
        page = reverse(f"admin:{listing}_changelist")
        assert client.get(page, follow=True).status_code == 403


def test_a_page_that_answers_a_form_can_be_come_back_to() -> None:
    """The lock screen, the sign-in and the language lead back by GET to the address of
    the page (counter.web.see_other.post_or_see). An address that takes only a POST
    answers it with a redirect, a part of a page, or nothing.
    """
    only_posted = {name for (name, method), codes in EXPECTED.items() if 405 in codes}
    answers = {200, 422}
    pages = {
        name
        for name in only_posted
        if set(EXPECTED[name, "GET"]) == {405} and answers & {*EXPECTED[name, "POST"]}
    }
    assert pages == PARTS


def test_a_page_that_the_roles_table_names_is_there() -> None:
    known = {route for route, _ in EXPECTED}
    named = {route for answers in ALLOWED.values() for route, _method in answers}
    assert named - known == set(), "these are gone"
