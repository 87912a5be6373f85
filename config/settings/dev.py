"""The embedded run: `make run`. Demo secrets, demo accounts, a demo inbox.

`production` refuses every value that is here (config.checks).
"""

from pathlib import Path

from config import environment
from config.demo_secrets import DEMO_KEYS, DEMO_SECRET_KEY
from config.settings import city_sign_on
from config.settings.base import *
from config.settings.base import BASE_DIR, INSTALLED_APPS, mailer

# For `manage.py seed`.
INSTALLED_APPS = [*INSTALLED_APPS, "localrun"]

DEBUG = environment.boolean("DEBUG", default=False)
SECRET_KEY = DEMO_SECRET_KEY
DERIVATION_KEYS = environment.keys("DERIVATION_KEYS", DEMO_KEYS["derivation"])
ENCRYPTION_KEYS = environment.keys("ENCRYPTION_KEYS", DEMO_KEYS["encryption"])
INDEX_KEYS = environment.keys("INDEX_KEYS", DEMO_KEYS["index"])
SEAL_KEYS = environment.keys("SEAL_KEYS", DEMO_KEYS["seal"])
DATA_PROTECTION_EMAIL = environment.mail_address(
    "DATA_PROTECTION_EMAIL", "privacy@leuven.example"
)

ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
SITE_URL = environment.text("SITE_URL", "http://127.0.0.1:8000")

DATABASES = {"default": environment.database("DATABASE_URL")}
CELERY_BROKER_URL = environment.text("REDIS_URL")

MAILERS = {
    "default": mailer(
        host=environment.text("SMTP_HOST", "127.0.0.1"),
        port=environment.port("SMTP_PORT", 1025),
    )
}
DEFAULT_FROM_EMAIL = "Stadskantoor Leuven <noreply@sleutelloket.example>"

DEMO_INBOX = Path(environment.text("DEMO_INBOX", str(BASE_DIR / ".local")))
DEMO_ALLOWED = True
# By default the printed logins open the desk at once; if it is on, the first sign-in
# asks to set up an app.
STAFF_SECOND_FACTOR = environment.boolean("STAFF_SECOND_FACTOR", default=False)
# A random token for each run, which uses it to wait for its own processes.
READYZ_TOKEN = environment.text("READYZ_TOKEN", "")
OPERATOR_EMAIL = environment.mail_address("OPERATOR_EMAIL", "")
CITY_SIGN_ON = city_sign_on.from_environment()
PASSWORD_SIGN_IN_ONLY_FOR = environment.words("PASSWORD_SIGN_IN_ONLY_FOR", "")

BACKUP_RECIPIENTS = environment.words("BACKUP_RECIPIENTS", "")
POSTGRES_PROGRAMS = environment.text("POSTGRES_PROGRAMS", "")

SMS_BACKEND = "localrun.inbox.sms.DemoInbox"

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "config.static_files.PlainFiles"},
}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG

REFUSE_RESERVED_MAIL_DOMAINS = False
