"""The audit of the requirements: what it says about a known hole and an old pin."""

import datetime
import sys
from typing import Any

import pytest

from config import audit

NOW = datetime.datetime(2026, 11, 28, tzinfo=datetime.UTC)
BLAME = """\
f9f4882a 1 1 2
author Els
committer-time {recent}
filename requirements/test.txt
\tdjango==6.1.3 \\
f9f4882a 2 2
committer-time {recent}
\t    --hash=sha256:9362660c
978dbac1 3 3
committer-time {early}
\tweasyprint==70.0 \\
""".format(
    recent=int((NOW - datetime.timedelta(days=3)).timestamp()),
    early=int((NOW - datetime.timedelta(days=200)).timestamp()),
)


def test_a_hole_is_named_with_what_mends_it() -> None:
    vulnerable = {"id": "PYSEC-2026-1", "fix_versions": ["6.1.4"]}
    answer: list[dict[str, Any]] = [
        {"name": "django", "version": "6.1.3", "vulns": [vulnerable]},
        {"name": "celery", "version": "5.7.0", "vulns": []},
        {"name": "weasyprint", "skip_reason": "not found"},
    ]
    audited = audit.read(answer)
    assert audited.holes == ["django 6.1.3: PYSEC-2026-1, mended in 6.1.4"]
    assert audited.unknown == {"weasyprint"}


def test_an_old_pin_that_nobody_audited_fails() -> None:
    names = frozenset({"django", "weasyprint"})
    (sentence,) = audit.too_old(BLAME, names, now=NOW)
    assert sentence.startswith("weasyprint: pinned 200 days ago")
    assert not audit.too_old(BLAME, frozenset({"django"}), now=NOW)


def test_no_answer_is_said() -> None:
    with pytest.raises(audit.AuditError, match="out of reach"):
        audit.ask([sys.executable, "-c", "raise SystemExit('out of reach')"])


def test_each_pin_of_the_file_has_its_name_and_its_time() -> None:
    names = list(audit._names())
    assert {"django", "celery", "psycopg"} <= set(names)
    assert len(names) == len(set(names)) > 90
