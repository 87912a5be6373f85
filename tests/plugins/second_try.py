"""A second try for tests that wait for a browser or for other processes.

Those depend on when the machine gives a process its turn. What failed the first time
is told with its traceback at the end of the run, whatever came of the second try.
`make soak` gives none. The reasons are in
docs/decisions/093-a-second-try-for-other-processes.md.
"""

import os

import pytest

OTHERS = ("browser", "processes")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if os.environ.get("SOAK"):
        return
    for item in items:
        if any(item.get_closest_marker(name) for name in OTHERS):
            item.add_marker(pytest.mark.flaky(reruns=1))
