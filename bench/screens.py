"""8. The queries of the desk's and the supervisor's pages, as the archive grows.

Two databases, one with 10,000 visits and one with ten times as many (a hundred times
with --large). Every page is asked for in both, in turn.
"""

import os
import re
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.urls import reverse

from bench.archive import fill
from bench.measure import ROUNDS, Figure, at_most
from bench.people import Visitors, make_clerk, national_number
from bench.statements import watched
from bench.visit import pay
from counter.enums import Role
from counter.models import Clerk, Dossier
from tests import cast

SMALL = 10_000
LARGE = 1_000_000 if os.environ["BENCH_LARGE"] else 100_000
# Below this a statement is mostly the way to the server and back.
SLOW_SECONDS = 0.001
# As many rows as a page has, so many parameters.
_PARAMETERS = re.compile(r"%s(, %s)+")
LISTED = {
    "dossier": ("?state__exact=code_issued", "?state__exact=cancelled", "?q=0a0a0a0a"),
    "journalentry": ("?event__exact=code_issued", "?q=0a0a0a0a"),
    "activationcode": ("?state__exact=live", "?state__exact=frozen"),
    "digitalkey": ("?state__exact=revoked",),
    "delivery": ("?state__exact=refused",),
}
#: Of these a page in the middle is asked for too: what comes after some row.
TURNED = ("applicant", "dossier", "digitalkey", "activationcode", "delivery", "payment")

type Page = Callable[[], Any]
# (page, statement) -> seconds, one for each round.
type Times = dict[tuple[str, str], list[float]]


@dataclass
class Archive:
    """One database with its visits, the pages of those who work there, the times."""

    database: str
    pages: dict[str, Page]
    times: Times = field(default_factory=lambda: defaultdict(list))


def measure() -> list[Figure]:
    small = str(connection.settings_dict["NAME"])
    large = f"{small}_large"
    with _in("postgres"), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {large} TEMPLATE {small}")
    archives = [_archive(small, SMALL), _archive(large, LARGE)]
    for turn in range(ROUNDS + 1):
        for archive in archives if turn % 2 else reversed(archives):
            with _in(archive.database):
                _open_all(archive, keep=turn > 0)
    return _figures(*archives)


@contextmanager
def _in(database: str) -> Iterator[None]:
    """Django's one connection, to another database of the server."""
    connection.close()
    connection.settings_dict["NAME"] = database
    yield
    connection.close()


def _archive(database: str, visits: int) -> Archive:
    with _in(database):
        els = make_clerk()
        supervisor = cast.make_clerk("sofie", els.office, desk="", role=Role.SUPERVISOR)
        visitors = Visitors(els)
        fill(visitors.office, visits)
        paid, waiting = visitors.recorded(2)
        pay(paid, els)
        pages = _desk(_signed_in(els), paid, waiting)
        return Archive(database, pages | _supervision(_signed_in(supervisor), paid))


def _signed_in(clerk: Clerk) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(clerk)
    return client


def _desk(client: Client, paid: Dossier, waiting: Dossier) -> dict[str, Page]:
    """The clerk's pages, and what is typed into the one field."""
    addresses = {
        "desk": reverse("counter_desk:desk"),
        "new visit": reverse("counter_dossiers:record_applicant"),
        "dossier": reverse("counter_dossiers:dossier", args=[paid.pk]),
        "mail state": reverse("notifications_desk:mail_state", args=[paid.pk]),
        "pay": reverse("activation_desk:pay_and_issue", args=[waiting.pk]),
    }
    typed = {
        "number": national_number(0),
        "reference": paid.reference,
        "e-mail": paid.email,
        "name": "janssens",
        "whole name": "peter janssens",
        "part of many names": "sens",
        "name of nobody": "qwertz",
    }
    search = reverse("counter_desk:find_dossier")
    pages: dict[str, Page] = {}
    for name, path in addresses.items():
        pages[name] = partial(client.get, path)
    for what, text in typed.items():
        pages[f"search: {what}"] = partial(client.post, search, {"q": text})
    return pages


def _supervision(client: Client, dossier: Dossier) -> dict[str, Page]:
    """Every list of the admin, with some filters, and a dossier's page."""
    pages: dict[str, Page] = {}
    for model in filter(admin.site.is_registered, apps.get_models()):
        name = model._meta.model_name or ""
        path = reverse(f"admin:{model._meta.app_label}_{name}_changelist")
        for query in ("", *LISTED.get(name, ())):
            pages[f"admin: {name}{query}"] = partial(client.get, path + query)
        if name in TURNED:
            row = model._default_manager.order_by("pk")[
                model._default_manager.count() // 2
            ]
            deep = f"{path}?after={row.pk}"
            pages[f"admin: {name}, turned"] = partial(client.get, deep)
    change = reverse("admin:counter_dossier_change", args=[dossier.pk])
    return pages | {"admin: dossier": partial(client.get, change)}


def _open_all(archive: Archive, *, keep: bool) -> None:
    for page, ask in archive.pages.items():
        with watched() as seen:
            answer = ask()
        if answer.status_code >= 400:
            raise RuntimeError(f"{page}: {answer.status_code}")
        if not keep:
            continue
        slowest: dict[str, float] = {}
        for statement in seen:
            sql = _PARAMETERS.sub("%s", statement.sql)
            slowest[sql] = max(statement.wall, slowest.get(sql, 0.0))
        for sql, wall in slowest.items():
            archive.times[page, sql].append(wall)


def _figures(small: Archive, large: Archive) -> list[Figure]:
    rows = [
        (statistics.median(times), statistics.median(small.times[key]), *key)
        for key, times in large.times.items()
        if small.times.get(key)
    ]
    rows.sort(reverse=True)
    slowest = rows[0]
    grown = max(rows, key=lambda row: row[0] / row[1] * (row[0] > SLOW_SECONDS))
    values = {
        "rows": [SMALL, LARGE],
        "statements": [
            {"page": page, "ms": [low * 1000, high * 1000], "sql": sql}
            for high, low, page, sql in rows[:25]
        ],
    }
    return [
        Figure(
            8,
            f"slowest query of a page, {LARGE:,} visits",
            slowest[0] * 1000,
            at_most(50, " ms"),
            ours=f"{slowest[2]}: {slowest[0] * 1000:.1f} ms",
            limit=f"at {SMALL:,}: {slowest[1] * 1000:.1f} ms",
            values=values,
        ),
        Figure(
            8,
            "query that grew most (of those over 1 ms)",
            grown[0] / grown[1],
            at_most(3),
            ours=f"{grown[2]}: {grown[0] * 1000:.1f} ms",
            limit=f"at {SMALL:,}: {grown[1] * 1000:.1f} ms",
        ),
    ]
