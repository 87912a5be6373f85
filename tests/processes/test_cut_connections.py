"""The broker cuts every connection, and the worker still gets its tasks afterwards.

Twice in `make test`, twenty times in `make soak`. No delivery loop runs, which would
send the mails instead of the worker.
"""

import time

import pytest
import redis

from counter.models import Clerk
from tests.processes.conftest import House, wait_for
from tests.processes.sending import all_settled, assert_none_lost, visit
from tests.size import SOAK

pytestmark = pytest.mark.processes

CUTS = 20 if SOAK else 2
#: So many seconds after a cut its mail must have left.
WITHIN = 120.0


def test_a_worker_whose_connections_are_cut_hears_again(
    house: House, els: Clerk
) -> None:
    worker = house.worker("--pool", "prefork", "--concurrency", "1")
    slowest = 0.0
    with redis.Redis.from_url(house.broker.url) as broker:
        for cut in range(CUTS):
            killed = sum(
                int(broker.execute_command("CLIENT", "KILL", "TYPE", kind))
                for kind in ("normal", "pubsub")
            )
            assert killed, "the worker was connected"
            begun = time.monotonic()
            visit(cut, els)
            house.wake_up()
            wait_for(all_settled, seconds=WITHIN, what=f"the mail after cut {cut}")
            slowest = max(slowest, time.monotonic() - begun)
    print(f"sent {slowest:.1f} s after a cut at most, bound {WITHIN} s")
    assert not worker.has_ended()
    assert_none_lost(house, CUTS)
