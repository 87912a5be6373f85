"""Comparing two runs of the benchmarks: which differences are named."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import compare
from bench.compare import Difference, Row, as_lines, differences
from bench.measure import Figure, Target, at_least, at_most
from bench.report import BASELINE, compared, report
from bench.running import FIGURES


def row(
    name: str,
    measured: float,
    target: Target | None = None,
    *,
    module: str = "slip",
) -> Row:
    figure = Figure(1, name, measured, target or at_most(3))
    return figure.as_json() | {"module": module}


def only(now: Row, before: Row) -> Difference:
    (difference,) = differences([now], [before])
    return difference


@pytest.mark.parametrize(
    ("now", "change"),
    [(2.31, "slower"), (2.29, "same"), (1.75, "same"), (1.73, "faster")],
)
def test_of_costs_more_is_worse(now: float, change: str) -> None:
    assert only(row("slip", now), row("slip", 2.0)).change == change


@pytest.mark.parametrize(
    ("now", "change"),
    [(0.34, "slower"), (0.35, "same"), (0.45, "same"), (0.47, "faster")],
)
def test_of_rates_less_is_worse(now: float, change: str) -> None:
    rate = at_least(0.5)
    assert only(row("mails", now, rate), row("mails", 0.4, rate)).change == change


def test_a_slower_figure_says_from_where_and_by_how_much() -> None:
    difference = only(row("slip, CPU", 9.0), row("slip, CPU", 7.5))
    assert str(difference) == "slip, CPU: slower, 7.50 -> 9.00 (+20%)"


def test_milliseconds_are_not_compared() -> None:
    unit = at_most(100, " ms")
    assert differences([row("page", 90, unit)], [row("page", 9, unit)]) == []
    no_target = Figure(14, "backup, seconds", 90).as_json() | {"module": "backups"}
    assert differences([no_target], [no_target | {"measured": 9}]) == []


def test_a_figure_that_is_new_is_told_and_not_compared() -> None:
    (difference,) = differences([row("wake-up", 1.2)], [])
    assert str(difference) == "wake-up: new"


def test_a_figure_that_is_gone_is_missed_where_its_module_was_measured() -> None:
    now = [row("a", 1.0, module="visit")]
    before = [
        row("a", 1.0, module="visit"),
        row("gone", 1.0, module="visit"),
        row("not asked for", 1.0, module="mails"),
    ]
    listed = differences(now, before)
    assert [str(one) for one in listed if one.change != "same"] == [
        "gone: not measured any more"
    ]


@pytest.mark.parametrize(
    "before", [at_least(3), at_most(3, " ms")], ids=["the better side", "the unit"]
)
def test_what_changed_its_unit_is_told_and_not_compared(before: Target) -> None:
    difference = only(row("sweep", 500.0), row("sweep", 5.0, before))
    assert difference.change == "another unit"
    assert str(difference) == "sweep: another unit, not compared"


def test_what_was_nothing_and_is_something_is_slower() -> None:
    lost = at_most(0)
    difference = only(row("lost", 4, lost), row("lost", 0, lost))
    assert (difference.change, str(difference)) == (
        "slower",
        "lost: slower, 0.00 -> 4.00",
    )
    assert only(row("lost", 0, lost), row("lost", 0, lost)).change == "same"
    assert only(row("lost", 0, lost), row("lost", 4, lost)).change == "faster"


def test_the_worst_comes_first() -> None:
    before = [row(name, 1.0) for name in ("better", "bad", "worst", "as before")]
    now = [
        row("better", 0.5),
        row("bad", 1.2),
        row("worst", 2.0),
        row("as before", 1.1),
        row("new", 1.0),
    ]
    lines = as_lines(differences(now, before), "Than before")
    assert lines == [
        "Than before: 4 ratios.",
        "  worst: slower, 1.00 -> 2.00 (+100%)",
        "  bad: slower, 1.00 -> 1.20 (+20%)",
        "  new: new",
        "  better: faster, 1.00 -> 0.50 (-50%)",
    ]


def test_nothing_differs_is_a_line_too() -> None:
    same = [row("a", 1.0), row("b", 2.0)]
    assert as_lines(differences(same, same), "Than before") == [
        "Than before: 2 ratios, none differs by over 15%."
    ]
    assert as_lines([], "Than before") == ["Than before: no ratio to compare."]


def keep(directory: Path, name: str, **content: Any) -> None:
    (directory / f"{name}.json").write_text(json.dumps(content))


def test_each_module_is_compared_with_its_newest_run(tmp_path: Path) -> None:
    slip, visit = row("slip", 1.0), row("visit", 1.0, module="visit")
    keep(tmp_path, "20260101T000000", large=False, figures=[slip, visit])
    newer = slip | {"measured": 2.0}
    keep(tmp_path, "20260102T000000", large=False, figures=[newer])
    keep(tmp_path, "20260103T000000", large=True, figures=[slip | {"measured": 9.0}])
    # An old run, which does not say whether it was large, is left out.
    keep(tmp_path, "20260104T000000", figures=[slip])
    last = compare.last_kept(tmp_path, [slip, visit], large=False)
    assert sorted(last, key=lambda one: str(one["name"])) == [newer, visit]
    (large,) = compare.last_kept(tmp_path, [slip], large=True)
    assert large["measured"] == 9.0


def test_the_baseline_keeps_the_ratios_of_other_modules() -> None:
    kept = [row("slip", 1.0), row("old name", 1.0), row("v", 1.0, module="visit")]
    now = [row("slip", 1.23456), row("page", 80.0, at_most(100, " ms"))]
    assert [(one["name"], one["measured"]) for one in compare.merged(kept, now)] == [
        ("slip", 1.235),
        ("v", 1.0),
    ]


def test_a_run_is_compared_with_both_and_then_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    baseline = tmp_path / "baseline.json"
    baseline.write_text(json.dumps({"figures": [row("slip", 2.0)]}))
    kept = tmp_path / "kept"
    first = {"slip": [row("slip", 2.0)], "visit": None}
    assert report(first, kept=kept, baseline=baseline) == 1
    out = capsys.readouterr().out
    assert "Than when last measured here: 0 ratios.\n  slip: new" in out
    assert "Than the baseline: 1 ratios, none differs by over 15%." in out
    assert "Not measured: visit" in out
    (file,) = kept.iterdir()
    file.rename(kept / "20260101T000000.json")
    again = {"slip": [row("slip", 4.0)]}
    assert report(again, kept=kept, baseline=baseline) == 0
    assert capsys.readouterr().out.count("slip: slower, 2.00 -> 4.00 (+100%)") == 2


def test_a_large_run_is_not_compared_with_the_baseline(tmp_path: Path) -> None:
    lines = compared([row("slip", 1.0)], large=True, kept=tmp_path, baseline=BASELINE)
    assert [line for line in lines if "baseline" in line] == []


def test_the_committed_baseline_is_of_figures_that_are_measured() -> None:
    rows = json.loads(BASELINE.read_text())["figures"]
    assert {one["module"] for one in rows} <= set(FIGURES)
    assert {"slip", "attempt"} <= {one["module"] for one in rows}
    assert all(compare.is_ratio(one) for one in rows)
    names = [one["name"] for one in rows]
    assert len(set(names)) == len(names)
