"""A sender that has nothing to send uses almost no CPU time.

It is watched for two minutes in `make soak`, for half a minute in `make test`. Only its
own CPU time counts, whatever else the machine does.
"""

import time

import psutil
import pytest

from notifications.models import Heartbeat
from tests.processes.conftest import PYTHON, House, house, wait_for
from tests.size import SOAK

__all__ = ["house"]

pytestmark = pytest.mark.processes

SECONDS = 120 if SOAK else 30
#: In all of its threads. A look around, once a minute, weighs more in the short run.
BOUND_PERCENT = 0.3 if SOAK else 0.6


def test_a_delivery_loop_without_work_sleeps(house: House) -> None:
    loop = house._start([PYTHON, "manage.py", "deliver"])
    wait_for(Heartbeat.objects.exists, seconds=60, what="its first pass")
    time.sleep(5)  # The loop does some work once, when it begins.
    process = psutil.Process(loop.child.pid)

    def spent() -> float:
        times = process.cpu_times()
        return float(times.user + times.system)

    before = spent()
    time.sleep(SECONDS)
    percent = (spent() - before) / SECONDS * 100

    print(f"Delivery loop without work: {percent:.2f} % of a core")
    assert percent < BOUND_PERCENT
