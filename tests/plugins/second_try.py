"""A second try for tests that wait for a browser or for other processes.

Those depend on when the machine gives a process its turn. The end of the run shows the
traceback of the first failure, also when the second try passed. `make soak` gives no
second try. The reasons are in
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
