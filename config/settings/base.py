"""Settings that every environment shares. Nothing here is an insecure default: whatever
differs between a desk and a demo comes from `dev`, `test` or `production`.
"""

from pathlib import Path
from typing import Any, Final

import bootstrap_wrapper
from django.utils.translation import gettext_lazy as _

from config.logs import LOGGING_CONFIG as LOGGING_CONFIG
from config.logs import log_uncaught_errors, logging_settings
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
    "django.contrib.humanize",  # for small numbers in words, in each language
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
    # It must come before any middleware that answers instead of a view, because the
    # lock screen needs what it sets.
    "django_htmx.middleware.HtmxMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "counter.web.middleware.fits",
    "counter.crypto.old_ring.OldRing",
    "activation.web.middleware.mangled_links",
    "django.middleware.common.CommonMiddleware",
    "activation.web.middleware.applicant_pages",
    "django.middleware.csrf.CsrfViewMiddleware",
    "config.web.few_fields.FewFields",
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
# The pack is in templates/forms/; the layout of a form is written in Python
# (counter.web.form_layout).
CRISPY_ALLOWED_TEMPLATE_PACKS = ("forms",)
CRISPY_TEMPLATE_PACK = "forms"
CRISPY_FAIL_SILENTLY = False

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People

AUTH_USER_MODEL = "counter.Clerk"
AUTHENTICATION_BACKENDS = ["counter.sign_in.auth_backend.StaffBackend"]
LOGIN_URL = "counter_sign_in:sign_in"
# The names of public addresses begin with these; those with a language are public too.
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
# OWASP's parameters: 22 ms and 19 MiB a hash, instead of Django's 128 ms and 100 MiB.
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
# If a supervisor writes www.leuven.be, it becomes a link with https.
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
# The value for staff; counter.web.cookie_jars makes it Lax on pages of the public.
SESSION_COOKIE_SAMESITE = "Strict"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# One hour longer than anybody stays signed in (counter.sign_in.single_session): a form
# that comes too late still belongs to an account, and can be kept.
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
    """An entry of Django's MAILERS, with a time limit; Django has none by default.

    The answer to a text has a limit of its own (notifications.outbox.waiting_room).
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


# Celery only starts work that is stored in PostgreSQL: no results, no own retries.

CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = False
CELERY_TASK_TIME_LIMIT = 300
CELERY_TIMEZONE = TIME_ZONE
CELERY_BEAT_SCHEDULER = "config.beat:Scheduler"
# Longest pause of beat's loop in seconds; it writes its heartbeat between two tasks
# too.
CELERY_BEAT_MAX_LOOP_INTERVAL = 15
# How often each process writes its heartbeat: several times before it counts as
# missing.
HEARTBEAT_SECONDS = 20.0
# A wake-up that cannot be sent must not cost a clerk a second: a regular task finds the
# row.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 1,
    "socket_timeout": 5,
    "visibility_timeout": 3600,
}

# Limits for forms: they contain what a person types, never a file.

DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
# In the admin, where a page has all fields of each row under it: an office has four for
# each closing day and five for each text. Elsewhere config.web.few_fields allows fewer.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000

# How many proxies are in front. Each appends the address of its client to
# X-Forwarded-For, so the visitor's address is this many from the end. Addresses before
# it were written by the visitor and are not trusted.
PROXIES = 0
# X-Forwarded-For, or Forwarded (RFC 7239): the one header that the proxies write.
PROXY_HEADER = "X-Forwarded-For"

# The product's own parameters (docs/security.md).

# Whether staff type six digits of an app after the password
# (counter.sign_in.sign_in_app).
STAFF_SECOND_FACTOR = True
# The city's own sign-on for staff, if it has one (counter.city_sign_on.provider).
CITY_SIGN_ON: dict[str, Any] = {}
# Only these user names may sign in with a password; empty: everybody may.
PASSWORD_SIGN_IN_ONLY_FOR: list[str] = []
# How many threads of a process may check passwords of people who are not signed in at
# the same time (counter.sign_in.hashing_places), of those in config.server. A flood of
# requests to one sign-in page leaves one place of `anybody` for the other page.
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
# The processes without whose heartbeat /readyz reports a trouble
# (notifications.enums.Part).
EXPECTED_PARTS = ["worker", "beat", "deliver"]
# A request with this token gets all that /readyz knows; if it is empty, nobody does.
READYZ_TOKEN = ""
# How many messages a minute all processes together may send, by lane and channel
# (notifications.outbox.circuits); a name that is left out has no limit.
MOST_A_MINUTE: dict[str, int] = {}
WAYS_OUT = ["urgent_mail", "urgent_sms", "desk_mail", "bulk_mail"]
SMS_BACKEND = ""
# The requests of notifications.channels.sms_http.HttpGateway, and what answers mean.
SMS_HTTP: dict[str, Any] = {}
# The mailbox that receives bounces (notifications.bounces.mailbox.Account), and the
# mail service that reports bounces (notifications.bounces.webhook.SERVICES).
BOUNCE_MAILBOX: dict[str, Any] = {}
BOUNCE_WEBHOOK = ""
# The key that proves that a call comes from the mail service, under anymail's name.
ANYMAIL: dict[str, str] = {}
# Whether to mail 90 and 30 days before a key ends. To keep an address for ten years
# only for this needs a legal ground (docs/domain.md#what-is-kept-and-how-long): the
# officer may switch it off.
KEY_EXPIRY_REMINDERS = True

# Refuse addresses in reserved domains: no mail reaches example.org, so it is a mistake.
# Demos and tests use only such names, and switch this off.
REFUSE_RESERVED_MAIL_DOMAINS = True
# The accounts of the export (docs/domain.md#the-export): likely ones, which the
# financial director corrects.
EXPORT_ACCOUNTS = {
    "income": "70",
    "cash": "57",
    "transfers": "58",
    "difference": "64",
    "policy_field": "0130",
}

# Public keys of age: only those with one of the secret keys can open a backup.
BACKUP_RECIPIENTS: list[str] = []
# The folder of pg_dump and pg_restore; empty: they are on the PATH.
POSTGRES_PROGRAMS = ""

LOGGING = logging_settings()
log_uncaught_errors()
