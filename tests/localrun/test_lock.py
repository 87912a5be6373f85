"""Where the embedded run cannot use its data, a sentence says why."""

import subprocess
import sys
from pathlib import Path

import pytest

from localrun import lock
from localrun.processes import ServiceError
from tests.localrun.started import ODD_NAME


def test_data_of_another_account_are_said_to_be_the_reason(tmp_path: Path) -> None:
    home = tmp_path / ODD_NAME
    home.mkdir(mode=0o555)
    script = (
        "import os, pathlib, sys\n"
        "from localrun import lock\n"
        "os.geteuid() or os.setuid(65534)\n"
        "lock.take(pathlib.Path(sys.argv[1]), lock.RUN)"
    )
    refused = subprocess.run(
        [sys.executable, "-c", script, str(home)],
        cwd=lock.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    last_line = refused.stderr.splitlines()[-1]
    assert (
        f"ServiceError: The data cannot lie in {home}: Permission denied." in last_line
    )
    assert """sudo chown -R "$(id -un)" '/""" in last_line


@pytest.mark.parametrize("name", ["a file", "a file/below", "has/lock"])
def test_a_place_that_is_none_is_said_to_be_the_reason(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "a file").touch()
    (tmp_path / "has/lock/lock").mkdir(parents=True)
    home = tmp_path / name
    with pytest.raises(ServiceError) as refused:
        lock.take(home, lock.RUN)
    assert str(home) in str(refused.value)
    assert "Errno" not in str(refused.value)
