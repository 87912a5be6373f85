"""On the supervisor's pages axe finds nothing, and no column is cut off."""

import os
from collections.abc import Iterator
from datetime import date, time
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from counter.enums import TextSlot
from counter.models import (
    Applicant,
    Clerk,
    ClosingDay,
    Dossier,
    Office,
    OfficeText,
    OpeningHours,
)
from tests.browser.chromium import (
    DESK,
    IN_CHROMIUM,
    WIDER,
    browser_type_launch_args,
    database_beside_playwright,
    watched,
)
from tests.litany import signed_in
from tests.test_admin import whole

__all__ = ["browser_type_launch_args", "database_beside_playwright", "whole"]

pytestmark = [*IN_CHROMIUM, pytest.mark.django_db(transaction=True)]

SCREENSHOTS = os.environ.get("SCREENSHOTS")
#: A script: the tables that are wider than their box, each with both widths.
CUT_OFF = """
() => [...document.querySelectorAll("#result_list, .reading-page table")]
  .map((table) => [table, table.parentElement.clientWidth])
  .filter(([table, room]) => table.scrollWidth > room + 1)
  .map(([table, room]) => `${table.id}: ${table.scrollWidth} px, room for ${room}`)
"""
#: How many pages of each kind a supervisor sees, if not more.
AT_LEAST = {"changelist": 30, "add": 5, "change": 25, "others": 3}


def pages_of(kind: str, dossier: Dossier) -> Iterator[str]:
    """The addresses of one kind of page, of every admin that has it."""
    if kind == "others":
        yield reverse("admin:index")
        yield reverse("admin:counter_dossier_find")
        yield reverse("admin:counter_dossier_act", args=(dossier.pk, "revoke-key"))
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        row = model._default_manager.order_by("pk").last()
        if kind == "changelist":
            yield reverse(f"{name}_changelist")
        elif kind == "add":
            yield reverse(f"{name}_add")
        elif kind == "change" and row is not None:
            yield reverse(f"{name}_change", args=(row.pk,))


def make_rows_of_office(office: Office) -> None:
    """Make a row of each kind that is edited on the page of an office."""
    OpeningHours.objects.create(
        office=office, weekday=0, opens=time(9), closes=time(12)
    )
    ClosingDay.objects.create(office=office, date=date(2030, 7, 21), occasion="Feest")
    OfficeText.objects.create(
        office=office, slot=TextSlot.values[0], language="nl", text="Welkom"
    )


def cookies_of(client: Client, site: str) -> list[dict[str, str]]:
    return [
        {"name": name, "value": morsel.value, "url": site}
        for name, morsel in client.cookies.items()
    ]


def lengthen_names(dossier: Dossier) -> None:
    """Names as long as people have them, so that columns need their room."""
    names = {"last_name": "Vandenbroucke", "first_names": "Jean-Baptiste Maximiliaan"}
    Dossier.objects.update(**names)
    Applicant.objects.update(**names)
    Clerk.objects.update(first_name="Marie-Louise", last_name="Van den Eynde")
    Office.objects.filter(pk=dossier.office_id).update(name="Stadskantoor Leuven-Noord")


def problems_of(page: Page) -> Iterator[str]:
    results = Axe().run(page, options={"resultTypes": ["violations"]})
    for one in results.response["violations"]:
        html = one["nodes"][0]["html"][:160]
        yield f"{one['id']}: {len(one['nodes'])}, {html}"
    yield from page.evaluate(CUT_OFF)
    if page.evaluate(WIDER) > 0:
        yield "wider than the screen"


@pytest.mark.parametrize(("language", "scheme"), [("nl", "dark"), ("en", "light")])
@pytest.mark.parametrize("kind", ["changelist", "add", "change", "others"])
def test_axe_finds_nothing_and_no_column_is_cut(
    browser: Browser,
    live_server: LiveServer,
    whole: Dossier,
    sofie: Clerk,
    kind: str,
    language: str,
    scheme: Literal["dark", "light"],
) -> None:
    """Every list and one page of each: in Dutch and dark, and in English and light.

    Two combinations are enough, because colours do not depend on the language.
    """
    make_rows_of_office(whole.office)
    lengthen_names(whole)
    Clerk.objects.update(language=language)
    sofie.refresh_from_db()
    context = browser.new_context(viewport=DESK, color_scheme=scheme)
    context.add_cookies(cookies_of(signed_in(sofie), live_server.url))  # type: ignore[arg-type]
    page, complaints = watched(context)
    wrong, looked_at = {}, 0
    for address in pages_of(kind, whole):
        answer = page.goto(live_server.url + address)
        assert answer is not None
        if kind == "add" and answer.status == 403:
            continue  # A supervisor adds rows of some models only.
        assert answer.status == 200, address
        looked_at += 1
        assert page.locator("html").get_attribute("lang") == language
        problems = [*problems_of(page), *complaints]
        if problems:
            wrong[address] = problems
            complaints.clear()
        if SCREENSHOTS:
            name = address.strip("/").replace("/", "_")[6:30]
            picture = Path(SCREENSHOTS) / f"{language} {scheme} {kind} {name}.png"
            page.screenshot(path=picture)
    context.close()
    assert looked_at >= AT_LEAST[kind]
    assert not wrong, "\n".join(f"{url}: {fault}" for url, fault in wrong.items())
