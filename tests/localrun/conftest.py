"""A directory for an embedded run, and a function that starts one in it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from localrun.processes import free_port
from tests.localrun.started import ODD_NAME, Run


@pytest.fixture
def home(tmp_path: Path) -> Path:
    # When root runs the tests, PostgreSQL runs as another account and must get here.
    tmp_path.chmod(0o711)
    return tmp_path / ODD_NAME


@pytest.fixture
def start(home: Path) -> Iterator[Callable[..., Run]]:
    with ExitStack() as stack:

        def start(*, port: int | None = None, **environ: str) -> Run:
            started = Run(home, port=port or free_port(), **environ)
            stack.callback(started.end)
            return started

        yield start
