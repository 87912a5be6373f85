"""The web server's limits: how long, how much and how many."""

import resource
from dataclasses import dataclass
from typing import Final

# Of one request's line and headers together.
HEAD_BYTES: Final = 32 * 1024
# Twice what Django reads of a form (DATA_UPLOAD_MAX_MEMORY_SIZE), so that a form which
# is a little too long is still refused by a page.
BODY_BYTES: Final = 512 * 1024
# Open connections of all processes together.
CONNECTIONS: Final = 1000
CONNECTIONS_OF_AN_ADDRESS: Final = 20
# Threads of a process that no single address gets, whatever it asks for.
THREADS_FOR_OTHERS: Final = 2


@dataclass(frozen=True)
class Limits:
    """Seconds are totals: a byte now and then wins no more time.

    A head has its seconds from the moment the connection is open, or from its first
    byte on one that was used before; a body from the end of its head; the reading of
    an answer from its end; an idle connection from its last answer.
    """

    head: float = 10
    body: float = 30
    answer: float = 120
    # For reading that a request is refused, while the rest of it arrives.
    lingering: float = 2
    # Longer than proxies keep an idle connection (nginx: 60), so that it is they who
    # close it, and never while a request is on its way.
    idle: float = 75
    # One more in this process, and the one that has waited longest is closed for it.
    connections: int = CONNECTIONS
    # The same from one address; 0: no limit.
    of_an_address: int = CONNECTIONS_OF_AN_ADDRESS


def of_a_process(processes: int, *, behind_a_proxy: bool) -> Limits:
    """The share of one of several processes.

    Behind a proxy everybody comes from one address, and the proxy counts. Half of the
    files that a process may open are left for everything else.
    """
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    every = CONNECTIONS // processes
    if files != resource.RLIM_INFINITY:
        every = min(every, files // 2)
    share = max(2, CONNECTIONS_OF_AN_ADDRESS // processes)
    return Limits(connections=every, of_an_address=0 if behind_a_proxy else share)


def threads_of_an_address(threads: int) -> int:
    """How many of these may work for one address at once."""
    return max(1, threads - THREADS_FOR_OTHERS)
