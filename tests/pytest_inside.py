"""A run of pytest within a test, with one of our plugins."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def run_pytest(
    home: Path, plugin: str, *words: str, **env: str
) -> subprocess.CompletedProcess[str]:
    """Run the tests in `home`, without Django and in one process."""
    # The test may run in a worker of pytest-xdist; the run inside it has none.
    without_worker = {
        name: value
        for name, value in os.environ.items()
        if name != "PYTEST_XDIST_WORKER"
    }
    plugins = ["-p", f"tests.plugins.{plugin}", "-p", "no:django"]
    return subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-n", "0", *words],
        env=without_worker | {"PYTHONPATH": str(ROOT)} | env,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
