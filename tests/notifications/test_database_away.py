"""Commands that somebody starts while PostgreSQL is away say that nothing was done."""

import os
import subprocess
import sys
import uuid
from pathlib import Path

from notifications.models import Delivery
from tests.notifications.bounces.test_noting import report

ROOT = Path(__file__).parents[2]


def run(*words: str, typed: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env={
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "config.settings.test",
            "DATABASE_URL": "postgresql://nobody:none@127.0.0.1:1/none",
        },
        input=typed,
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_a_report_that_is_piped_in_stays_with_the_mail_server() -> None:
    """A mail server tries again after this exit code; any other loses the report."""
    ours = Delivery(pk=uuid.uuid4()).message_id
    ended = run("take_bounce", typed=report(ours))
    assert ended.returncode == os.EX_TEMPFAIL
    assert b"Traceback" not in ended.stderr


def test_a_pass_that_is_made_once_fails() -> None:
    ended = run("deliver", "--once")
    assert ended.returncode == 1
    assert b"The database is away" in ended.stderr
    assert b"Traceback" not in ended.stderr
