"""The settings of each way of running, in processes of their own."""

import base64
import os

import pytest
from django.db import connection
from pytest_django import Settings

from config.checks import HTTP_GATEWAY
from config.demo_secrets import DEMO_KEYS, DEMO_SECRET_KEY
from counter.models import Clerk, Office
from counter.sign_in.auth_backend import StaffBackend
from counter.staff.demo_accounts import DEMO_ACCOUNTS
from tests import cast
from tests.production import key, production, run

__all__ = ["production"]


DEMO = DEMO_ACCOUNTS[0]


def database_url() -> str:
    """Of the database that this test uses."""
    of = connection.settings_dict
    return (
        f"postgresql://{of['USER']}:{of['PASSWORD']}"
        f"@{of['HOST']}:{of['PORT']}/{of['NAME']}"
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
        (
            {"BOUNCE_WEBHOOK": "mailgun", "BOUNCE_WEBHOOK_KEY": "guessed"},
            "BOUNCE_WEBHOOK_KEY is shorter",
        ),
        ({"BOUNCE_IMAP_HOST": "mail.example"}, "BOUNCE_IMAP_USER"),
        ({"BACKUP_DAYS": "-1"}, "BACKUP_DAYS must be at least 0"),
        ({"PROXIES": "-1"}, "PROXIES must be at least 0"),
        ({"SMTP_PORT": "70000"}, "SMTP_PORT must be at most 65535"),
        ({"SITE_URL": "https://[abc"}, "SITE_URL is not https"),
        ({"SITE_URL": "https://leuven.example:99999"}, "SITE_URL is not https"),
        ({"SENTRY_DSN": "https://abc"}, "SENTRY_DSN is no DSN"),
        ({"SENTRY_DSN": "https://key@reports.example:ab/1"}, "SENTRY_DSN is no DSN"),
        ({"SENTRY_DSN": "https://[reports"}, "SENTRY_DSN is no DSN"),
        ({"SENTRY_DSN": "http://key@reports.example/1"}, "SENTRY_DSN is not https"),
        (
            {"SMS_BACKEND": HTTP_GATEWAY, "SMS_URL": "https://gw.example:80a/"},
            "SMS_URL is not https",
        ),
        ({"SMS_SUCCESS_STATUS": "2xx"}, "SMS_SUCCESS_STATUS must be statuses"),
        ({"SMS_SUCCESS_STATUS": "299-200"}, "SMS_SUCCESS_STATUS must be statuses"),
        ({"SMTP_HOST": ""}, "SMTP_HOST is missing"),
        ({"OPERATOR_EMAIL": "de ploeg"}, "OPERATOR_EMAIL must be one"),
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


def test_no_process_starts_with_a_gateway_that_is_not_there(
    production: dict[str, str],
) -> None:
    production["SMS_BACKEND"] = "no.such.Gateway"
    ended = run(CHECK, production)
    assert ended.returncode != 0
    assert "SMS_BACKEND cannot be imported" in ended.stderr


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


def test_everything_that_is_missing_or_wrong_is_named_at_once(
    production: dict[str, str],
) -> None:
    missing = ["SECRET_KEY", "INDEX_KEYS", "DATABASE_URL", "SITE_URL", "SMTP_HOST"]
    for name in missing:
        del production[name]
    wrong = {"SMTP_PORT": "a-port", "SMTP_SECURITY": "none", "READYZ_TOKEN": "short"}
    ended = run(["-c", "import config.settings.production"], production | wrong)
    assert ended.returncode != 0
    *_, told = ended.stderr.partition("Production refuses:")
    for name in (*missing, *wrong):
        assert told.count(name) == 1, name


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
