"""What a log line may say about a failure."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FAILING = """
import logging, logging.config, sys
import structlog
from config.logs import logging_settings
logging.config.dictConfig(logging_settings())
def read():
    return int("85073003328x")
try:
    try:
        read()
    except ValueError as error:
        raise LookupError("Key (email)=(peter@example.org) exists") from error
except LookupError:
    logging.getLogger("django.request").exception("failed")
    structlog.get_logger("ours").exception("failed too")
"""


def test_a_failure_names_the_code_and_no_value() -> None:
    log = subprocess.run(
        [sys.executable, "-c", FAILING],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stderr
    first, second = log.strip().splitlines()
    for line in (first, second):
        assert "ValueError" in line
        assert "LookupError" in line
        assert " read" in line
        assert "85073003328" not in line
        assert "peter" not in line


FAILING_TASK = """
import logging.config
from celery import Celery
from config.logs import logging_settings
app = Celery("logs", set_as_current=False)
app.conf.update(worker_hijack_root_logger=False)
@app.task
def lapse():
    raise LookupError("Key (email)=(peter@example.org) exists")
logging.config.dictConfig(logging_settings())
lapse.apply()
"""


def test_a_task_that_fails_names_the_code_and_no_value() -> None:
    log = subprocess.run(
        [sys.executable, "-c", FAILING_TASK],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stderr
    assert "raised unexpected: LookupError" in log
    assert " lapse" in log
    assert "peter" not in log


WHO_HAS_GONE = """
import logging, logging.config
from config.logs import logging_settings
logging.config.dictConfig(logging_settings())
path = "/nl/a/planted-token"
waitress = logging.getLogger("waitress")
waitress.info("Client disconnected while serving %s" % path)
try:
    raise LookupError(path)
except LookupError:
    waitress.exception("Exception while serving %s" % path)
"""


def test_the_web_server_names_no_path() -> None:
    log = subprocess.run(
        [sys.executable, "-c", WHO_HAS_GONE],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    ).stderr
    assert "Client disconnected" in log
    assert "LookupError" in log
    assert "planted" not in log


ENDING = """
import django, sys, threading
django.setup()
from django.core.management.base import BaseCommand
class Command(BaseCommand):
    requires_system_checks = ()
    def handle(self, **options):
        raise LookupError("Key (email)=(peter@example.org) exists")
class Careless:
    def __del__(self):
        raise KeyError("peter@example.org")
def run():
    raise ValueError("85073003328")
thread = threading.Thread(target=run, name="beside")
thread.start()
thread.join()
del thread
Careless()
Command().run_from_argv(["manage.py", "ends"])
"""


def test_a_process_that_ends_by_an_error_says_so_in_one_line_of_the_form() -> None:
    """Also when a thread ends by an error, and for an error that no caller gets."""
    ended = subprocess.run(
        [sys.executable, "-c", ENDING],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    lines = [json.loads(line) for line in ended.stderr.splitlines()]
    assert [line["event"] for line in lines] == [
        "thread_ended",
        "error_of_no_caller",
        "process_ended",
    ]
    assert lines[0]["thread"] == "beside"
    assert lines[2]["exception"][0] == "LookupError"
    assert any(" handle" in place for place in lines[2]["exception"])
    for value in ("peter", "85073003328", "Traceback"):
        assert value not in ended.stderr


# The hook's own module holds the object, so Python throws the object away when the
# hook's own names are gone.
FAILING_AT_THE_VERY_END = """
import config.settings.test
import config.logs
class Late:
    def __del__(self):
        raise LookupError("late")
config.logs.late = Late()
"""


def test_what_fails_while_python_ends_is_told_once_and_not_as_a_fault_of_ours() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", FAILING_AT_THE_VERY_END],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.test"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 0
    assert "LookupError: late" in ended.stderr
    assert "AttributeError" not in ended.stderr


def test_settings_that_are_refused_are_told_in_one_line_with_our_sentence() -> None:
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings.production"}
    del env["DATABASE_URL"]
    ended = subprocess.run(
        [sys.executable, "manage.py", "deliver", "--once"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    [line] = [json.loads(line) for line in ended.stderr.splitlines()]
    assert (line["event"], line["level"]) == ("process_ended", "critical")
    assert "DATABASE_URL is missing" in line["told"]


def test_at_a_terminal_python_s_own_words_stay() -> None:
    ours, terminal = pty.openpty()
    failing = "import config.settings.test; raise LookupError('what was typed')"
    ended = subprocess.run(
        [sys.executable, "-c", failing],
        cwd=ROOT,
        env={**os.environ, "NO_COLOR": "1"},
        stderr=terminal,
        timeout=60,
        check=False,
    )
    os.close(terminal)
    shown = os.read(ours, 1 << 16).decode()
    os.close(ours)
    assert ended.returncode == 1
    assert "Traceback" in shown
    assert "LookupError: what was typed" in shown
