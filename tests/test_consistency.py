"""Conventions that fail the build instead of being written down."""

import re
from collections.abc import Iterator
from datetime import date
from io import StringIO

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models

from counter.crypto import rotation
from counter.desk import registry
from counter.identity.national_number import NationalNumberError, parse
from counter.models import Dossier
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.traces import model_at
from tests.own_files import OURS, ROOT, files
from tests.sensitivity import COLUMNS, Sensitivity, sensitivity_of

# Times of day, as each language writes them (config.formats)

HARD = re.compile(r"""["'](?:[djD][-/.][mn][-/.]Y\W*)?[GH]:i["']""")


def test_applicants_read_times_in_their_own_language() -> None:
    """Screens of staff are left out: they all use one way of writing."""
    for path in files(".py", ".html", ".txt"):
        where = str(path.relative_to(ROOT))
        if where.startswith(("activation/", "notifications/", "templates/")) and not (
            where.startswith(("templates/counter/", "templates/payments/"))
        ):
            assert not HARD.search(path.read_text()), where


# Requests


def test_one_function_knows_a_part_of_a_page() -> None:
    """Only django-htmx reads the header; it knows that `false` asks for a page."""
    for path in files(".py"):
        where = str(path.relative_to(ROOT))
        if not where.startswith(("bench/", "tests/")):
            assert "HX-Request" not in path.read_text(), where


# Names

CLASS = re.compile(r"^class ([A-Z]\w+)", re.MULTILINE)


def test_an_error_has_a_name_of_its_own() -> None:
    """Where an error is caught, nobody sees which module it came from."""
    of: dict[str, list[str]] = {}
    for path in files(".py"):
        where = str(path.relative_to(ROOT))
        if not where.startswith(("bench/", "tests/")):
            for name in CLASS.findall(path.read_text()):
                of.setdefault(name, []).append(where)
    errors = {name: places for name, places in of.items() if name.endswith("Error")}
    assert not {name: places for name, places in errors.items() if len(places) > 1}
    # Other names are used with their module's name; these are used without it.
    for name in ("AccountStatus", "Whose", "Claimed", "Outcome", "SeeOther"):
        assert len(of.get(name, [])) == 1, (name, of.get(name))


# Models


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m._meta.app_label in OURS]


def test_every_column_says_how_sensitive_it_is() -> None:
    for model in our_models():
        there = {column.name for column in model._meta.concrete_fields}
        known = set(sensitivity_of(model._meta.label))
        assert there == known, f"{model._meta.label}: tests/sensitivity.py"
    assert set(COLUMNS) == {model._meta.label for model in our_models()}


def test_what_is_sealed_is_sealed() -> None:
    for model in our_models():
        sealed = {
            column
            for column, level in sensitivity_of(model._meta.label).items()
            if level is Sensitivity.SEALED
        }
        assert sealed == set(rotation.sealed_columns(model)), model._meta.label


def test_every_index_follows_its_key() -> None:
    """Or the index only counts, and the value behind it is kept nowhere."""
    counts = {"SignInFailure", "SignInCount", "AddressCount"}
    counts |= {"FailedSignIns", "WrongPassword"}
    for model in our_models():
        indexed = {
            column
            for column, level in sensitivity_of(model._meta.label).items()
            if level is Sensitivity.INDEX
        }
        followed = {index.column for index in rotation.keyed_indexes(model)}
        if model._meta.label == "counter.Applicant":
            followed |= set(rotation.INDEX_COLUMNS.values())
        if model.__name__ not in counts:
            assert indexed == followed, model._meta.label


def test_the_admin_shows_no_secret() -> None:
    hidden = {Sensitivity.SECRET, Sensitivity.SEALED, Sensitivity.INDEX}
    for model, house in admin.site._registry.items():
        levels = sensitivity_of(model._meta.label)
        shown = {*house.list_display, *(house.fields or ())}
        for _, options in house.fieldsets or ():
            shown |= set(options["fields"])
        # Django's own widget, which shows only that there is a hash.
        shown -= {"password"} if model._meta.label == "counter.Clerk" else set()
        assert not {c for c in shown if levels.get(str(c)) in hidden}, model
        assert house.fields or house.fieldsets or house.form, model


def test_what_hangs_on_a_dossier_shows_no_secret() -> None:
    hidden = {Sensitivity.SECRET, Sensitivity.SEALED, Sensitivity.INDEX}
    for inline in registry.inlines_under(Dossier):
        levels = sensitivity_of(inline.model._meta.label)
        assert inline.fields, inline
        assert not {c for c in inline.fields if levels.get(str(c)) in hidden}, inline


PEOPLE = {"counter.Dossier", "counter.Applicant", "counter.Enquiry"}


def related(model: type[models.Model]) -> Iterator[type[models.Model]]:
    """Yield the model and all models to which its columns lead, step by step."""
    seen, todo = set(), [model]
    while todo:
        here = todo.pop()
        if here not in seen:
            seen.add(here)
            yield here
            todo += [
                field.related_model
                for field in here._meta.concrete_fields
                if isinstance(field.related_model, type)
            ]


def test_every_admin_whose_rows_lead_to_a_person_says_how() -> None:
    """The journal then notes who opens its pages (test_looking.py)."""
    for model, house in admin.site._registry.items():
        assert isinstance(house, HouseAdmin)
        leads = PEOPLE & {other._meta.label for other in related(model)}
        assert bool(leads) == bool(house.leads_to), house
        ends = {model_at(model, path)._meta.label for path in house.leads_to or ()}
        assert ends <= PEOPLE, house


def test_what_hangs_on_a_row_is_about_the_same_person() -> None:
    """The journal has no entry of its own for rows that are shown under another."""
    for house in admin.site._registry.values():
        assert isinstance(house, HouseAdmin)
        inlines = [*house.inlines, *registry.inlines_under(house.model)]
        for inline in inlines:
            leads = PEOPLE & {other._meta.label for other in related(inline.model)}
            assert not leads or house.leads_to, inline


def test_no_name_in_the_admin_says_who_somebody_is() -> None:
    """`str()` of a row is kept in the admin's history for ever."""
    unsaved = {
        "counter.Applicant": {"last_name": "Janssens", "first_names": "Peter"},
        "counter.Dossier": {"email": "peter@example.org"},
        "activation.KeyHolder": {"user_name": "peterj"},
    }
    for label, values in unsaved.items():
        row = apps.get_model(label)(**values)
        assert not [value for value in values.values() if value in str(row)]


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", stdout=StringIO())


def test_a_new_event_or_kind_or_state_needs_no_migration() -> None:
    """Migrations name a field's choices (counter.database.choices) and copy no list."""
    listed = [
        str(field)
        for model in our_models()
        for field in model._meta.fields
        if field.choices and not callable(field.deconstruct()[3]["choices"])
    ]
    assert listed == []


def test_every_model_has_its_place_in_the_admin() -> None:
    without = {
        "counter.OpeningHours",  # with their office
        "counter.ClosingDay",
        "counter.OfficeText",
        "counter.SecondFactor",  # on the clerk's page: since when, and its reset
        "counter.CityIdentity",  # on the clerk's page, which can end it
        "counter.Passkey",  # on its owner's page only
        "counter.PasskeyChallenge",
        "counter.SignInRecord",  # on the clerk's page: the desk
        "counter.KinshipAnswer",  # in the journal of its dossier
        "counter.DossierCorrection",  # on the page of its dossier
        "counter.AccountChange",  # in the journal
        "counter.PasswordLink",  # lasts an hour or a week; only its owner has it
        "activation.AddressChange",  # in the journal of its dossier
        "counter.SignInFailure",  # counters that no page shows
        "counter.KnownComputer",
        "counter.FailedSignIns",  # in the journal an hour later
        "activation.KnownBrowser",
        "activation.RecoveryCode",  # a hash; its use is in the journal
        "activation.KeyEndings",  # on the start page
        "counter.TaskRun",  # shown by /readyz
        "counter.MonthCount",  # on the page of the statistics
        "activation.AddressCount",
        "activation.SignInCount",
        "activation.WrongPassword",  # soon in the activity of its holder
        "notifications.Heartbeat",  # shown by /readyz
        "notifications.Circuit",
        "activation.OneTimeCode",  # valid for ten minutes
    }
    registered = {model._meta.label for model in admin.site._registry}
    assert registered | without == {model._meta.label for model in our_models()}
    assert not registered & without


# Files

# Numbers printed as examples (docs/domain.md#national-numbers); they are nobody's.
PRINTED = {
    "85073003328", "17073003384", "75060898009", "42012205181", "19082416188",
    "00022999719", "81050003552", "81000003517", "00000000128", "98472899765",
    "23292805780", "70252501507", "92321506985", "92521506931", "80240199943",
    "81050103521", "81022903534", "85133000105", "85073500107", "99020299964",
    "95022899874",
}  # fmt: skip
NUMBER = re.compile(r"(?<![\w.])\d{2}[. ]?\d{2}[. ]?\d{2}[- ]?\d{3}[. ]?\d{2}(?![\w.])")
NEAR = 6


def passes(digits: str) -> bool:
    try:
        parse(digits, today=date(2026, 1, 1))
    except NationalNumberError:
        return False
    return True


def test_national_numbers_are_those_printed_as_examples() -> None:
    """Any other number that passes the check may be somebody's. A comment with the word
    "generated" a few lines above says that the number was made up.
    """
    for path in files(".py", ".md", ".html", ".txt", ".js", ".po", ".yml", ".toml"):
        if path.parent.name == "requirements":
            continue
        lines = path.read_text().splitlines()
        for place, line in enumerate(lines):
            for number in NUMBER.findall(line):
                digits = re.sub(r"\D", "", number)
                above = " ".join(lines[max(0, place - NEAR) : place + 1])
                if digits in PRINTED or "generated" in above:
                    continue
                assert not passes(digits), f"{path.relative_to(ROOT)}:{place + 1}"


def test_no_lock_file_names_an_index() -> None:
    for path in files(".lock", ".toml", ".txt", ".in", ".json"):
        text = path.read_text()
        assert path.name not in {"uv.lock", "pylock.toml", "package-lock.json"}
        if path.parent.name == "requirements":
            assert "://" not in text, path.name
