"""PostgreSQL and Valkey from their wheels, for `make run` and for the tests.

    with Postgres(home) as database, Valkey(home) as broker:
        database.url, broker.url

Both listen on 127.0.0.1 only and require a random password: on a shared machine a
demonstration must not give other accounts access to the one that it runs under.
"""

from localrun.processes import ServiceError
from localrun.servers.postgres import Postgres
from localrun.servers.valkey import Valkey

__all__ = ["Postgres", "ServiceError", "Valkey"]
