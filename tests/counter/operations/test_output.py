"""A line that a command prints stops nothing when nobody can have it."""

import os
from pathlib import Path

import pytest
from django.core.management.base import OutputWrapper

from counter.operations.output import write_line


def test_a_pipe_that_was_closed_is_no_failure_then_nor_at_the_end() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        for _ in range(2):
            write_line(OutputWrapper(stream), "2 sent")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has it")
def test_a_full_disk_stops_nothing() -> None:
    reached = []

    def work() -> None:
        with Path("/dev/full").open("w") as stream:
            write_line(OutputWrapper(stream), "2 sent")
            reached.append("the work after it")

    with pytest.raises(OSError, match="No space left"):
        work()
    assert reached


def test_otherwise_the_line_is_there_at_once(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as stream:
        write_line(OutputWrapper(stream), "2 sent")
        assert (tmp_path / "out").read_text() == "2 sent\n"
