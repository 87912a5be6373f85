"""The table that `make soak` writes into docs/reliability.md, and reads again."""

import platform
import re
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import psutil

MARK: Final = "<!-- Below: written by make soak. -->\n"
#: pytest's own signs before a line that a test printed for people; an "s" before a
#: small letter belongs to the word.
SIGNS: Final = re.compile(r"^(?:[.xFE]|s(?=[.xFEA-Z0-9s]))*")
#: What is not a figure: a log line, one with its time, and what pytest says of itself.
NO_FIGURE: Final = re.compile(
    r"[{\[]|\d{4}-\d\d-\d\d |\d+ (?:passed|failed|skipped|error|rerun)\b"
)
#: A line of the page's table, and the commit that the page names above it.
LINE: Final = re.compile(
    r"^\| `(?P<name>[^`]+)` \| passed(?: on `(?P<code>[^`]+)`)?"
    r" \| (?P<seconds>\d+) \| (?P<mebibytes>\d+) \| (?P<figures>.*) \|$",
    re.MULTILINE,
)
COMMIT: Final = re.compile(r"; commit `([^`]+)`\.$", re.MULTILINE)
MOST_FIGURES: Final = 12


@dataclass(frozen=True)
class Result:
    """How one file went."""

    name: str
    outcome: str
    seconds: int
    mebibytes: int
    figures: list[str]
    code: str = ""

    @property
    def has_passed(self) -> bool:
        return self.outcome == "passed"

    @property
    def was_left_out(self) -> bool:
        return self.outcome.startswith("not run")

    @property
    def has_ended(self) -> bool:
        return self.outcome == "passed" or self.outcome.startswith("failed")


def figures_in(output: str) -> list[str]:
    """What the tests printed for people: lines with a figure, each of them once.

    What pytest prints after them about a failure is left out.
    """
    printed = output.partition("\n===")[0].splitlines()
    lines = (SIGNS.sub("", line).strip() for line in printed)
    figures = (
        line
        for line in lines
        if re.search(r"\d", line)
        and re.search("[A-Za-z]", line)
        and not NO_FIGURE.match(line)
    )
    return list(dict.fromkeys(figures))[:MOST_FIGURES]


def machine() -> str:
    """The machine in a sentence."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{psutil.cpu_count()} cores ({platform.machine()}), {memory:.0f} GiB memory,"
        f" {platform.system()} {platform.release().partition('-')[0]},"
        f" Python {platform.python_version()}"
    )


def page(results: Iterable[Result], *, code: str) -> str:
    """The part of docs/reliability.md that a run writes."""
    today = time.strftime("%d %B %Y", time.gmtime()).lstrip("0")
    every = sorted(results, key=lambda result: result.name)
    lines = [
        MARK,
        f"On {today}, {machine()}; commit `{code}`.",
        "",
        "| file | result | seconds | MiB | figures |",
        "|---|---|---|---|---|",
        *(_line(each, code) for each in every if not each.was_left_out),
    ]
    if left_out := [f"- `{each.name}`" for each in every if each.was_left_out]:
        lines += ["", "Not run:", "", *left_out]
    return "\n".join(lines) + "\n"


def _line(result: Result, code: str) -> str:
    outcome = result.outcome.partition(": /")[0]
    if result.code != code:
        outcome += f" on `{result.code}`"
    figures = "; ".join(result.figures).replace("|", "/")
    return (
        f"| `{result.name}` | {outcome} | {result.seconds} | {result.mebibytes}"
        f" | {figures} |"
    )


def passed_in(written: str) -> list[Result]:
    """The files that passed, as `page` has written them."""
    table = written.partition(MARK)[2]
    commit = COMMIT.search(table)
    above = commit[1] if commit else ""
    return [
        Result(
            name=line["name"],
            outcome="passed",
            seconds=int(line["seconds"]),
            mebibytes=int(line["mebibytes"]),
            figures=[each for each in line["figures"].split("; ") if each],
            code=line["code"] or above,
        )
        for line in LINE.finditer(table)
    ]
