"""Which tests take long, as measured, so that `make quick` can leave them out.

`tests/long_tests.txt` names the test functions of which one case took LONG_SECONDS or
more, with its set-up. They get the mark `long`. `make test PYTEST_ARGS=--note-long`
writes the file anew. Run that on a machine that does nothing else, because seconds are
measured by the clock. A test that did not run keeps its line. Tests marked browser or
processes have no line: they are never in `make quick`.
"""

import os
from collections import defaultdict
from pathlib import Path
from typing import Final

import pytest

LONG_SECONDS: Final = 0.15
OTHERS: Final = {"browser", "processes"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--note-long",
        action="store_true",
        help="write the tests that took long into tests/long_tests.txt",
    )


def pytest_configure(config: pytest.Config) -> None:
    # Under pytest-xdist every worker reports to the controller, which alone notes.
    if config.getoption("--note-long") and "PYTEST_XDIST_WORKER" not in os.environ:
        config.pluginmanager.register(Noting(config.rootpath))


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Runs first, because `-m` chooses by the marks in a hook of the same name."""
    long = noted(config.rootpath)
    for item in items:
        if _function(item.nodeid) in long:
            item.add_marker(pytest.mark.long)


def noted(root: Path) -> set[str]:
    """The names of the long tests, as pytest writes them: file, `::` and function."""
    path = _file(root)
    return set(path.read_text().split()) if path.exists() else set()


def is_there(name: str, root: Path) -> bool:
    """Whether a test function of this name still is in its file."""
    path, *_classes, function = name.split("::")
    return (root / path).exists() and f"def {function}(" in (root / path).read_text()


def _file(root: Path) -> Path:
    return root / "tests" / "long_tests.txt"


def _function(node: str) -> str:
    """The test function without the case's parameters."""
    return node.partition("[")[0]


class Noting:
    """Adds up the seconds of each case, and writes the file at the end."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seconds: defaultdict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not OTHERS & report.keywords.keys():
            self.seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        long = {
            _function(case)
            for case, seconds in self.seconds.items()
            if seconds >= LONG_SECONDS
        }
        ran = {_function(case) for case in self.seconds}
        did_not_run = noted(self.root) - ran
        names = long | {name for name in did_not_run if is_there(name, self.root)}
        _file(self.root).write_text("".join(f"{name}\n" for name in sorted(names)))
