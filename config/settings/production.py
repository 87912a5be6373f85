"""Settings for servers. Every secret and address comes from the environment. Nothing
has a default that is suitable only for a demo, and config.checks refuses demo values.
"""

from config import checks, environment
from config.settings import bounces, city_sign_on, error_reports
from config.settings.base import *
from config.settings.base import (
    CELERY_BEAT_SCHEDULE,
    EXPECTED_PARTS,
    EXPORT_ACCOUNTS,
    WAYS_OUT,
    mailer,
)
from config.settings.schedule import READ_BOUNCES

environment.collect()

DEBUG = environment.boolean("DEBUG", default=False)
SECRET_KEY = environment.text("SECRET_KEY")
DERIVATION_KEYS = environment.keys("DERIVATION_KEYS")
ENCRYPTION_KEYS = environment.keys("ENCRYPTION_KEYS")
INDEX_KEYS = environment.keys("INDEX_KEYS")
SEAL_KEYS = environment.keys("SEAL_KEYS")
DATA_PROTECTION_EMAIL = environment.mail_address("DATA_PROTECTION_EMAIL")

ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS")
SITE_URL = environment.text("SITE_URL")
CSRF_TRUSTED_ORIGINS = [SITE_URL]

DATABASES = {
    "default": {
        **environment.database("DATABASE_URL"),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }
}
CELERY_BROKER_URL = environment.text("REDIS_URL")

# STARTTLS by default; SMTP_SECURITY=ssl is TLS from the first byte. Plain is only
# for a relay on the same host or in the same pod network, and must be asked for.
_SECURITY = environment.choice(
    "SMTP_SECURITY", {"starttls", "ssl", "plain"}, "starttls"
)
MAILERS = {
    "default": mailer(
        host=environment.text("SMTP_HOST"),
        port=environment.port("SMTP_PORT", 587),
        username=environment.text("SMTP_USER", ""),
        password=environment.text("SMTP_PASSWORD", ""),
        use_tls=_SECURITY == "starttls",
        use_ssl=_SECURITY == "ssl",
    )
}
DEFAULT_FROM_EMAIL = environment.mail_address("DEFAULT_FROM_EMAIL")
EXPECTED_PARTS = environment.some_of("EXPECTED_PARTS", EXPECTED_PARTS)
READYZ_TOKEN = environment.text("READYZ_TOKEN", "")
METRICS_TOKEN = environment.text("METRICS_TOKEN", "")
OPERATOR_EMAIL = environment.mail_address("OPERATOR_EMAIL", "")
BACKUP_MAX_HOURS = environment.integer("BACKUP_MAX_HOURS", 26)
BACKUP_DAYS = environment.integer("BACKUP_DAYS", 35)
DISK_PATHS = environment.words("DISK_PATHS", "/")
DISK_FREE_PERCENT = environment.integer("DISK_FREE_PERCENT", 10)
TLS_CERTIFICATE = environment.text("TLS_CERTIFICATE", "")
CERTIFICATE_DAYS = environment.integer("CERTIFICATE_DAYS", 21)
SMS_BACKEND = environment.text("SMS_BACKEND", "")
SMS_HTTP = {
    "url": environment.text("SMS_URL", ""),
    "method": environment.choice("SMS_METHOD", {"GET", "POST", "PUT"}, "POST"),
    "headers": environment.headers("SMS_HEADERS"),
    "body": environment.text("SMS_BODY", ""),
    "success_status": environment.statuses("SMS_SUCCESS_STATUS", "200-299"),
    "success_body": environment.pattern("SMS_SUCCESS_BODY"),
    "refused_body": environment.pattern("SMS_REFUSED_BODY"),
}
BOUNCE_MAILBOX = bounces.mailbox_from_environment()
if BOUNCE_MAILBOX:
    CELERY_BEAT_SCHEDULE |= READ_BOUNCES
BOUNCE_WEBHOOK, ANYMAIL = bounces.webhook_from_environment()
KEY_EXPIRY_REMINDERS = environment.boolean("KEY_EXPIRY_REMINDERS", default=True)

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.StaticFiles"},
}

SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
PROXIES = environment.integer("PROXIES", 1)
PROXY_HEADER = environment.choice(
    "PROXY_HEADER", {"X-Forwarded-For", "Forwarded"}, "X-Forwarded-For"
)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_SECURE = True

# Read only to refuse it: whoever switches it off is told so at the start.
STAFF_SECOND_FACTOR = environment.boolean("STAFF_SECOND_FACTOR", default=True)

BACKUP_RECIPIENTS = environment.words("BACKUP_RECIPIENTS", "")
POSTGRES_PROGRAMS = environment.text("POSTGRES_PROGRAMS", "")

CITY_SIGN_ON = city_sign_on.from_environment()
PASSWORD_SIGN_IN_ONLY_FOR = environment.words("PASSWORD_SIGN_IN_ONLY_FOR", "")

SENTRY_DSN = environment.text("SENTRY_DSN", "")

MOST_A_MINUTE = environment.counts("MOST_A_MINUTE", WAYS_OUT)
EXPORT_ACCOUNTS = EXPORT_ACCOUNTS | environment.pairs(
    "EXPORT_ACCOUNTS", set(EXPORT_ACCOUNTS)
)

checks.refuse(globals(), environment.mistakes())

error_reports.start(SENTRY_DSN)
