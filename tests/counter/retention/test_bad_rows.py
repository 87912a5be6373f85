"""A row at which a rule fails does not keep other rows from being removed."""

import dataclasses
import datetime

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from counter.database import batches
from counter.enums import DossierState
from counter.journal.events import Event
from counter.models import Clerk, DestructionRecord, Dossier, JournalEntry
from counter.retention import registry
from counter.retention.running import RetentionFailedError
from counter.tasks import apply_retention
from tests import cast
from tests.counter.retention.person import EMAIL, LAST_NAME, end
from tests.notifications.acts import NUMBERS

CODE = "dossier_address"


@pytest.fixture
def due(els: Clerk) -> list[Dossier]:
    """Nine dossiers whose e-mail address is removed tonight."""
    made = []
    for number in NUMBERS[:9]:
        person = cast.make_applicant(number, last_name=LAST_NAME)
        dossier = cast.make_dossier(person, els, email=EMAIL)
        end(dossier, DossierState.LAPSED, "lapsed_at")
        dossier.lapsed_at = timezone.now() - datetime.timedelta(days=31)
        dossier.save(update_fields=["lapsed_at"])
        made.append(dossier)
    return made


@pytest.fixture
def bad(monkeypatch: pytest.MonkeyPatch) -> set[object]:
    """The ids of rows at which the rule of addresses fails; tests add them."""
    rule = registry.rule(CODE)
    empties = rule.empties
    assert empties is not None
    bad: set[object] = set()

    def remove(rows: QuerySet[Dossier], at: datetime.datetime) -> int:
        del at
        done = rows.update(**empties)
        if bad & set(rows.values_list("pk", flat=True)):
            raise ValueError(LAST_NAME)
        return done

    fails = dataclasses.replace(rule, empties=None, remove=remove)
    rules = [fails if one is rule else one for one in registry.rules()]
    monkeypatch.setattr(registry, "rules", lambda: rules)
    return bad


def kept() -> set[object]:
    """The ids of the dossiers that still have an e-mail address."""
    rows = Dossier.objects.exclude(email="")
    return set(rows.values_list("pk", flat=True))


def test_the_others_go_and_the_bad_ones_are_told(
    due: list[Dossier], bad: set[object], caplog: pytest.LogCaptureFixture
) -> None:
    bad |= {due[2].pk, due[7].pk}

    with pytest.raises(RetentionFailedError, match=rf"^{CODE}$"):
        apply_retention()

    assert kept() == bad
    removed = DestructionRecord.objects.filter(rule=CODE)
    assert sum(removed.values_list("rows", flat=True)) == 7
    assert JournalEntry.objects.filter(event=Event.RETENTION_FAILED).count() == 1
    logged = [text for text in caplog.messages if "row_passed_over" in text]
    assert sorted(str(pk) for pk in bad if any(str(pk) in text for text in logged)) == (
        sorted(map(str, bad))
    )
    assert not any(LAST_NAME in text for text in logged)


def test_the_next_night_begins_with_the_others_again(
    due: list[Dossier], bad: set[object]
) -> None:
    bad.add(due[0].pk)
    with pytest.raises(RetentionFailedError):
        apply_retention()
    bad.clear()

    apply_retention()

    assert kept() == set()


def test_a_rule_that_fails_for_many_is_given_up_until_the_next_night(
    due: list[Dossier], bad: set[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "MOST_BAD", 3)
    bad |= {dossier.pk for dossier in due}

    with pytest.raises(RetentionFailedError):
        apply_retention()

    assert kept() == bad
