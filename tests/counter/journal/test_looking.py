"""The journal says who looked at people, on every page of the admin."""

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import URLPattern, reverse
from django.utils import timezone, translation

from counter.enums import EnquiryKind, Role
from counter.journal import journal
from counter.journal.events import Event
from counter.journal.verifying import Why
from counter.models import (
    Applicant,
    Clerk,
    ClosingDay,
    Dossier,
    Enquiry,
    JournalEntry,
    Office,
)
from counter.supervision.house_admin import HouseAdmin
from payments.models import Payment
from tests import cast
from tests.database import superuser
from tests.journal_checks import misfits
from tests.litany import signed_in
from tests.test_admin import whole

__all__ = ["whole"]

# Routes of admins of people that show nobody: forms that nobody may open, sums of
# money, and the address that leads to the journal.
SHOWS_NOBODY = ("_add", "_report", "_history", "_delete", "_find")


def looks(clerk: Clerk) -> list[tuple[str, str, object, object]]:
    """What this clerk looked at: event, about whom, which list and how many in it."""
    events = (Event.DOSSIER_OPENED, Event.PERSON_OPENED, Event.PEOPLE_LISTED)
    return [
        (
            entry.event,
            entry.subject or (entry.dossier.reference if entry.dossier else ""),
            entry.details.get("model"),
            entry.details.get("count"),
        )
        for entry in JournalEntry.objects.filter(clerk=clerk, event__in=events)
    ]


def routes() -> Iterator[tuple[HouseAdmin, str]]:
    """Every route of every admin whose rows lead to a person."""
    for house in admin.site._registry.values():
        assert isinstance(house, HouseAdmin)
        for pattern in house.get_urls():
            if house.leads_to and isinstance(pattern, URLPattern) and pattern.name:
                yield house, pattern.name


@pytest.fixture
def enquiry(office: Office) -> Enquiry:
    return Enquiry.objects.create(
        submission="0f5c2d10-5a43-4a0f-8a7e-6f1f3b1f2f31",
        office=office,
        kind=EnquiryKind.QUESTION,
        language="nl",
        name="Peter Janssens",
        email="peter@example.org",
        text="Is het loket open?",
        received_at=timezone.now(),
    )


def test_every_page_about_a_person_says_who_looked(
    whole: Dossier, enquiry: Enquiry, sofie: Clerk
) -> None:
    """Every route of an admin that shows a row has to write an entry."""
    seen = set()
    for house, name in routes():
        rows = house.model._default_manager.all()
        row = next((row for row in rows if house.people_of([row])), None)
        assert row is not None, house
        args: tuple[object, ...] = () if name.endswith("_changelist") else (row.pk,)
        if name.endswith("_act"):
            args = (row.pk, "revoke-key")
        if name.endswith(SHOWS_NOBODY):
            continue
        # Another clerk each time: a second look soon after writes no second entry.
        other = cast.make_clerk(name, sofie.office, desk="", role=Role.SUPERVISOR)
        answer = signed_in(other).get(reverse(f"admin:{name}", args=args))
        assert answer.status_code == 200, name
        assert looks(other), name
        seen.add(name)
    assert "counter_applicant_change" in seen
    assert "counter_enquiry_changelist" in seen


def test_so_does_a_form_that_comes_back_because_of_an_error(
    whole: Dossier, enquiry: Enquiry, sofie: Clerk
) -> None:
    """Nobody needs to open the form before sending it."""
    forms = {
        "counter_enquiry_answer": (enquiry.pk,),
        "counter_enquiry_give": (enquiry.pk,),
        "counter_dossier_hold": (whole.pk,),
        "counter_dossier_act": (whole.pk, "revoke-key"),
        "counter_applicant_export_data": (whole.applicant_id,),
        "counter_applicant_erase_data": (whole.applicant_id,),
    }
    for name, args in forms.items():
        other = cast.make_clerk(name, sofie.office, desk="", role=Role.SUPERVISOR)
        answer = signed_in(other).post(reverse(f"admin:{name}", args=args))
        assert answer.status_code == 422, name
        assert looks(other), name


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("counter_dossier", "dossier"),
        ("payments_payment", "dossier"),
        ("payments_receipt", "dossier"),
        ("activation_digitalkey", "dossier"),
        ("notifications_delivery", "dossier"),
        ("counter_applicant", "person"),
        ("activation_keyholder", "person"),
        ("activation_signinactivity", "person"),
    ],
)
def test_the_entry_says_about_whom(
    whole: Dossier, sofie: Clerk, sofie_client: Client, name: str, about: str
) -> None:
    app, model = name.split("_")
    row = admin.site.get_model_admin(
        next(m for m in admin.site._registry if m._meta.label_lower == f"{app}.{model}")
    ).model._default_manager.first()
    assert row is not None
    sofie_client.get(reverse(f"admin:{name}_change", args=(row.pk,)))
    wanted = {
        "dossier": (Event.DOSSIER_OPENED, whole.reference),
        "person": (Event.PERSON_OPENED, f"counter.applicant:{whole.applicant_id}"),
    }
    assert [look[:2] for look in looks(sofie)] == [wanted[about]]


def test_looking_twice_in_a_quarter_is_one_entry(
    whole: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    page = reverse("admin:counter_applicant_change", args=(whole.applicant_id,))
    for _ in range(3):
        sofie_client.get(page)
        sofie_client.get(page, {"_popup": "1"})
    assert len(looks(sofie)) == 1


def test_a_list_says_which_and_how_many_and_not_what_was_searched(
    whole: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    marie = cast.make_applicant(cast.MARIE_NUMBER, last_name="Peeters")
    cast.make_dossier(marie, els)
    sofie_client.get(reverse("admin:counter_applicant_changelist"))
    assert looks(sofie) == [(Event.PEOPLE_LISTED, "", "counter.applicant", 2)]
    sofie_client.get(reverse("admin:counter_dossier_changelist"), {"q": "Janssens"})
    kept = [str(row) for row in JournalEntry.objects.values()]
    assert not [row for row in kept if "Janssens" in row]
    entry = JournalEntry.objects.get(event=Event.PEOPLE_LISTED)
    with translation.override("nl"):
        assert "aanvragers" in entry.sentence
        assert "2" in entry.sentence


def test_a_search_that_finds_one_person_is_looking_at_that_person(
    whole: Dossier, els: Clerk, sofie: Clerk, sofie_client: Client
) -> None:
    marie = cast.make_applicant(cast.MARIE_NUMBER, last_name="Peeters")
    cast.make_dossier(marie, els)
    listing = reverse("admin:counter_dossier_changelist")
    sofie_client.get(listing, {"q": whole.reference})
    assert looks(sofie) == [(Event.DOSSIER_OPENED, whole.reference, None, None)]


def test_the_history_of_a_person_is_the_journal(
    whole: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    """It has everything about each dossier of the person, and who looked."""
    page = reverse("admin:counter_applicant_change", args=(whole.applicant_id,))
    sofie_client.get(page)
    journal.write(Event.SLIP_PRINTED, dossier=whole, clerk=sofie)
    history = reverse("admin:counter_applicant_history", args=(whole.applicant_id,))
    shown = sofie_client.get(history, follow=True).content.decode()
    assert "looked at applicant" in shown
    assert "opened the slip" in shown


@pytest.mark.parametrize(
    "about",
    ["counter.dossier:x", "x", ":", "counter.applicant:", "a.b:c", "%"],
)
def test_a_history_of_nothing_is_an_empty_list(
    whole: Dossier, sofie_client: Client, about: str
) -> None:
    listing = reverse("admin:counter_journalentry_changelist")
    assert sofie_client.get(listing).context["cl"].result_count
    answer = sofie_client.get(listing, {"about": about}, follow=True)
    assert answer.status_code == 200
    assert answer.context["cl"].result_count == 0


def test_a_history_that_no_database_can_look_for_leads_to_the_whole_list(
    whole: Dossier, sofie_client: Client
) -> None:
    listing = reverse("admin:counter_journalentry_changelist")
    answer = sofie_client.get(listing, {"about": "\0"})
    assert answer.headers["Location"] == f"{listing}?e=1"


def test_what_someone_above_the_offices_looks_at_is_told_to_the_office(
    whole: Dossier, enquiry: Enquiry, sofie: Clerk
) -> None:
    boss: Clerk = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    client = signed_in(boss)
    for page, row in (
        ("counter_applicant", whole.applicant_id),
        ("counter_enquiry", enquiry.pk),
        ("counter_dossier", whole.pk),
    ):
        client.get(reverse(f"admin:{page}_change", args=(row,)))
    seen = JournalEntry.objects.visible_to(sofie).filter(clerk=boss)
    assert [entry.office for entry in seen] == [sofie.office] * 3


def test_nobody_has_looked_who_was_refused(
    whole: Dossier, other_office: Office, els_client: Client
) -> None:
    lies = cast.make_clerk("lies", other_office, desk="", role=Role.SUPERVISOR)
    page = reverse("admin:counter_applicant_change", args=(whole.applicant_id,))
    assert signed_in(lies).get(page).status_code == 302
    assert els_client.get(page, follow=True).status_code == 403
    assert not JournalEntry.objects.filter(event=Event.PERSON_OPENED).exists()


def test_the_desk_and_the_admin_share_the_quarter(
    whole: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    sofie_client.get(reverse("counter_dossiers:dossier", args=(whole.pk,)))
    sofie_client.get(
        reverse("admin:payments_payment_change", args=(Payment.objects.get().pk,))
    )
    assert len(looks(sofie)) == 1


def test_an_admin_without_the_houses_rules_is_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        admin.site.register(ClosingDay, admin.ModelAdmin)


def test_an_admin_that_does_not_say_whom_it_shows_is_refused() -> None:
    class Forgetful(HouseAdmin):
        """Says nothing about people."""

    with pytest.raises(ImproperlyConfigured, match="leads_to"):
        admin.site.register(Enquiry, Forgetful)


@pytest.mark.django_db(transaction=True)
def test_a_seal_covers_whom_somebody_looked_at(
    whole: Dossier, sofie: Clerk, sofie_client: Client
) -> None:
    page = reverse("admin:counter_applicant_change", args=(whole.applicant_id,))
    sofie_client.get(page)
    journal.seal()
    assert misfits() == []
    with superuser() as server:
        server.execute(
            "UPDATE counter_journalentry SET subject = %s WHERE event = %s",
            [f"counter.applicant:{Applicant().pk}", Event.PERSON_OPENED.value],
        )
    ((why, number),) = misfits()
    assert why is Why.ALTERED
    assert number
    assert JournalEntry.objects.get(pk=number).event == Event.PERSON_OPENED
