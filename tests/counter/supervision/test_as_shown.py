"""Who saves a form of the admin is told what a colleague changed in it meanwhile."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.core import signing
from django.db import connection, models, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from counter.enums import Role
from counter.models import (
    Clerk,
    ClosingDay,
    Desk,
    JournalEntry,
    MailDomain,
    Office,
    OpeningHours,
)
from payments.enums import TariffCategory
from payments.models import Tariff, Terminal
from tests import cast
from tests.litany import signed_in
from tests.races import at_once


@pytest.fixture
def lies(office: Office) -> Clerk:
    clerk = cast.make_clerk("lies", office, desk="", role=Role.SUPERVISOR)
    clerk.first_name, clerk.last_name = "Lies", "Wouters"
    clerk.save()
    return clerk


def page_of(row: models.Model) -> str:
    name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
    return reverse(name, args=(row.pk,))


def as_the_page_sends_it(client: Client, row: models.Model) -> dict[str, Any]:
    """What a browser sends when nothing was typed; the stamp is in `_shown`."""
    context = client.get(page_of(row)).context
    form = context["adminform"].form
    formsets = [below.formset for below in context["inline_admin_formsets"]]
    managing = [formset.management_form for formset in formsets]
    sent = {"_shown": context["shown_stamp"]}
    for one in [form, *managing, *(f for each in formsets for f in each.forms)]:
        for field in one:
            value = field.value()
            if value is not None and value is not False:
                sent[field.html_name] = "on" if value is True else value
    return sent


def send(client: Client, row: models.Model, sent: dict[str, Any]) -> Any:  # noqa: ANN401
    return client.post(page_of(row), sent)


def save(client: Client, row: models.Model, sent: dict[str, Any]) -> None:
    answer = send(client, row, sent)
    assert answer.status_code == 302, answer.context["errors"]


def sentences_of(answer: Any) -> list[str]:  # noqa: ANN401 (the test client's answer)
    assert answer.status_code == 200
    sentences: list[str] = answer.context["meanwhile"]
    return sentences


def account(office: Office) -> Clerk:
    clerk = cast.make_clerk("an", office, desk="", has_drawer=False)
    clerk.first_name, clerk.last_name, clerk.email = "An", "Maes", "an@x.example"
    clerk.save()
    return clerk


ROWS: dict[str, tuple[Callable[[Office], models.Model], str, str]] = {
    "counter.clerk": (
        account,
        "first_name",
        "Annelies",
    ),
    "counter.desk": (
        lambda office: Desk.objects.create(office=office, name="Balie 9"),
        "name",
        "Balie 10",
    ),
    "counter.office": (lambda office: office, "phone", "+32 16 99 99 99"),
    "counter.maildomain": (
        lambda _office: MailDomain.objects.create(domain="school.example"),
        "domain",
        "ander.example",
    ),
    "payments.tariff": (
        lambda office: Tariff.objects.create(
            office=office,
            category=TariffCategory.STANDARD,
            amount=7,
            valid_from=timezone.localdate().replace(year=2040),
            regulation="R 1",
        ),
        "regulation",
        "R 2",
    ),
    "payments.terminal": (
        lambda office: Terminal.objects.create(office=office, name="A", number="1"),
        "name",
        "B",
    ),
}


def test_every_form_of_the_admin_that_changes_something_is_among_these(
    rf: Any,  # noqa: ANN401 (pytest-django's factory)
    office: Office,
) -> None:
    boss = Clerk.objects.create_superuser("boss", password=cast.PASSWORD)
    request = rf.get("/")
    request.user = boss
    changing = {
        model._meta.label_lower
        for model, house in admin.site._registry.items()
        if house.has_change_permission(request)
    }
    assert changing == ROWS.keys()


@pytest.mark.parametrize("label", ROWS)
def test_of_two_supervisors_the_second_does_not_overwrite_the_first(
    label: str, office: Office
) -> None:
    make, name, value = ROWS[label]
    row = make(office)
    client = Client()
    client.force_login(Clerk.objects.create_superuser("boss", password=cast.PASSWORD))
    first, second = (as_the_page_sends_it(client, row) for _each in range(2))
    save(client, row, first | {name: value})
    sentences = sentences_of(send(client, row, second))
    assert len(sentences) == 1
    assert value in sentences[0]
    assert "boss" in sentences[0]
    row.refresh_from_db()
    assert getattr(row, name) == value


def test_the_page_says_who_changed_what_and_keeps_what_was_typed(
    office: Office, lies: Clerk, sofie_client: Client
) -> None:
    mine = as_the_page_sends_it(sofie_client, office)
    other = signed_in(lies)
    theirs = as_the_page_sends_it(other, office) | {"phone": "+32 16 11 11 11"}
    save(other, office, theirs)
    answer = send(sofie_client, office, mine | {"city": "Heverlee"})
    assert sentences_of(answer) == ["Phone is now “+32 16 11 11 11” (Lies Wouters)."]
    assert 'value="Heverlee"' in answer.text
    assert 'value="+32 16 11 11 11"' in answer.text
    office.refresh_from_db()
    assert office.city != "Heverlee"


def test_saving_what_the_page_said_is_a_decision(
    office: Office, lies: Clerk, sofie_client: Client
) -> None:
    mine = as_the_page_sends_it(sofie_client, office) | {"phone": "+32 16 22 22 22"}
    other = signed_in(lies)
    theirs = as_the_page_sends_it(other, office) | {"phone": "+32 16 11 11 11"}
    save(other, office, theirs)
    answer = send(sofie_client, office, mine)
    assert 'value="+32 16 22 22 22"' in answer.text
    again = mine | {"_shown": answer.context["shown_stamp"]}
    save(sofie_client, office, again)
    office.refresh_from_db()
    assert office.phone == "+32 16 22 22 22"


def test_rows_below_are_compared_too(
    office: Office, lies: Clerk, sofie_client: Client
) -> None:
    """One row is removed, one changed and one added while Sofie has the page open."""
    office.hours.all().delete()
    office.closing_days.all().delete()
    hours = OpeningHours.objects.create(
        office=office, weekday=0, opens="09:00", closes="12:00"
    )
    day = ClosingDay.objects.create(office=office, date="2030-01-02", occasion="Feest")
    mine = as_the_page_sends_it(sofie_client, office)
    typed = {"hours-0-opens": "08:30", "closing_days-0-occasion": "Groot feest"}
    other = signed_in(lies)
    theirs = as_the_page_sends_it(other, office)
    theirs |= {"hours-0-closes": "13:00", "closing_days-0-DELETE": "on"}
    theirs |= {
        "closing_days-TOTAL_FORMS": "2",
        "closing_days-1-date": "2030-01-03",
        "closing_days-1-occasion": "Brugdag",
    }
    save(other, office, theirs)
    answer = send(sofie_client, office, mine | typed)
    sentences = sentences_of(answer)
    assert len(sentences) == 3
    assert all(sentence.endswith("(Lies Wouters).") for sentence in sentences)
    assert "13:00" in sentences[0]
    assert "Brugdag" in " ".join(sentences)
    assert "was removed" in " ".join(sentences)
    below = {f.formset.prefix: f for f in answer.context["inline_admin_formsets"]}
    assert below["hours"].formset.forms[0].initial["opens"] == "08:30"
    days = below["closing_days"].formset.forms
    assert days[0].initial["occasion"] == "Brugdag"
    # What was typed into the row that is gone stands in a new one.
    assert (days[1].instance.pk, days[1].initial["occasion"]) == (None, "Groot feest")
    hours.refresh_from_db()
    assert str(hours.opens) == "09:00:00"
    assert not ClosingDay.objects.filter(pk=day.pk).exists()


def test_a_stamp_of_another_row_or_of_nobody_saves_nothing(
    office: Office, sofie_client: Client
) -> None:
    desks = [Desk.objects.create(office=office, name=name) for name in ("P", "Q")]
    sent = as_the_page_sends_it(sofie_client, desks[0]) | {"name": "R"}
    for stamp in (sent["_shown"], signing.dumps(["x", {}, {}]), ""):
        answer = send(sofie_client, desks[1], sent | {"_shown": stamp})
        assert sentences_of(answer) == []
        assert "nothing of yours is saved yet" in answer.text
        assert 'value="R"' in answer.text
    assert Desk.objects.get(pk=desks[1].pk).name == "Q"


def test_who_does_not_read_the_journal_of_it_is_told_the_field_only(
    office: Office, sofie_client: Client
) -> None:
    """As with a change that has no journal entry."""
    mine = as_the_page_sends_it(sofie_client, office)
    with transaction.atomic(), connection.cursor() as cursor:
        query = "UPDATE counter_office SET phone = %s WHERE id = %s"
        cursor.execute(query, ["+32 16 33 33 33", office.pk])
    assert sentences_of(send(sofie_client, office, mine)) == ["Phone was changed."]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_the_same_instant_one_is_told(
    office: Office, sofie: Clerk, lies: Clerk
) -> None:
    clients = [signed_in(sofie), signed_in(lies)]
    forms = [as_the_page_sends_it(client, office) for client in clients]

    def saving(place: int) -> Callable[[], Any]:
        typed = forms[place] | {"phone": f"+32 16 00 00 0{place}"}
        return lambda: send(clients[place], office, typed)

    answers = at_once([saving(0), saving(1)])
    assert sorted(answer.status_code for answer in answers) == [200, 302]
    late = next(answer for answer in answers if answer.status_code == 200)
    assert len(sentences_of(late)) == 1
    won = next(n for n, answer in enumerate(answers) if answer.status_code == 302)
    office.refresh_from_db()
    assert office.phone == f"+32 16 00 00 0{won}"
    assert JournalEntry.objects.filter(subject=f"counter.office:{office.pk}").count()
