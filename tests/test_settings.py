"""The settings of each way of running, in processes of their own."""

import base64
import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from pytest_django import Settings

from config import environment
from config.checks import HTTP_GATEWAY
from config.demo_secrets import DEMO_KEYS, DEMO_SECRET_KEY
from counter.models import Clerk, Office
from counter.sign_in.auth_backend import StaffBackend
from counter.staff.demo_accounts import DEMO_ACCOUNTS
from tests import cast

ROOT = Path(__file__).resolve().parent.parent
SECONDS = 120
DEMO = DEMO_ACCOUNTS[0]


def key(kid: str) -> str:
    return f"{kid}:{base64.b64encode(secrets.token_bytes(32)).decode()}"


def database_url() -> str:
    """Of the database that this test uses."""
    of = connection.settings_dict
    return (
        f"postgresql://{of['USER']}:{of['PASSWORD']}"
        f"@{of['HOST']}:{of['PORT']}/{of['NAME']}"
    )


@pytest.fixture
def production() -> dict[str, str]:
    return environment_of_production()


def environment_of_production() -> dict[str, str]:
    """A whole environment for production, with nothing inherited from the tests."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return kept | {
        "DJANGO_SETTINGS_MODULE": "config.settings.production",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DERIVATION_KEYS": key("d1"),
        "ENCRYPTION_KEYS": f"{key('e2')},{key('e1')}",
        "INDEX_KEYS": key("a"),
        "SEAL_KEYS": key("s1"),
        "DATA_PROTECTION_EMAIL": "privacy@leuven.example",
        "ALLOWED_HOSTS": "sleutels.leuven.example",
        "SITE_URL": "https://sleutels.leuven.example",
        "DATABASE_URL": "postgresql://someone:secret@db/sleutelloket",
        "REDIS_URL": "redis://broker/0",
        "SMTP_HOST": "mail.leuven.example",
        "DEFAULT_FROM_EMAIL": "Stad Leuven <noreply@leuven.example>",
    }


def run(words: list[str], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *words],
        env=env,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )


CHECK = ["manage.py", "check", "--deploy", "--fail-level", "WARNING"]


def test_production_passes_every_check_of_a_deployment(
    production: dict[str, str],
) -> None:
    ended = run(CHECK, production)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


HASH = """
import django
django.setup()
from django.contrib.auth.hashers import make_password
print(make_password("een lang wachtwoord"))
"""


def test_production_hashes_passwords_at_owasp_s_parameters(
    production: dict[str, str],
) -> None:
    """The tests themselves hash with less work (tests.hashers)."""
    ended = run(["-c", HASH], production)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")


DEMO_VALUES = {
    "SECRET_KEY": DEMO_SECRET_KEY,
    "DERIVATION_KEYS": DEMO_KEYS["derivation"],
    "ENCRYPTION_KEYS": DEMO_KEYS["encryption"],
    "INDEX_KEYS": DEMO_KEYS["index"],
    "SEAL_KEYS": DEMO_KEYS["seal"],
}
ZEROES = f"d1:{base64.b64encode(bytes(32)).decode()}"
ONE = key("a")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        *((({name: value}), name) for name, value in DEMO_VALUES.items()),
        ({"INDEX_KEYS": f"{key('b')},{DEMO_KEYS['index']}"}, "INDEX_KEYS: a"),
        ({"ENCRYPTION_KEYS": DEMO_KEYS["derivation"]}, "ENCRYPTION_KEYS: d1"),
        ({"DERIVATION_KEYS": ZEROES}, "DERIVATION_KEYS: d1 is not random"),
        ({"DERIVATION_KEYS": ONE, "INDEX_KEYS": ONE}, "used twice"),
        ({"INDEX_KEYS": key("c")}, "the ids are a and b"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is shorter"),
        ({"DEBUG": "1"}, "DEBUG is on"),
        ({"STAFF_SECOND_FACTOR": "0"}, "STAFF_SECOND_FACTOR is off"),
        ({"DEMO_INBOX": "/nowhere"}, "DEMO_INBOX"),
        ({"SMS_BACKEND": "localrun.inbox.sms.DemoInbox"}, "SMS_BACKEND"),
        (
            {"SMS_BACKEND": HTTP_GATEWAY, "SMS_URL": "http://gateway.example/"},
            "SMS_URL is not https",
        ),
        ({"SMS_BACKEND": HTTP_GATEWAY}, "SMS_URL is not https"),
        ({"SITE_URL": "http://sleutels.leuven.example"}, "SITE_URL"),
        ({"SITE_URL": "https://sleutels.leuven.example/path"}, "SITE_URL"),
        ({"SITE_URL": "https://elsewhere.example"}, "not among ALLOWED_HOSTS"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY is not random"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"SMTP_SECURITY": "none"}, "SMTP_SECURITY"),
        ({"READYZ_TOKEN": "guessed"}, "READYZ_TOKEN is shorter"),
    ],
)
def test_production_refuses(
    production: dict[str, str], changed: dict[str, str], reason: str
) -> None:
    ended = run(["-c", "import config.settings.production"], production | changed)
    assert ended.returncode != 0
    assert reason in ended.stderr
    for value in changed.values():
        if len(value) > len("DEBUG"):
            assert value not in ended.stderr


@pytest.mark.parametrize(
    "missing",
    ["SECRET_KEY", "DERIVATION_KEYS", "DATABASE_URL", "SITE_URL", "SMTP_HOST"],
)
def test_production_has_no_default_for(
    production: dict[str, str], missing: str
) -> None:
    del production[missing]
    ended = run(["-c", "import config.settings.production"], production)
    assert ended.returncode != 0
    assert f"{missing} is missing" in ended.stderr


@pytest.mark.parametrize("module", ["base", "dev", "test"])
def test_the_other_settings_import(module: str) -> None:
    ended = run(
        ["-W", "error", "-c", f"import config.settings.{module}"],
        {
            **os.environ,
            "DATABASE_URL": "postgresql://u@h/d",
            "REDIS_URL": "redis://h/0",
        },
    )
    assert ended.returncode == 0, ended.stderr


# Demo accounts in a real database


@pytest.fixture
def demo_account(transactional_db: None) -> Clerk:
    office = Office.objects.first() or cast.make_office()
    clerk: Clerk = Clerk.objects.create_user(
        DEMO.username, password=DEMO.password, office=office
    )
    return clerk


def test_a_demo_account_opens_nothing_in_production(
    demo_account: Clerk, settings: Settings
) -> None:
    backend = StaffBackend()
    both = {"username": DEMO.username, "password": DEMO.password}
    assert backend.authenticate(None, **both) == demo_account
    settings.DEMO_ALLOWED = False
    assert backend.authenticate(None, **both) is None
    demo_account.set_password(cast.PASSWORD)
    demo_account.save()
    both["password"] = cast.PASSWORD
    assert backend.authenticate(None, **both) == demo_account


@pytest.mark.processes
def test_the_web_server_does_not_start_with_a_demo_account(
    demo_account: Clerk, production: dict[str, str]
) -> None:
    production["DATABASE_URL"] = database_url()
    start = ["-c", "import config.wsgi"]
    ended = run(start, production)
    assert ended.returncode != 0
    assert "Demo accounts stand in this database: els" in ended.stderr
    assert DEMO.password not in ended.stderr
    demo_account.is_active = False
    demo_account.save()
    ended = run(start, production)
    assert ended.returncode == 0, ended.stderr


@pytest.mark.processes
def test_the_check_of_the_database_names_it(
    demo_account: Clerk, production: dict[str, str]
) -> None:
    production["DATABASE_URL"] = database_url()
    ended = run([*CHECK, "--database", "default"], production)
    assert ended.returncode != 0
    assert "counter.E001" in ended.stderr


@pytest.mark.processes
def test_the_web_server_starts_while_the_database_is_away(
    production: dict[str, str],
) -> None:
    production["DATABASE_URL"] = "postgresql://u@127.0.0.1:1/d?connect_timeout=2"
    ended = run(["-c", "import config.wsgi"], production)
    assert ended.returncode == 0, ended.stderr


# The readers

SECRET = "hunter2-hunter2"
GOOD = f"k1:{base64.b64encode(b'not a secret'.ljust(32)).decode()}"


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (environment.integer, SECRET),
        (environment.keys, SECRET),
        (environment.keys, f"k1:{SECRET}"),
        (environment.keys, "k1:aHVudGVyMi1odW50ZXIy"),
        (environment.keys, f"{GOOD},{GOOD}"),
        (environment.keys, f"much-too-long-{GOOD}"),
        (environment.database, f"mysql://u:{SECRET}@h/d"),
        (environment.database, f"postgresql://u:{SECRET}@h"),
    ],
    ids=range(8),
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


def test_a_database_address_is_read_whole() -> None:
    read = environment.database(
        "NAME", "postgresql://an%40a:p%2Fw@db:5433/name?sslmode=require&host=/run/pg"
    )
    assert read["USER"] == "an@a"
    assert read["PASSWORD"] == "p/w"
    assert read["PORT"] == "5433"
    assert read["HOST"] == "/run/pg"
    assert read["OPTIONS"] == {"connect_timeout": "5", "sslmode": "require"}
