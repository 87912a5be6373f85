"""The settings with which production refuses to start.

`config.settings.production` calls `refuse` when it is imported, so no web server,
worker or command can avoid it. `counter.checks` looks at what is in the database.
"""

import os
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host
from sentry_sdk.utils import Dsn

from config import environment
from config.demo_secrets import DEMO_KEYS, DEMO_SECRET_KEY
from counter.web.safe_address import is_safe

KEY_RINGS = ("DERIVATION_KEYS", "ENCRYPTION_KEYS", "INDEX_KEYS", "SEAL_KEYS")
# The model counter.models.Applicant has a column for each of these ids.
INDEX_KEY_IDS = {"a", "b"}
HTTP_GATEWAY = "notifications.channels.sms_http.HttpGateway"
_SHORTEST_SECRET = 50
_SHORTEST_TOKEN = 20
# Django's own check warns below this; here it is a refusal.
_FEWEST_DIFFERENT_CHARACTERS = 5
# 32 random bytes have 30 different values on average; 16 or fewer never happens.
_FEWEST_DIFFERENT_BYTES = 16


def refuse(settings: Mapping[str, Any], mistakes: Mapping[str, str]) -> None:
    """Raise ImproperlyConfigured with every reason not to start, but without values.

    `settings` are the names in a settings module. `mistakes` says by variable what
    could not be read from the environment; other reasons about those variables are left
    out.
    """
    reasons = [
        *_demo(settings),
        *_secret_key(settings["SECRET_KEY"]),
        *_keys(settings),
        *_address(settings["SITE_URL"], settings["ALLOWED_HOSTS"]),
        *_text_messages(settings),
        *_bounces(settings),
        *_error_reports(settings["SENTRY_DSN"]),
        *_token("READYZ_TOKEN", settings["READYZ_TOKEN"]),
        *_token("METRICS_TOKEN", settings["METRICS_TOKEN"]),
        *_city_sign_on(settings),
    ]
    more = [each for each in reasons if not each.startswith(tuple(mistakes))]
    if mistakes or more:
        all_of_them = ["Production refuses:", *mistakes.values(), *more]
        raise ImproperlyConfigured("\n- ".join(all_of_them))


def _demo(settings: Mapping[str, Any]) -> Iterator[str]:
    if settings["DEBUG"]:
        yield "DEBUG is on."
    if settings["DEMO_ALLOWED"]:
        yield "DEMO_ALLOWED is on."
    if settings["DEMO_INBOX"] is not None or "DEMO_INBOX" in os.environ:
        yield "DEMO_INBOX is set: it would show everybody's mail."
    if settings["SMS_BACKEND"].startswith("localrun"):
        yield "SMS_BACKEND is the embedded run's."
    if not settings["STAFF_SECOND_FACTOR"]:
        yield "STAFF_SECOND_FACTOR is off."


def _secret_key(secret: str) -> Iterator[str]:
    if secret == DEMO_SECRET_KEY:
        yield "SECRET_KEY is the demo's."
    elif len(secret) < _SHORTEST_SECRET:
        yield f"SECRET_KEY is shorter than {_SHORTEST_SECRET} characters."
    elif len(set(secret)) < _FEWEST_DIFFERENT_CHARACTERS:
        yield "SECRET_KEY is not random."


def _keys(settings: Mapping[str, Any]) -> Iterator[str]:
    demo = {
        key
        for ring in DEMO_KEYS.values()
        for key in environment.parse_keys("demo", ring).values()
    }
    seen: set[bytes] = set()
    for ring in KEY_RINGS:
        for kid, key in settings[ring].items():
            if key in demo:
                yield f"{ring}: {kid} is a demo key."
            elif len(set(key)) <= _FEWEST_DIFFERENT_BYTES:
                yield f"{ring}: {kid} is not random."
            elif key in seen:
                yield f"{ring}: {kid} is used twice."
            seen.add(key)
    if not INDEX_KEY_IDS.issuperset(settings["INDEX_KEYS"]):
        yield "INDEX_KEYS: the ids are a and b."


def _address(site_url: str, allowed_hosts: list[str]) -> Iterator[str]:
    try:
        url = urlsplit(site_url)
        _port = url.port  # a ValueError when it is none
    except ValueError:
        url = urlsplit("")
    if url.scheme != "https" or not url.hostname or site_url != f"https://{url.netloc}":
        yield "SITE_URL is not https://name without a path."
    if not allowed_hosts or "*" in allowed_hosts:
        yield "ALLOWED_HOSTS names no hosts."
    elif url.hostname and not validate_host(url.hostname, allowed_hosts):
        yield "SITE_URL is not among ALLOWED_HOSTS: every link in a mail would be dead."


def _text_messages(settings: Mapping[str, Any]) -> Iterator[str]:
    """Text messages go over TLS, because they contain numbers and one-time codes."""
    if settings["SMS_BACKEND"] != HTTP_GATEWAY:
        return
    if not is_safe(settings["SMS_HTTP"]["url"]):
        yield "SMS_URL is not https://."


def _error_reports(address: str) -> Iterator[str]:
    if not address:
        return
    try:
        Dsn(address)
    except ValueError:  # BadDsn is one, and so is what urlsplit raises
        yield "SENTRY_DSN is no DSN."
    else:
        if not is_safe(address):
            yield "SENTRY_DSN is not https://."


def _city_sign_on(settings: Mapping[str, Any]) -> Iterator[str]:
    """counter.city_sign_on.provider checks the other settings, also at the start."""
    if settings["PASSWORD_SIGN_IN_ONLY_FOR"] and not settings["CITY_SIGN_ON"]:
        yield "PASSWORD_SIGN_IN_ONLY_FOR is set without CITY_SIGN_ON_ISSUER."


def _bounces(settings: Mapping[str, Any]) -> Iterator[str]:
    """With a weak key, a stranger could call the webhook and mark any mail as
    refused.
    """
    keys = settings["ANYMAIL"].values()
    if settings["BOUNCE_WEBHOOK"] and not all(len(k) >= _SHORTEST_TOKEN for k in keys):
        yield f"BOUNCE_WEBHOOK_KEY is shorter than {_SHORTEST_TOKEN} characters."
    mailbox = settings["BOUNCE_MAILBOX"]
    if mailbox and not (mailbox["user"] and mailbox["password"]):
        yield "BOUNCE_IMAP_USER or BOUNCE_IMAP_PASSWORD is missing."


def _token(name: str, token: str) -> Iterator[str]:
    if token and len(token) < _SHORTEST_TOKEN:
        yield f"{name} is shorter than {_SHORTEST_TOKEN} characters."
