"""Settings for tests: those of the embedded run, with addresses of services for each
run.
"""

from pathlib import Path
from typing import cast

from config import environment
from config.settings.dev import *
from config.settings.dev import DATABASES, PASSWORD_PLACES

TESTING = True
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "testserver"]
DEMO_INBOX = Path(environment.text("DEMO_INBOX", "/nonexistent/demo-inbox"))

# A live server's threads each open a connection; none may outlive its request.
DATABASES["default"]["CONN_MAX_AGE"] = 0
# Many threads connect at once, and a busy machine fails no test.
cast("dict[str, str]", DATABASES["default"]["OPTIONS"])["connect_timeout"] = "60"

WHITENOISE_AUTOREFRESH = True

# No worker, beat or loop runs beside most tests.
EXPECTED_PARTS = []
# If one does, a test waits for its heartbeat, so they come often.
HEARTBEAT_SECONDS = 1.0
CELERY_BEAT_MAX_LOOP_INTERVAL = 1
READYZ_TOKEN = "the-token-of-the-tests"  # noqa: S105

# The product's hasher with less work; its parameters have a test of their own.
PASSWORD_HASHERS = ["tests.hashers.QuickArgon2"]

# Tests start more checks at the same instant than the threads of a process could.
PASSWORD_PLACES = dict.fromkeys(PASSWORD_PLACES, 64)

# Tests of the second factor switch it on.
STAFF_SECOND_FACTOR = False
REFUSE_RESERVED_MAIL_DOMAINS = False
