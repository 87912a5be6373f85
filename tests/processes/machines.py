"""Machines that each run the whole product, with one database and one broker.

Each has a home, a temporary directory and process groups of its own, and a network of
its own where the kernel lets the tests make one.
"""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from bench.web import LostError, Wire
from localrun import parts
from localrun.processes import free_port, tail
from tests.processes import networks
from tests.processes.conftest import CELERY, LOOP, WORKER, House, Process, wait_for
from tests.processes.networks import Door, Network


@dataclass
class Machine:
    """A web server, a worker, a beat and a delivery loop; `port` is the first one's."""

    house: House
    home: Path
    env: dict[str, str]
    port: int
    inside: list[str] = field(default_factory=list)
    running: dict[str, Process] = field(default_factory=dict)

    def start(self) -> None:
        """Start all four; return before they are ready."""
        schedule = str(self.home / "schedule")
        name = f"{self.home.name}@test"
        self._start("web", parts.command(parts.WEB))
        self._start("worker", [*WORKER, "--concurrency", "2", "--hostname", name])
        self._start("beat", [*CELERY, "beat", "--schedule", schedule])
        self._start("loop", LOOP)

    def _start(self, part: str, command: list[str]) -> None:
        log = self.home / f"{part}.log"
        process = Process([*self.inside, *command], log=log, env=self.env)
        self.running[part] = process
        # The house kills it at the end, and searches its log for personal data.
        self.house.processes.append(process)

    def until_ready(self) -> None:
        wait_for(self._answers, seconds=60, what="web")
        for part, words in (("worker", " ready."), ("beat", "beat: Starting")):
            log = self.running[part]
            wait_for(lambda: words in log.logged, seconds=60, what=part)  # noqa: B023

    def _answers(self) -> bool:
        assert not self.running["web"].has_ended(), tail(self.running["web"].log)
        try:
            wire = Wire(self.port)
            answer = wire.get("/healthz")
            wire.close()
        except (LostError, OSError):
            time.sleep(0.1)
            return False
        return answer.status == 200

    def kill(self, part: str) -> None:
        """Kill -9, with its children, in the middle of what it does."""
        process = self.running[part]
        assert not process.has_ended(), tail(process.log)
        process.kill()


@contextmanager
def two(house: House, home: Path, **env: str) -> Iterator[list[Machine]]:
    """Two machines that are ready for work; they are killed at the end."""
    with ExitStack() as open_ones:
        are_apart = networks.are_possible()
        machines = []
        for nth, name in enumerate(("first", "second")):
            place = home / name
            place.mkdir()
            own = house.env | {"HOME": str(place), "TMPDIR": str(place), **env}
            made = _apart(house, place, own, nth, open_ones) if are_apart else None
            machines.append(made or _beside(house, place, own))
        print(f"Machines: {len(machines)}, in networks of their own: {are_apart}")
        for machine in machines:
            machine.start()
        try:
            for machine in machines:
                machine.until_ready()
            yield machines
        finally:
            for machine in machines:
                for process in machine.running.values():
                    process.kill()


def _beside(house: House, home: Path, env: dict[str, str]) -> Machine:
    port = free_port()
    return Machine(house, home, env | {"BIND": f"127.0.0.1:{port}"}, port)


def _apart(
    house: House, home: Path, env: dict[str, str], nth: int, open_ones: ExitStack
) -> Machine:
    """A machine in a network of its own, with doors to the servers of the house."""
    network = open_ones.enter_context(Network(nth))

    def door(at: str, address: str, port: int) -> int:
        made = Door(at, (address, port))
        open_ones.callback(made.close)
        return made.port

    moved = {}
    for name in ("DATABASE_URL", "REDIS_URL"):
        url = urlsplit(env[name])
        secret = url.netloc.rpartition("@")[0]
        port = door(network.outside, "127.0.0.1", url.port or 0)
        moved[name] = url._replace(netloc=f"{secret}@{network.outside}:{port}").geturl()
    moved["SMTP_HOST"] = network.outside
    moved["SMTP_PORT"] = str(door(network.outside, "127.0.0.1", house.mail.port))
    bound = free_port()
    moved["BIND"] = f"{network.address}:{bound}"
    port = door("127.0.0.1", network.address, bound)
    return Machine(house, home, env | moved, port, network.inside)
