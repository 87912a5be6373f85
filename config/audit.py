"""Check the pinned requirements for known vulnerabilities: `python -m config.audit`.

It runs pip-audit, which asks PyPI's own database. Where that cannot be reached (a
closed network, a mirror without it) vulnerabilities stay unknown; then the age of each
pin is checked instead, which is how long ago its line was written.
"""

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

ROOT: Final = Path(__file__).resolve().parent.parent
FILE: Final = "requirements/test.txt"  # has all pins of the others
#: A pin that is this old and could not be audited has to be renewed (`make pins`).
OLDEST: Final = datetime.timedelta(days=180)


class AuditError(Exception):
    """The audit could not be made; the text says why."""


@dataclass(frozen=True)
class Report:
    """What pip-audit found: one sentence for each vulnerability, and the packages that
    it does not know.
    """

    holes: list[str]
    unknown: frozenset[str]


def ask(command: list[str]) -> Report:
    """Run pip-audit; raises AuditError if its answer cannot be parsed."""
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        answer = json.loads(ended.stdout)["dependencies"]
        return read(answer)
    except (ValueError, KeyError, TypeError):
        last = (ended.stderr.strip() or "it said nothing").splitlines()[-1]
        raise AuditError(f"pip-audit gave no answer: {last}") from None


def read(answer: list[dict[str, Any]]) -> Report:
    holes = [
        f"{one['name']} {one['version']}: {hole['id']}, mended in "
        f"{', '.join(hole['fix_versions']) or 'no version yet'}"
        for one in answer
        for hole in one.get("vulns", [])
    ]
    unknown = frozenset(one["name"] for one in answer if "skip_reason" in one)
    return Report(holes, unknown)


def written(blame: str) -> Iterator[tuple[str, datetime.datetime]]:
    """Each pin with the time of the commit that wrote its line.

    `blame` is what `git blame --line-porcelain` printed.
    """
    at = datetime.datetime.fromtimestamp(0, datetime.UTC)
    for line in blame.splitlines():
        if line.startswith("committer-time "):
            at = datetime.datetime.fromtimestamp(int(line.split()[1]), datetime.UTC)
        elif line.startswith("\t") and "==" in line and not line.startswith("\t "):
            yield line.strip().partition("==")[0], at


def too_old(
    blame: str, unknown: frozenset[str], *, now: datetime.datetime
) -> list[str]:
    """A sentence for each pin that nobody could audit and that is older than OLDEST."""
    return [
        f"{name}: pinned {(now - at).days} days ago and not audited since. `make pins`."
        for name, at in written(blame)
        if name in unknown and now - at > OLDEST
    ]


def main() -> int:
    pip_audit = [sys.executable, "-m", "pip_audit", "--requirement", FILE]
    pip_audit += ["--no-deps", "--disable-pip", "--progress-spinner", "off"]
    blame = ["git", "blame", "--line-porcelain", FILE]
    try:
        report = ask([*pip_audit, "--format", "json"])
    except AuditError as error:
        print(error)
        report = Report([], frozenset(_names()))
    wrong = list(report.holes)
    if report.unknown:
        blamed = subprocess.run(
            blame, cwd=ROOT, capture_output=True, text=True, check=False
        )
        if blamed.returncode != 0:
            print("This is no git checkout: the age of the pins is not known either.")
        now = datetime.datetime.now(datetime.UTC)
        wrong += too_old(blamed.stdout, report.unknown, now=now)
        print(
            f"{len(report.unknown)} pins could not be audited; their age was looked at."
        )
    for sentence in wrong:
        print(sentence)
    return 1 if wrong else 0


def _names() -> Iterator[str]:
    for line in (ROOT / FILE).read_text().splitlines():
        name, pinned, _version = line.partition("==")
        if pinned and not line.startswith((" ", "#")):
            yield name


if __name__ == "__main__":
    sys.exit(main())
