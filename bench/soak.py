"""The long tests at full size: `make soak`.

Each file runs in a process of its own, two at a time, and writes its log lines into
`.local/soak/`, so that memory and screen stay small. What has passed on this code is
not run again: a run that was stopped goes on. After two hours no more is begun, and
what is under way is ended; `MINUTES` says otherwise, and Ctrl-C does it at once. Each
file's result, time, memory and printed figures go into docs/reliability.md, below the
line that says so. A file that passed on another commit and did not end on this one
keeps its line, with that commit.
"""

import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from threading import Lock
from types import FrameType
from typing import Final

import psutil

from bench.soak_page import MARK, Result, figures_in, page, passed_in

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / ".local" / "soak"
PAGE = ROOT / "docs" / "reliability.md"
#: Files with two sizes, or with the browser's pages, which have them too.
SIZED: Final = re.compile("from tests.size import|pages.looking import")
GRACE_SECONDS: Final = 30.0


def files() -> list[str]:
    """The test files of two sizes."""
    every = sorted((ROOT / "tests").rglob("test_*.py"))
    sized = (path for path in every if SIZED.search(path.read_text()))
    return [str(path.relative_to(ROOT)) for path in sized]


def state_of_the_code() -> str:
    """The commit, and a digest of what differs from it."""
    return f"{_git('rev-parse', '--short=12', 'HEAD')}{_changes()}"


def _changes() -> str:
    changed = _git("diff", "HEAD", "--", ".", ":!docs") + _git("status", "--porcelain")
    elsewhere = [line for line in changed.splitlines() if "docs/" not in line]
    if not elsewhere:
        return ""
    return f"+{hashlib.sha256(changed.encode()).hexdigest()[:8]}"


def _git(*words: str) -> str:
    run = subprocess.run(
        ["git", *words],  # noqa: S607
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout.strip()


class Soak:
    """One run; `passed` are the results of this code that are kept."""

    def __init__(self, *, code: str, until: float) -> None:
        self.code, self.until = code, until
        self.why_ending = "no time left"
        self.home = KEPT / code
        self.home.mkdir(parents=True, exist_ok=True)
        self.results: dict[str, Result] = {}
        self.lock = Lock()
        for path in self.home.glob("*.json"):
            result = Result(**json.loads(path.read_text()))
            if result.has_passed:
                self.results[result.name] = result

    def with_older(self) -> list[Result]:
        """Results of this code, and of what did not end on it the page's lines."""
        passed = {line.name: line for line in passed_on_the_page()}
        ended = {
            name: result for name, result in self.results.items() if result.has_ended
        }
        return list({**self.results, **passed, **ended}.values())

    def stop(self, _number: int, _frame: FrameType | None) -> None:
        """On Ctrl-C and SIGTERM: begin nothing more, and end what is under way."""
        self.until, self.why_ending = time.monotonic(), "stopped"

    def run(self, names: list[str], *, jobs: int) -> None:
        left = [name for name in names if name not in self.results]
        if len(left) < len(names):
            print(f"{len(names) - len(left)} passed before on {self.code}.")
        with ThreadPoolExecutor(jobs) as at_once:
            for number, name in enumerate(left, len(names) - len(left) + 1):
                at_once.submit(self._one, name, f"{number}/{len(names)}")

    def _one(self, name: str, place: str) -> None:
        if time.monotonic() >= self.until:
            result = Result(name, f"not run: {self.why_ending}", 0, 0, [], self.code)
        else:
            print(f"{place} {name} begins", flush=True)
            result = self._ran(name)
        self.keep(result)
        summary = f"{result.outcome}, {result.seconds} s, {result.mebibytes} MiB"
        print(f"{place} {name}: {summary}", flush=True)
        for figure in result.figures:
            print(f"    {figure}", flush=True)

    def keep(self, result: Result) -> None:
        with self.lock:
            self.results[result.name] = result
        path = self.home / f"{_short(result.name)}.json"
        path.write_text(json.dumps(asdict(result)))

    def _ran(self, name: str) -> Result:
        began, peak = time.monotonic(), 0
        out, log = (self.home / f"{_short(name)}.{end}" for end in ("out", "log"))
        words = [sys.executable, "-m", "pytest", "-n", "0", "-q", "-s", name]
        with out.open("wb") as output, log.open("wb") as logged:
            child = subprocess.Popen(
                [*words, "-p", "no:cacheprovider"],
                env=os.environ | {"SOAK": "1"},
                cwd=ROOT,
                stdout=output,
                stderr=logged,
                start_new_session=True,
            )
            while child.poll() is None and time.monotonic() < self.until:
                peak = max(peak, _bytes_of(child.pid))
                time.sleep(1)
            is_cut = child.poll() is None
            if is_cut:
                _end(child)
        outcome = "passed" if child.returncode == 0 else f"failed: {out}"
        return Result(
            name=name,
            outcome=f"cut off: {self.why_ending}" if is_cut else outcome,
            seconds=round(time.monotonic() - began),
            mebibytes=peak >> 20,
            figures=figures_in(out.read_text(errors="replace")),
            code=self.code,
        )


def _end(child: subprocess.Popen[bytes]) -> None:
    """SIGTERM, by which the tests stop their servers; then its session is killed."""
    child.terminate()
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()


def _bytes_of(pid: int) -> int:
    """The memory of this process, without those that it has started."""
    try:
        return int(psutil.Process(pid).memory_info().rss)
    except psutil.Error:
        return 0


def _short(name: str) -> str:
    return name.removeprefix("tests/").removesuffix(".py").replace("/", "-")


def passed_on_the_page() -> list[Result]:
    """The lines of the page about files that are still there."""
    lines = passed_in(PAGE.read_text())
    return [line for line in lines if (ROOT / line.name).exists()]


def in_order(names: Iterable[str]) -> list[str]:
    """First what the page does not say has passed: there may be no time for more."""
    known = {line.name for line in passed_on_the_page()}
    return sorted(names, key=lambda name: (name in known, name))


def main() -> int:
    """Run what is named, or everything; 0 when all of it has passed."""
    names = in_order(sys.argv[1:] or files())
    minutes = float(os.environ.get("MINUTES", "120"))
    code = state_of_the_code()
    soak = Soak(code=code, until=time.monotonic() + minutes * 60)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, soak.stop)
    soak.run(names, jobs=int(os.environ.get("JOBS", "2")))
    before = PAGE.read_text().partition(MARK)[0]
    PAGE.write_text(before + page(soak.with_older(), code=code))
    bad = [name for name in names if not soak.results[name].has_passed]
    print(f"{len(names) - len(bad)} of {len(names)} passed.", *bad, sep="\n  ")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
