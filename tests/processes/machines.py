"""Machines with the whole product each, beside one database and one broker."""

from dataclasses import dataclass, field
from pathlib import Path

from localrun.processes import tail
from tests.processes.conftest import CELERY, LOOP, WORKER, House, Process, wait_for
from tests.web_server import WebServer


@dataclass
class Machine:
    """A web server, a worker, a beat and a delivery loop, in a home of their own."""

    house: House
    name: str
    home: Path
    env: dict[str, str]
    running: dict[str, Process] = field(default_factory=dict)
    web: WebServer | None = None

    def start(self) -> None:
        """All four; returns before they are ready."""
        self.home.mkdir()
        self.web = WebServer(self.home / "web.log", self.env)
        schedule = str(self.home / "schedule")
        name = f"{self.name}@test"
        self._start("worker", [*WORKER, "--concurrency", "2", "--hostname", name])
        self._start("beat", [*CELERY, "beat", "--schedule", schedule])
        self._start("loop", LOOP)

    def _start(self, part: str, command: list[str]) -> None:
        process = Process(command, log=self.home / f"{part}.log", env=self.env)
        self.running[part] = process
        # Killed with the house, and read for what is secret.
        self.house.processes.append(process)

    def until_ready(self) -> None:
        assert self.web is not None
        self.web.until_it_answers()
        for part, words in (("worker", " ready."), ("beat", "beat: Starting")):
            process = self.running[part]
            wait_for(lambda: words in process.logged, what=part)  # noqa: B023

    def kill(self, part: str) -> None:
        """Kill -9, with its children, in the middle of what it does."""
        if part == "web":
            assert self.web is not None
            assert self.web.child.poll() is None, tail(self.web.log)
            self.web.close()
        else:
            assert not self.running[part].has_ended(), tail(self.running[part].log)
            self.running[part].kill()

    def close(self) -> None:
        if self.web is not None:
            self.web.close()


def two(house: House, home: Path, **env: str) -> list[Machine]:
    """Two of them, ready for work; each with a temporary directory of its own."""
    machines = []
    for name in ("first", "second"):
        place = home / name
        own = house.env | {"HOME": str(place), "TMPDIR": str(place), **env}
        machines.append(Machine(house, name, place, own))
    for machine in machines:
        machine.start()
    return machines
