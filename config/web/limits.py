"""The web server's limits: how long, how much and how many."""

import resource
from dataclasses import dataclass
from typing import Final

# The most bytes of one request's line and headers together.
HEAD_BYTES: Final = 32 * 1024
# The most bytes of a body: twice what Django reads of a form
# (DATA_UPLOAD_MAX_MEMORY_SIZE), so that a form that is a little too long is refused by
# a page.
BODY_BYTES: Final = 512 * 1024
# Open connections of all processes together.
CONNECTIONS: Final = 1000
CONNECTIONS_OF_AN_ADDRESS: Final = 20
# Of an address in one process, while their requests may be on the way.
NEWCOMERS_OF_AN_ADDRESS: Final = 100
# So long, in seconds, a request may be on the way after its connection has begun.
ON_THE_WAY: Final = 0.5
# So many threads of a process are never used by one single address.
THREADS_FOR_OTHERS: Final = 2


@dataclass(frozen=True)
class Limits:
    """Time limits in seconds, and numbers of connections.

    Each time limit is a total, which further bytes do not extend. `head` counts from
    the moment the connection is open, or from the first byte of a later request on it;
    `body` from the end of the head; `answer` from the end of the answer until all of it
    is read; `idle` from the last answer.
    """

    head: float = 10
    body: float = 30
    answer: float = 120
    # After a refusal, how long the visitor may go on sending before the connection
    # ends.
    lingering: float = 2
    # Longer than proxies keep an idle connection (nginx: 60 s). So the proxy closes it,
    # and never while it sends a request.
    idle: float = 75
    # If there is one connection more in this process, the one that has waited longest
    # is closed for it.
    connections: int = CONNECTIONS
    # The same for one address; 0: no limit.
    of_an_address: int = CONNECTIONS_OF_AN_ADDRESS
    # So many of one address that have just begun are not closed for another one of it.
    newcomers: int = NEWCOMERS_OF_AN_ADDRESS


def of_a_process(processes: int, *, behind_a_proxy: bool) -> Limits:
    """The limits of one of several processes: its share of all connections.

    Behind a proxy all connections come from one address, and the proxy has to limit
    them. Half of the files that a process may open are left for other things.
    """
    files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    every = CONNECTIONS // processes
    if files != resource.RLIM_INFINITY:
        every = min(every, files // 2)
    share = max(2, CONNECTIONS_OF_AN_ADDRESS // processes)
    return Limits(connections=every, of_an_address=0 if behind_a_proxy else share)


def threads_of_an_address(threads: int) -> int:
    """How many of these threads may work for one address at the same time."""
    return max(1, threads - THREADS_FOR_OTHERS)
