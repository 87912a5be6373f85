"""What every way of running shares. Nothing here is an insecure default:
what differs between a desk and a demo comes from `dev`, `test` or `production`.
"""

from pathlib import Path
from typing import Any, Final

import bootstrap_wrapper
from django.utils.translation import gettext_lazy as _

from config.logs import LOGGING_CONFIG as LOGGING_CONFIG
from config.logs import logging_settings, tell_how_it_ended
from config.settings.headers import *
from config.settings.operators import *
from config.settings.schedule import CELERY_BEAT_SCHEDULE as CELERY_BEAT_SCHEDULE

BASE_DIR = Path(__file__).resolve().parent.parent.parent

INSTALLED_APPS = [
    "notifications",
    "activation",
    "payments",
    "counter",
    "counter.supervision.site.SupervisionConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",  # its words for small numbers, in each language
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "crispy_forms",
    "django_htmx",
]

MIDDLEWARE = [
    "counter.web.middleware.request_log",
    "django.middleware.security.SecurityMiddleware",
    "counter.web.middleware.response_headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "counter.web.middleware.only_utf8",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "counter.web.cookie_jars.apart",
    "counter.web.cookie_jars.come_inside",
    # Must come before any middleware that answers in a view's place: the lock screen
    # needs what it sets.
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "counter.web.middleware.fits",
    "counter.crypto.old_ring.OldRing",
    "activation.web.middleware.mangled_links",
    "django.middleware.common.CommonMiddleware",
    "activation.web.middleware.applicant_pages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "activation.web.kept_form.KeptForms",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "counter.web.middleware.changes_are_signed",
    "counter.web.middleware.staff_language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "counter.web.middleware.staff_idle",
    "counter.web.middleware.own_people",
    "counter.scans.scan_guard.no_scans_in_addresses",
]

CSRF_FAILURE_VIEW = "config.urls.csrf_failure"
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "counter.web.context_processors.house",
                "activation.web.context_processors.belongs",
            ],
        },
    },
]
# A scan or a national number in any field of any form is refused and emptied.
FORM_RENDERER = "counter.scans.scan_guard.Renderer"
# templates/forms/: what a form is made of is said in Python
# (counter.web.form_layout).
CRISPY_ALLOWED_TEMPLATE_PACKS = ("forms",)
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_USER_MODEL = "counter.Clerk"
AUTHENTICATION_BACKENDS = ["counter.sign_in.auth_backend.StaffBackend"]
LOGIN_URL = "counter_sign_in:sign_in"
# What the names of public addresses begin with; those with a language are public too.
PUBLIC_ROUTES = ("home", "notifications_health:", "localrun_inbox:")
LOGIN_REDIRECT_URL = "counter_desk:desk"
LOGOUT_REDIRECT_URL = "counter_sign_in:sign_in"
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {
        "NAME": (
            "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"
        ),
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# OWASP's parameters: 22 ms a hash and 19 MiB, instead of 128 ms and 100 MiB.
PASSWORD_HASHERS = ["counter.sign_in.hashers.Argon2"]

# Language and time: Dutch first.

LANGUAGE_CODE = "nl"
LANGUAGES = [
    ("nl", _("Dutch")),
    ("fr", _("French")),
    ("de", _("German")),
    ("en", _("English")),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "config.formats"
# What a supervisor writes as www.leuven.be is a link, and a safe one.
URLIZE_ASSUME_HTTPS = True
USE_TZ = True
TIME_ZONE = "Europe/Brussels"

# Files

STATIC_URL = "/static/"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    ("bootstrap", bootstrap_wrapper.get_bootstrap_dir()),
]
STATIC_ROOT = BASE_DIR / "staticfiles"

# Sessions: idle limits are kept in counter.web.middleware.

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
# Staff's; those of the public's pages are made Lax by counter.web.cookie_jars.
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# An hour longer than anybody stays signed in (counter.sign_in.single_session), so that
# a form which comes too late still belongs to somebody, and is kept.
SESSION_COOKIE_AGE = 11 * 60 * 60
CSRF_COOKIE_HTTPONLY = True
MESSAGE_STORAGE = "counter.web.message_storage.Notices"
CSRF_COOKIE_SAMESITE = "Strict"
LANGUAGE_COOKIE_SAMESITE: Final = "Strict"

# Mail: `mailer()` builds the one connection's options.


def mailer(
    *,
    host: str,
    port: int,
    username: str = "",
    password: str = "",
    use_tls: bool = False,
    use_ssl: bool = False,
) -> dict[str, object]:
    """Django's MAILERS entry; the time limit is ours, Django's default is none.

    The answer to a text has its own (notifications.outbox.waiting_room).
    """
    return {
        "BACKEND": "notifications.channels.smtp.Backend",
        "OPTIONS": {
            "host": host,
            "port": port,
            "username": username,
            "password": password,
            "use_tls": use_tls,
            "use_ssl": use_ssl,
            "timeout": 10,
        },
    }


# Celery only wakes up what PostgreSQL remembers: no results, no retries of its own.

CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
# The worker writes its sign of life between two tasks too.
CELERY_BEAT_MAX_LOOP_INTERVAL = 15
# How often each part writes its sign of life: several times before it is missing.
HEARTBEAT_SECONDS = 20.0
# A wake-up that cannot be sent is not worth a clerk's second: the sweep finds the row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}

# Forms: what a person types, never a file.

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200

# How many proxies stand in front: each adds the address it was asked from to
# X-Forwarded-For, so the visitor's is that many from the end. What stands before it
# was written by the visitor and is believed by nobody.
PROXIES = 0
# X-Forwarded-For, or Forwarded (RFC 7239): only the one that the proxies write.
PROXY_HEADER = "X-Forwarded-For"

# The product's own parameters (docs/security.md).

# Staff type six digits of an app after the password (counter.sign_in.sign_in_app).
STAFF_SECOND_FACTOR = True
# The city's own sign-on for staff, if it has one (counter.city_sign_on.provider).
CITY_SIGN_ON: dict[str, Any] = {}
# The user names that may still sign in with a password; empty: everybody.
PASSWORD_SIGN_IN_ONLY_FOR: list[str] = []
# How many threads of a process may compare passwords of people who are not signed in at
# once (counter.sign_in.hashing_places), out of those in config.server. A flood at one
# sign-in leaves one of `anybody` for the other.
PASSWORD_PLACES = {
    "anybody": 4,
    "strangers": 3,
    "holders": 3,
    "known_computers": 2,
    "known_browsers": 1,
    "city_sign_on": 3,
}
DEMO_INBOX: Path | None = None
DEMO_ALLOWED = False
# The processes that /readyz misses when they are silent (notifications.enums.Part).
EXPECTED_PARTS = ["worker", "beat", "deliver"]
# Whoever sends this token reads what /readyz knows; without a token nobody does.
READYZ_TOKEN = ""
# How many messages may take each way in a minute, all processes together, by lane and
# channel (notifications.outbox.circuits); a way that is not named has no limit.
MOST_A_MINUTE: dict[str, int] = {}
WAYS_OUT = ["urgent_mail", "urgent_sms", "desk_mail", "bulk_mail"]
SMS_BACKEND = ""
# What notifications.channels.sms_http.HttpGateway asks, and what its answers mean.
SMS_HTTP: dict[str, Any] = {}
# The mailbox that mails come back to (notifications.bounces.mailbox.Account), and the
# mail service that calls when one did (notifications.bounces.webhook.SERVICES).
BOUNCE_MAILBOX: dict[str, Any] = {}
BOUNCE_WEBHOOK = ""
# The keys of its calls.
ANYMAIL: dict[str, str] = {}
# Mail 90 and 30 days before a key ends. Holding an address for ten years for this
# alone needs a legal ground (docs/domain.md#what-is-kept-and-how-long): the officer may
# switch it off.
KEY_EXPIRY_REMINDERS = True

# No mail reaches example.org: where somebody types such a name it is a slip. Demos and
# tests write to reserved names only, and switch it off.
REFUSE_RESERVED_MAIL_DOMAINS = True
# The accounts of the export (docs/domain.md#the-export): likely classes, for the
# financial director to put right.
EXPORT_ACCOUNTS = {
    "income": "70",
    "cash": "57",
    "transfers": "58",
    "difference": "64",
    "policy_field": "0130",
}

# Public keys of age: whoever has one of the secret halves opens a backup, nobody else.
BACKUP_RECIPIENTS: list[str] = []
# Where pg_dump and pg_restore are; empty: on the PATH.
POSTGRES_PROGRAMS = ""

LOGGING = logging_settings()
tell_how_it_ended()
