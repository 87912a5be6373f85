"""The pages of bench/screens.py in lines, for the screen and for the docs."""

import statistics
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.screens import Archive


def table(archives: "list[Archive]") -> list[str]:
    """A line for each group of pages and size, and one for each page that is over."""
    heads = (
        *("pages", "visits", "how many", "median ms", "its CPU", "slowest ms"),
        *("slowest query ms", "most queries", "slowest page"),
    )
    lines = [_line(heads), _line("---" for _ in heads)]
    for group in dict.fromkeys(seen.page.group for seen in archives[-1].seen.values()):
        for archive in archives:
            seen = [
                page_seen
                for page_seen in archive.seen.values()
                if page_seen.page.group == group
            ]
            if not seen:
                continue
            slowest = max(seen, key=lambda page_seen: page_seen.wall)
            walls, cpus = (
                [page_seen.wall for page_seen in seen],
                [page_seen.cpu for page_seen in seen],
            )
            cells = (
                group,
                f"{archive.visits:,}",
                str(len(seen)),
                f"{statistics.median(walls) * 1000:.0f}",
                f"{statistics.median(cpus) * 1000:.0f}",
                f"{slowest.wall * 1000:.0f}",
                f"{max(page_seen.slowest[0] for page_seen in seen) * 1000:.1f}",
                str(max(page_seen.count for page_seen in seen)),
                slowest.page.name,
            )
            lines.append(_line(cells))
    return [*lines, "", *_over(archives[-1])]


def _over(archive: "Archive") -> list[str]:
    """The pages that take more than they may, those with the slowest query first."""
    heads = (
        *("over 50 ms a query or 100 ms of CPU", "slowest query ms"),
        *("its CPU", "the database's CPU"),
    )
    lines = [_line(heads), _line("---" for _ in heads)]
    over = [seen for seen in archive.seen.values() if seen.is_over]
    for seen in sorted(over, key=lambda one: -one.slowest[0]):
        seconds = (seen.slowest[0], seen.cpu, seen.of_database)
        lines.append(_line((seen.page.name, *(f"{s * 1000:.0f}" for s in seconds))))
    return lines


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
