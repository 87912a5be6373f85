"""The readers of environment variables: a mistake is named, its value is not."""

import base64
import re
from collections.abc import Callable

import pytest
from django.conf import global_settings
from django.core.exceptions import ImproperlyConfigured

from config import environment
from tests.own_files import ROOT

SECRET = "hunter2-hunter2"
GOOD = f"k1:{base64.b64encode(b'not a secret'.ljust(32)).decode()}"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.integer, SECRET),
        (environment.keys, SECRET),
        (environment.keys, f"k1:{SECRET}"),
        (environment.keys, f"k1:“{SECRET}”"),
        (environment.keys, "k1:aHVudGVyMi1odW50ZXIy"),
        (environment.keys, f"{GOOD},{GOOD}"),
        (environment.keys, f"much-too-long-{GOOD}"),
        (environment.database, f"mysql://u:{SECRET}@h/d"),
        (environment.database, f"postgresql://u:{SECRET}@h"),
        (environment.mail_address, SECRET),
        (environment.mail_address, f"{SECRET}@localhost"),
        (environment.mail_address, f"{SECRET}@leuven.be, beheer@leuven.be"),
        (environment.mail_address, f"Loket, Leuven <{SECRET}@leuven.be>"),
        (environment.mail_address, f"Loket; <{SECRET}@leuven.be>"),
    ],
    ids=range(14),
)
def test_a_mistake_is_named_without_its_value(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object], value: str
) -> None:
    monkeypatch.setenv("NAME", value)
    with pytest.raises(ImproperlyConfigured) as refused:
        read("NAME")
    assert "NAME" in str(refused.value)
    assert SECRET not in str(refused.value)
    assert value not in str(refused.value)


def test_a_switch_is_on_or_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", SECRET)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.boolean("NAME", default=False)
    assert SECRET not in str(refused.value)
    for value, meant in (("1", True), ("yes", True), ("0", False), ("", False)):
        monkeypatch.setenv("NAME", value)
        assert environment.boolean("NAME", default=not meant) is meant


def test_one_of_several_words_is_meant(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", SECRET)
    with pytest.raises(ImproperlyConfigured) as refused:
        environment.choice("NAME", {"starttls", "ssl"}, "ssl")
    assert "starttls" in str(refused.value)
    assert SECRET not in str(refused.value)


def test_no_key_at_all_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", " , ")
    with pytest.raises(ImproperlyConfigured, match="names no key"):
        environment.keys("NAME")


def test_a_missing_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NAME", raising=False)
    with pytest.raises(ImproperlyConfigured, match="NAME is missing"):
        environment.text("NAME")


@pytest.mark.parametrize("value", ["", "  "])
def test_an_empty_variable_is_a_missing_one(
    monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """With `SMTP_HOST=` in a file of systemd, Django would send to this machine."""
    monkeypatch.setenv("NAME", value)
    for read in (environment.text, environment.mail_address, environment.database):
        with pytest.raises(ImproperlyConfigured, match="NAME is missing"):
            read("NAME")
    assert environment.text("NAME", "") == ""
    assert environment.mail_address("NAME", "") == ""


def test_a_mail_address_may_have_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAME", "Stad Leuven <noreply@straße.example>")
    assert environment.mail_address("NAME") == "Stad Leuven <noreply@straße.example>"
    monkeypatch.setenv("NAME", '"Loket, Leuven" <noreply@leuven.be>')
    assert environment.mail_address("NAME") == '"Loket, Leuven" <noreply@leuven.be>'


def test_a_database_address_is_read_whole() -> None:
    read = environment.database(
        "NAME", "postgresql://an%40a:p%2Fw@db:5433/name?sslmode=require&host=/run/pg"
    )
    assert read["USER"] == "an@a"
    assert read["PASSWORD"] == "p/w"
    assert read["PORT"] == "5433"
    assert read["HOST"] == "/run/pg"
    assert read["OPTIONS"] == {"connect_timeout": "5", "sslmode": "require"}


def test_a_limit_names_a_way_and_a_number_from_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NAME", "bulk_mail=300, urgent_sms=60")
    read = environment.counts("NAME", ["bulk_mail", "urgent_sms"])
    assert read == {"bulk_mail": 300, "urgent_sms": 60}
    for value in (
        "other=1",
        "bulk_mail=0",
        "bulk_mail=many",
        "bulk_mail",
        "bulk_mail=",
    ):
        monkeypatch.setenv("NAME", value)
        with pytest.raises(ImproperlyConfigured):
            environment.counts("NAME", ["bulk_mail"])


ASSIGNED = re.compile(r"^([A-Z]\w+)(?:: [^=]+)? = (environment\.)?", re.MULTILINE)
OF_LIBRARIES = ("CELERY_", "CRISPY_", "WHITENOISE_")
#: Settings that are the same everywhere, or that other code asks for by name.
ALIKE = {"BASE_DIR", "PUBLIC_ROUTES", "READ_BOUNCES", "TESTING", "WAYS_OUT"}


def test_what_nothing_sets_stands_with_its_rule() -> None:
    """A value that no variable, no settings file and no test changes is no setting."""
    often: dict[str, int] = {}
    for path in (ROOT / "config" / "settings").glob("*.py"):
        for name, by_variable in ASSIGNED.findall(path.read_text()):
            often[name] = often.get(name, 0) + (2 if by_variable else 1)
    once = {
        name
        for name, times in often.items()
        if times < 2 and not hasattr(global_settings, name)
        if not name.startswith(OF_LIBRARIES)
    }
    tests = "".join(path.read_text() for path in (ROOT / "tests").rglob("*.py"))
    changed = set(re.findall(r"\bsettings\.([A-Z]\w+)(?:\[[^]]*\])? = ", tests))
    changed |= set(re.findall(r"\b([A-Z]\w+)=", tests))
    assert once - changed - ALIKE == set()
