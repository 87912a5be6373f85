"""`make bench`, and with it `ONLY=slip,visit`, `QUICK=1`, `LARGE=1` or `BASELINE=1`.

Starts PostgreSQL and Valkey in a directory that is gone afterwards, measures one
figure after the other, prints a table, says which ratios differ from the last run and
from the committed baseline (bench/compare.py), and keeps all of it as JSON in
`.local/bench/`. Exits with 1 when a figure could not be measured; a missed target or a
slower figure is a word there, not a failure, because a busy machine is not one either.
"""

import argparse
import signal
import sys
import tempfile
import time
from pathlib import Path
from types import FrameType

from bench.report import keep_baseline, report
from bench.running import FIGURES, LONG, QUICK, QUICK_SECONDS, Bench
from config.translations import compile_translations
from localrun.processes import ServiceError
from localrun.servers.services import Postgres, Valkey


def main() -> int:
    options = _options()
    signal.signal(signal.SIGTERM, _terminated)
    until = time.monotonic() + QUICK_SECONDS if options.quick else None
    compile_translations()
    with tempfile.TemporaryDirectory(prefix="sleutelloket-bench-") as directory:
        home = Path(directory)
        try:
            # Durable, as an office's is: a commit waits for the disk on both sides.
            with Postgres(home) as database, Valkey(home) as broker:
                # As superuser: archives are written with triggers off.
                address = database.superuser_url
                bench = Bench(home, address, broker.url, large=options.large)
                bench.migrate()
                results = {
                    name: bench.measure(name, until=until) for name in options.only
                }
        except ServiceError as error:
            print(error, file=sys.stderr)
            return 1
    if options.baseline:
        keep_baseline(results)
    return report(results, large=options.large)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Measure the figures of the product.")
    parser.add_argument("--only", help="slip,visit")
    parser.add_argument("--quick", action="store_true", help="the short ones, in time")
    parser.add_argument("--large", action="store_true", help="a million rows")
    parser.add_argument(
        "--baseline",
        action="store_true",
        help="write the ratios to bench/baseline.json",
    )
    options = parser.parse_args()
    chosen = QUICK if options.quick else tuple(n for n in FIGURES if n not in LONG)
    if options.only is not None:
        chosen = tuple(name.strip() for name in options.only.split(","))
    options.only = chosen
    if unknown := set(chosen) - set(FIGURES):
        parser.error(f"no figure {', '.join(sorted(unknown))} in {', '.join(FIGURES)}")
    if options.baseline and options.large:
        parser.error("the baseline is of plain runs")
    return options


def _terminated(_number: int, _frame: FrameType | None) -> None:
    """Leave through the `with` blocks, so that every part is stopped."""
    raise SystemExit(143)


if __name__ == "__main__":
    sys.exit(main())
