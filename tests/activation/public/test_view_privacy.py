"""The privacy notice names the periods that the night's run keeps."""

import html

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import Settings

from counter.backups import keeping
from counter.models import Office, RetentionPeriod
from counter.retention import periods, registry
from tests.activation.helpers import text_of


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_every_rule_about_the_public_is_named_with_its_period(
    client: Client, office: Office, language: str
) -> None:
    page = client.get(f"/{language}/privacy/").content
    text = html.unescape(text_of(page))
    with translation.override(language):
        for rule in registry.rules():
            data = str(rule.data).replace("\N{NO-BREAK SPACE}", " ")
            data = data[:1].upper() + data[1:]
            assert (data in text) is not rule.of_staff, rule.code
            assert rule.of_staff or periods.words(rule.code, office) in text
        for line in registry.kept_of_the_public():
            assert str(line.data).replace("\N{NO-BREAK SPACE}", " ") in text
            assert line.period in text
        assert registry.in_words(11 * 365 * registry.DAY) in text


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_it_says_for_how_long_backups_hold_what_went(
    client: Client, office: Office, language: str, settings: Settings
) -> None:
    def shown() -> str:
        page = client.get(f"/{language}/privacy/").content
        return html.unescape(text_of(page))

    for days in (35, 47):
        settings.BACKUP_DAYS = days
        with translation.override(language):
            sentence = keeping.in_backups().replace("\N{NO-BREAK SPACE}", " ")
            assert registry.in_words(days * registry.DAY) in sentence
        assert sentence in shown()
    settings.BACKUP_DAYS = 0
    with translation.override(language):
        assert keeping.in_backups() == ""
    assert sentence[:20] not in shown()


def test_a_period_that_the_office_chose_is_named(
    client: Client, office: Office
) -> None:
    assert "120 dagen" not in text_of(client.get("/nl/privacy/").content)
    RetentionPeriod.objects.create(office=office, rule="dossier_without_key", days=120)
    assert "120 dagen" in text_of(client.get("/nl/privacy/").content)


def test_each_office_names_its_own(
    client: Client, office: Office, other_office: Office
) -> None:
    RetentionPeriod.objects.create(office=office, rule="dossier_without_key", days=120)
    own = text_of(client.get(f"/nl/{office.slug}/privacy/").content)
    other = text_of(client.get(f"/nl/{other_office.slug}/privacy/").content)
    assert "120 dagen" in own
    assert "120 dagen" not in other


def test_every_public_page_leads_to_it(client: Client, office: Office) -> None:
    assert 'href="/nl/privacy/"' in client.get("/nl/").content.decode()
    assert 'href="/nl/privacy/"' in client.get("/nl/contact/").content.decode()


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "not a day longer"),
        (1, "1 day"),
        (30, "30 days"),
        (183, "6 months"),
        (365, "1 year"),
        (730, "2 years"),
        (3650, "10 years"),
    ],
)
def test_a_period_in_words(days: int, words: str, english: None) -> None:
    assert registry.in_words(days * registry.DAY) == words


def test_hours_in_words(english: None) -> None:
    assert periods.words("draft") == "8 hours"
