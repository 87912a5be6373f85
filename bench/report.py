"""What a run says at its end: the table, what differs, and what it keeps of it."""

import datetime
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bench.compare import Row, as_lines, differences, last_kept, merged
from bench.measure import machine, table
from localrun.lock import HOME, ROOT

KEPT: Final = HOME / "bench"
#: The ratios that a change is compared with, wherever it runs.
BASELINE: Final = Path(__file__).with_name("baseline.json")


def report(
    results: Mapping[str, list[Row] | None],
    *,
    large: bool = False,
    kept: Path = KEPT,
    baseline: Path = BASELINE,
) -> int:
    """Print table and differences, keep the JSON; 1 when something is missing."""
    figures = [row for rows in results.values() if rows is not None for row in rows]
    missing = [name for name, rows in results.items() if rows is None]
    figures.sort(key=lambda row: row["number"])
    print(f"\n{table(figures)}\n")
    for row in figures:
        if lines := row["values"].get("table"):
            print("\n".join(lines), end="\n\n")
    print("\n".join(compared(figures, large=large, kept=kept, baseline=baseline)))
    now = datetime.datetime.now().astimezone()
    file = kept / f"{now:%Y%m%dT%H%M%S}.json"
    kept.mkdir(parents=True, exist_ok=True)
    content = {
        "at": now.isoformat(timespec="seconds"),
        "machine": machine(),
        "large": large,
        "figures": figures,
        "not_measured": missing,
    }
    file.write_text(json.dumps(content, indent=1))
    print(f"\nKept in {file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}")
    if missing:
        print(f"Not measured: {', '.join(missing)}")
    return 1 if missing else 0


def compared(
    figures: list[Row], *, large: bool, kept: Path, baseline: Path
) -> list[str]:
    """Lines about what differs from the last run, and from the baseline.

    The baseline is of plain runs; a large one has other pages and more rows.
    """
    last = last_kept(kept, figures, large=large)
    lines = as_lines(differences(figures, last), "Than when last measured here")
    if large:
        return lines
    ratios = json.loads(baseline.read_text())["figures"]
    return lines + as_lines(differences(figures, ratios), "Than the baseline")


def keep_baseline(
    results: Mapping[str, list[Row] | None], *, baseline: Path = BASELINE
) -> None:
    """Put this run's ratios into the committed file."""
    figures = [row for rows in results.values() if rows is not None for row in rows]
    content = json.loads(baseline.read_text())
    content["figures"] = merged(content["figures"], figures)
    baseline.write_text(f"{json.dumps(content, indent=1)}\n")
    print(f"Wrote {baseline.name}")
