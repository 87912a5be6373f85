"""An administrator and finance see no applicant, and an auditor changes nothing."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from counter.enums import Role
from counter.journal import journal
from counter.journal.events import Event
from counter.models import Clerk, Dossier, JournalEntry, Office
from tests import cast
from tests.counter.staff.test_admin_clerks import clerk_form
from tests.litany import signed_in
from tests.test_admin import whole

__all__ = ["whole"]

#: Data of Peter, whose dossier it is; "85.07.30" is his number as the admin masks it.
PERSONAL = ("Janssens", "peter@example.org", "peterj", "85.07.30", "EN123456")


def pages_of(client: Client) -> dict[str, str]:
    """The text of each page that opens, by address: lists, rows, index and roles."""
    pages = {}
    for model in admin.site._registry:
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        addresses = [reverse(f"{name}_changelist")]
        addresses += [
            reverse(f"{name}_change", args=[row.pk])
            for row in model._default_manager.all()[:30]
        ]
        for address in addresses:
            answer = client.get(address)
            if answer.status_code == 200:
                pages[address] = answer.text
    for address in (reverse("admin:index"), reverse("admin:roles")):
        pages[address] = client.get(address).text
    return pages


@pytest.mark.parametrize("who", ["karel", "tom"])
def test_no_page_of_theirs_says_who_came(
    whole: Dossier, who: str, request: pytest.FixtureRequest
) -> None:
    clerk = request.getfixturevalue(who)
    journal.write(Event.SLIP_PRINTED, dossier=whole)
    pages = pages_of(signed_in(clerk))
    assert len(pages) > 5
    for address, text in pages.items():
        assert not [word for word in PERSONAL if word in text], address


@pytest.mark.parametrize("who", ["karel", "nadia", "tom"])
def test_no_page_of_theirs_leads_to_one_that_is_refused(
    whole: Dossier, who: str, request: pytest.FixtureRequest
) -> None:
    client = signed_in(request.getfixturevalue(who))
    pages = pages_of(client)
    answers = dict.fromkeys(pages, 200)
    wrong = set()
    for address, text in pages.items():
        content = text.partition('<div id="content"')[2]
        for link in set(re.findall(r'<a [^>]*href="(/[^"#]*)"', content)):
            target = link.replace("&amp;", "&")
            if target not in answers:
                answers[target] = client.get(target).status_code
            if answers[target] == 403:
                wrong.add((address, link))
    assert not wrong


def test_an_auditor_reads_and_is_written_down(
    whole: Dossier, nadia: Clerk, els: Clerk
) -> None:
    page = reverse("admin:counter_dossier_change", args=[whole.pk])
    client = signed_in(nadia)
    assert "peter@example.org" in client.get(page).text
    entry = JournalEntry.objects.filter(clerk=nadia, dossier=whole).get()
    assert entry.event == Event.DOSSIER_OPENED
    assert client.post(page, {"email": "x@example.org"}).status_code == 403


def test_an_administrator_reads_of_accounts_and_not_of_applicants(
    whole: Dossier, tom: Clerk, els: Clerk
) -> None:
    els.first_name = "Elsje"
    els.save()
    seen = JournalEntry.objects.visible_to(tom)
    assert seen.filter(event=Event.ROW_CHANGED).exists()
    assert not seen.filter(dossier__isnull=False).exists()
    assert not seen.filter(subject__startswith="counter.applicant").exists()
    everything = JournalEntry.objects.visible_to(els)
    assert everything.filter(dossier=whole).exists()


def test_who_does_not_work_at_the_desk_begins_in_the_admin(tom: Clerk) -> None:
    answer = signed_in(tom).get(reverse("counter_desk:desk"))
    assert answer["Location"] == reverse("admin:index")


def test_finance_exports_and_notes_no_total(karel: Clerk, els: Clerk) -> None:
    client = signed_in(karel)
    page = reverse("payments_closing:day", args=["2026-01-05"])
    text = client.get(page).text
    assert reverse("payments_closing:export_day", args=["2026-01-05"]) in text
    assert "id_terminal" not in text
    assert client.post(page, {"amount": "1"}).status_code == 403


# Above the offices


@pytest.mark.parametrize("role", [Role.FINANCE, Role.AUDITOR, Role.ADMINISTRATOR])
def test_without_an_office_it_is_the_whole_house(
    office: Office, other_office: Office, role: Role
) -> None:
    above = cast.make_clerk("above", None, desk="", role=role)
    assert set(Office.objects.visible_to(above)) == {office, other_office}


@pytest.mark.parametrize("role", [Role.CLERK, Role.SUPERVISOR])
def test_a_clerk_or_a_supervisor_without_an_office_sees_none(
    office: Office, role: Role
) -> None:
    nobodys = cast.make_clerk("nobodys", None, desk="", role=role)
    assert not Office.objects.visible_to(nobodys).exists()


def test_a_supervisor_puts_nobody_above_the_offices(
    office: Office, sofie_client: Client
) -> None:
    form = clerk_form(office, role="administrator", office="")
    answer = sofie_client.post(reverse("admin:counter_clerk_add"), form)
    assert answer.context["adminform"].form.errors.keys() == {"office"}
