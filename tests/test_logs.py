"""What a log line may say of a failure."""

import subprocess
import sys

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
