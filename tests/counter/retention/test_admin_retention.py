"""What a supervisor sees of retention and may decide."""

import dataclasses
import datetime
import re

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import (
    Clerk,
    Dossier,
    JournalEntry,
    LegalHold,
    Office,
    RetentionPeriod,
)
from counter.retention import periods, registry, running
from counter.retention.preview import preview
from counter.tasks import apply_retention
from tests.counter.retention.person import EMAIL, LAST_NAME, end, recorded
from tests.litany import signed_in

#: Name and value of each field with a number, shown or hidden.
INPUTS = r'<input type="(?:number|hidden)" name="([^"]+)" value="(\d+)"'
RULES = reverse("admin:counter_retentionperiod_changelist")


@pytest.fixture
def sofies(sofie: Clerk) -> Client:
    return signed_in(sofie)


@pytest.fixture
def lapsed(els: Clerk) -> Dossier:
    """A dossier that the run of tonight anonymises."""
    dossier = recorded(els)
    end(dossier, DossierState.LAPSED, "lapsed_at")
    dossier.lapsed_at = timezone.now() - datetime.timedelta(days=91)
    dossier.save(update_fields=["lapsed_at"])
    return dossier


def page_of(office: Office) -> str:
    return reverse("admin:counter_retentionperiod_office", args=[office.pk])


def form(**changes: int) -> dict[str, int]:
    usual = {
        rule.code: rule.period.days for rule in registry.rules() if rule.is_editable
    }
    return usual | changes


def test_what_goes_tonight_is_shown_by_reference_and_nobody_is_named(
    sofies: Client, lapsed: Dossier
) -> None:
    text = sofies.get(RULES).content.decode()
    assert lapsed.reference in text
    assert LAST_NAME not in text
    assert EMAIL not in text


def test_the_preview_is_what_the_night_does(
    lapsed: Dossier, office: Office, other_office: Office
) -> None:
    now = timezone.now()
    lines = preview(at=now, offices=[office])
    assert {line.office for line in lines} == {office, None}
    assert running.run(at=now, seconds=60) == sum(line.count for line in lines) + 1
    after = preview(at=now, offices=[office])
    assert sum(line.count for line in after) == 0


def test_the_periods_of_an_office_are_asked_for_once(office: Office) -> None:
    with CaptureQueriesContext(connection) as asked:
        preview(at=timezone.now(), offices=[office])
    every = [query["sql"] for query in asked.captured_queries]
    assert len([sql for sql in every if "counter_retentionperiod" in sql]) == 1


def test_an_office_keeps_it_for_longer_or_shorter(
    sofies: Client, office: Office, lapsed: Dossier, els: Clerk
) -> None:
    response = sofies.post(page_of(office), form(dossier_without_key=120))
    assert response.status_code == 302
    running.run(at=timezone.now(), seconds=60)
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at is None
    entry = JournalEntry.objects.filter(event=Event.ROW_ADDED).latest("pk")
    assert "120" in str(entry.details)

    sofies.post(page_of(office), form())
    assert not RetentionPeriod.objects.exists()
    assert JournalEntry.objects.filter(event=Event.ROW_REMOVED).exists()


def test_another_office_has_its_own(
    office: Office, other_office: Office, sofies: Client
) -> None:
    sofies.post(page_of(office), form(dossier_without_key=120))
    assert sofies.get(page_of(other_office)).status_code == 404
    assert sofies.post(page_of(other_office), form()).status_code == 404
    rule = registry.rule("dossier_without_key")
    assert periods.period(rule, office).days == 120
    assert periods.period(rule, other_office).days == 90


@pytest.mark.parametrize("days", [29, 366, 0, -1, 9_999_999_999, 10**40])
def test_outside_the_bounds_is_refused_with_a_clear_sentence(
    sofies: Client, office: Office, days: int
) -> None:
    response = sofies.post(page_of(office), form(dossier_without_key=days))
    text = response.content.decode()
    assert not RetentionPeriod.objects.exists()
    if days < 0:
        assert "Type a whole number." in text
    else:
        assert "is kept for at least 30 days and at most 1 year." in text


def test_nor_does_the_model_take_it(office: Office) -> None:
    for rule, days in (("dossier_without_key", 9), ("sign_in", 90), ("no_rule", 9)):
        with pytest.raises(ValidationError):
            RetentionPeriod(office=office, rule=rule, days=days).full_clean()


def test_bounds_that_became_narrower_are_obeyed(office: Office) -> None:
    rule = registry.rule("dossier_without_key")
    row = RetentionPeriod.objects.create(office=office, rule=rule.code, days=4000)
    assert periods.period(rule, office) == rule.longest
    row.days = 2_000_000_000
    row.save()
    assert periods.period(rule, office) == rule.longest


def test_a_hold_is_set_and_lifted_from_the_dossier(
    sofies: Client, lapsed: Dossier
) -> None:
    dossier = reverse("admin:counter_dossier_change", args=[lapsed.pk])
    set_page = reverse("admin:counter_dossier_hold", args=[lapsed.pk])
    assert set_page in sofies.get(dossier).content.decode()
    last = timezone.localdate() + datetime.timedelta(days=30)
    sofies.post(set_page, {"reason": "lawsuit", "until": last.isoformat()})
    hold = LegalHold.objects.get()
    running.run(at=timezone.now(), seconds=60)
    lapsed.refresh_from_db()
    assert lapsed.last_name

    lift = reverse("admin:counter_legalhold_lift", args=[hold.pk])
    assert lift in sofies.get(dossier).content.decode()
    assert sofies.get(lift).status_code == 200
    sofies.post(lift, {"reason": "over"})
    hold.refresh_from_db()
    assert hold.lifted_at is not None
    running.run(at=timezone.now(), seconds=60)
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at
    assert sofies.get(dossier).status_code == 200
    person = reverse("admin:counter_applicant_change", args=[lapsed.applicant_id])
    assert sofies.get(person).status_code == 200
    assert sofies.get(reverse("admin:counter_applicant_changelist")).status_code == 200


def test_a_hold_in_the_past_is_refused_in_words(
    sofies: Client, lapsed: Dossier
) -> None:
    set_page = reverse("admin:counter_dossier_hold", args=[lapsed.pk])
    wrong = {"reason": "lawsuit", "until": "2020-01-01"}
    text = sofies.post(set_page, wrong, follow=True).content.decode()
    assert "The last day of a hold is today or later." in text


def test_a_hold_without_a_reason_comes_back_as_what_it_is(
    sofies: Client, lapsed: Dossier
) -> None:
    page = reverse("admin:counter_dossier_hold", args=[lapsed.pk])
    assert sofies.get(page).status_code == 200
    assert sofies.post(page, {"reason": ""}).status_code == 422


def shown(client: Client, office: Office) -> dict[str, str]:
    """Every field of the page as a browser would send it back, untouched."""
    page = client.get(page_of(office)).content.decode()
    inputs = re.findall(INPUTS, page)
    assert inputs
    return dict(inputs)


def test_who_saves_the_periods_later_keeps_what_a_colleague_changed_meanwhile(
    sofies: Client, office: Office
) -> None:
    page = shown(sofies, office)
    first, second = [rule for rule in registry.rules() if rule.is_editable][:2]
    colleagues, own = first.longest.days, second.longest.days
    sofies.post(page_of(office), page | {first.code: colleagues})

    answer = sofies.post(page_of(office), page | {second.code: own})

    assert answer.status_code == 302
    assert periods.period(first, office).days == colleagues
    assert periods.period(second, office).days == own


def test_who_types_another_period_than_a_colleague_meanwhile_is_told_once(
    sofies: Client, office: Office
) -> None:
    page = shown(sofies, office)
    rule = next(rule for rule in registry.rules() if rule.is_editable)
    sofies.post(page_of(office), page | {rule.code: rule.longest.days})
    typed = page | {rule.code: rule.shortest.days}

    answer = sofies.post(page_of(office), typed)

    assert answer.status_code == 422
    errors = answer.context["form"].errors.as_data()
    assert [error.code for error in errors[rule.code]] == ["changed_meanwhile"]
    assert periods.period(rule, office) == rule.longest

    again = dict(re.findall(INPUTS, answer.content.decode()))
    assert again[rule.code] == str(rule.shortest.days), "nothing typed is lost"
    assert sofies.post(page_of(office), again).status_code == 302
    assert periods.period(rule, office) == rule.shortest


@pytest.mark.parametrize("name", ["retentionperiod", "legalhold", "destructionrecord"])
def test_clerks_and_strangers_see_nothing_of_it(
    els: Clerk, lapsed: Dossier, name: str
) -> None:
    page = reverse(f"admin:counter_{name}_changelist")
    assert Client().get(page).status_code == 302
    assert signed_in(els).get(page).status_code in {302, 403}
    hold = reverse("admin:counter_dossier_hold", args=[lapsed.pk])
    assert signed_in(els).get(hold).status_code in {302, 403}
    assert signed_in(els).post(page_of(lapsed.office), form()).status_code in {302, 403}


def test_a_supervisor_of_elsewhere_holds_nothing_here(
    lapsed: Dossier, gust: Clerk
) -> None:
    gust.role, gust.is_staff = "supervisor", True
    gust.save()
    page = reverse("admin:counter_dossier_hold", args=[lapsed.pk])
    assert signed_in(gust).get(page).status_code == 404


def test_the_proof_is_listed_and_cannot_be_changed(
    sofies: Client, lapsed: Dossier
) -> None:
    running.run(at=timezone.now(), seconds=60)
    page = reverse("admin:counter_destructionrecord_changelist")
    text = sofies.get(page).content.decode()
    assert "dossier that led to no key" in text
    assert LAST_NAME not in text
    added = sofies.get(reverse("admin:counter_destructionrecord_add"))
    assert added.status_code == 403


def failing(rows: QuerySet[Dossier], at: datetime.datetime) -> int:
    del at
    rows.update(last_name="x")
    raise ValueError(LAST_NAME)


def test_a_rule_that_fails_keeps_no_other_from_going_on(
    lapsed: Dossier,
    sofies: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The journal, the page of rules and the task's error say which rule failed."""
    rule = registry.rule("dossier_address")
    fails = dataclasses.replace(rule, empties=None, remove=failing)
    rules = [fails if one is rule else one for one in registry.rules()]
    monkeypatch.setattr(registry, "rules", lambda: rules)
    with pytest.raises(running.RetentionFailedError, match=r"^dossier_address$"):
        apply_retention()
    lapsed.refresh_from_db()
    assert lapsed.anonymised_at
    entry = JournalEntry.objects.get(event=Event.RETENTION_FAILED)
    assert entry.details == {"rule": "dossier_address"}
    assert "Retention could not deal with" in sofies.get(RULES).content.decode()
