"""Conventions that fail the build instead of being written down."""

import re
import subprocess
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import models
from django.template import Context, Template

from counter.crypto import rotation
from counter.desk import registry
from counter.identity.national_number import NationalNumberError, parse
from counter.models import Dossier
from counter.supervision.house_admin import HouseAdmin
from counter.supervision.traces import model_at
from tests.sensitivity import COLUMNS, Sensitivity, sensitivity_of
from tests.undefined import UndefinedVariableError

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = ROOT / "templates"
OURS = ("counter", "payments", "activation", "notifications")


def files(*endings: str) -> Iterator[Path]:
    """The repository's files, those not yet committed included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in sorted(set(filter(None, listed.split("\0")))):
        if name.endswith(endings or ("",)) and (ROOT / name).is_file():
            yield ROOT / name


def templates() -> Iterator[tuple[str, str]]:
    for path in files(".html", ".txt", ".svg"):
        if path.is_relative_to(TEMPLATES):
            yield str(path.relative_to(TEMPLATES)), path.read_text()


# Times of day, as each language writes them (config.formats)

HARD = re.compile(r"""["'](?:[djD][-/.][mn][-/.]Y\W*)?[GH]:i["']""")


def test_applicants_read_times_in_their_own_language() -> None:
    """Not on staff's screens: those are in one office's habit."""
    for path in files(".py", ".html", ".txt"):
        where = str(path.relative_to(ROOT))
        if where.startswith(("activation/", "notifications/", "templates/")) and not (
            where.startswith(("templates/counter/", "templates/payments/"))
        ):
            assert not HARD.search(path.read_text()), where


# Templates

FOUND_BY_DJANGO = {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
# Their names are put together from a language, by Django's admin or by crispy-forms.
PUT_TOGETHER = re.compile(
    r"activation/codes/slip/_(nl|fr|de|en)\.html"
    r"|notifications/\w+(/\w+)?/(nl|fr|de|en)\.txt"
    r"|admin/.*|forms/.*"
)
# Not pages: paper, and mails, which know no stylesheet.
NO_PAGE = re.compile(r"activation/codes/slip/.*|payments/\w+/paper.*|notifications/.*")
LONGEST_LINE = 120
COMMENT = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|<!--.*?-->", re.DOTALL)


def test_every_template_is_used() -> None:
    code = "\n".join(
        path.read_text() for path in files(".py") if "tests" not in path.parts
    )
    all_templates = dict(templates())
    for name in all_templates:
        if name in FOUND_BY_DJANGO or PUT_TOGETHER.fullmatch(name):
            continue
        others = "\n".join(
            text for other, text in all_templates.items() if other != name
        )
        stem = Path(name).stem
        named = (f'"{name}"', f"'{name}'", f"{name}#")
        is_used = any(spelling in code + others for spelling in named) or (
            # localrun.inbox.views puts "local/" before and ".html" behind.
            name.startswith("local/") and f'"{stem}"' in code
        )
        assert is_used, f"{name} is used nowhere"


def test_a_line_of_a_template_is_short_enough_to_read() -> None:
    too_long = [
        f"{name}:{number}"
        for name, text in templates()
        for number, line in enumerate(text.splitlines(), start=1)
        if len(line) >= LONGEST_LINE
    ]
    assert too_long == []


def test_every_form_that_posts_has_its_token() -> None:
    form = re.compile(
        r"<form\b[^>]*\bmethod=\"?post\"?.*?</form>", re.DOTALL | re.IGNORECASE
    )
    for name, text in templates():
        for posted in form.findall(text):
            assert "csrf_token" in posted or "hx-headers" in posted, name


def test_nothing_is_inline() -> None:
    """The policy forbids it, so it would do nothing in a browser."""
    inline = re.compile(
        r"<[^>{]*\sstyle\s*=|<[^>]*\son[a-z]+\s*=|<style\b|javascript:"
        r"|<script(?![^>]*\bsrc=)(?![^>]*application/json)",
        re.IGNORECASE,
    )
    for name, text in templates():
        if NO_PAGE.fullmatch(name):
            continue
        match = inline.search(COMMENT.sub("", text))
        assert not match, f"{name}: {match and match[0]}"


def test_every_script_carries_the_nonce_and_is_our_own() -> None:
    script = re.compile(r"<script\b[^>]*>", re.IGNORECASE)
    for name, text in templates():
        for tag in script.findall(text):
            if "application/json" in tag:
                continue
            assert "csp_nonce" in tag, f"{name}: {tag}"
            assert "{% static" in tag or "{% url" in tag, f"{name}: {tag}"


def test_nothing_comes_from_elsewhere() -> None:
    loads = re.compile(r"(?:src|href|action)=\"(?:https?:)?//[^\"]+\"")
    for name, text in templates():
        tags = re.findall(r"<(?:script|link|img|iframe|form)\b[^>]*>", text)
        for tag in tags:
            assert not loads.search(tag), f"{name}: {tag}"


@pytest.mark.parametrize(
    "text", ["{{ nobody }}", "{% for x in nobody %}{% endfor %}", "{{ nobody.name }}"]
)
def test_an_undefined_variable_is_noticed(text: str) -> None:
    template = Template(text)
    for node in template.nodelist:
        node.origin.name = str(TEMPLATES / "pretended.html")
    with pytest.raises(UndefinedVariableError):
        template.render(Context())


def test_an_absence_that_is_meant_is_not() -> None:
    template = Template("{% if nobody %}x{% endif %}{{ nobody|default:'-' }}")
    for node in template.nodelist:
        node.origin.name = str(TEMPLATES / "pretended.html")
    assert template.render(Context()) == "-"


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
    """Or counts something, and the value it was made of is kept nowhere."""
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
            followed |= set(rotation._INDEX_COLUMNS.values())
        if model.__name__ not in counts:
            assert indexed == followed, model._meta.label


def test_the_admin_shows_no_secret() -> None:
    hidden = {Sensitivity.SECRET, Sensitivity.SEALED, Sensitivity.INDEX}
    for model, house in admin.site._registry.items():
        levels = sensitivity_of(model._meta.label)
        shown = {*house.list_display, *(house.fields or ())}
        for _, options in house.fieldsets or ():
            shown |= set(options["fields"])
        # Django's own widget, which shows of the hash that there is one.
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
    """The model, and every one that a row of it leads to by its own columns."""
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
    """And its pages are then written in the journal (test_looking.py)."""
    for model, house in admin.site._registry.items():
        assert isinstance(house, HouseAdmin)
        leads = PEOPLE & {other._meta.label for other in related(model)}
        assert bool(leads) == bool(house.leads_to), house
        ways = {model_at(model, way)._meta.label for way in house.leads_to or ()}
        assert ways <= PEOPLE, house


def test_what_hangs_on_a_row_is_about_the_same_person() -> None:
    """Rows under another are not looked at apart from it."""
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
    """Migrations name a field's choices (counter.database.choices), and no list."""
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
        "counter.Passkey",  # on its owner's page only
        "counter.PasskeyChallenge",
        "counter.SignInRecord",  # on the clerk's page: the desk
        "counter.KinshipAnswer",  # said in the journal of its dossier
        "counter.DossierCorrection",  # on the page of its dossier
        "counter.AccountChange",  # said in the journal
        "counter.PasswordLink",  # an hour or a week, and only its owner's
        "activation.AddressChange",  # said in the journal of its dossier
        "counter.SignInFailure",  # counters without a face
        "counter.KnownComputer",
        "counter.FailedSignIns",  # in the journal an hour later
        "activation.KnownBrowser",
        "activation.KeyEndings",  # on the start page
        "activation.AddressCount",
        "activation.SignInCount",
        "activation.WrongPassword",  # soon in the activity of its holder
        "notifications.Heartbeat",  # told by /readyz
        "activation.OneTimeCode",  # gone after ten minutes
    }
    registered = {model._meta.label for model in admin.site._registry}
    assert registered | without == {model._meta.label for model in our_models()}
    assert not registered & without


# Files

# Numbers printed as examples (docs/domain.md#national-numbers), nobody's own.
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
    """Any other that passes the check may be somebody's; a comment with the word
    "generated" a few lines above says that it was made and not met.
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
