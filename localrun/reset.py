"""`make reset`: throw the data of the embedded run away, to start afresh."""

import shutil
import sys

from localrun import lock
from localrun.processes import Leftovers, ServiceError, in_words
from localrun.servers.services import Postgres

DATA = ("postgres", "valkey", "mail", "sms", "log")


def main() -> int:
    try:
        with lock.take(lock.HOME, lock.COMMAND):
            Leftovers(lock.HOME / "parts.json").end()
            Postgres(lock.HOME).end_previous()
            for name in DATA:
                shutil.rmtree(lock.HOME / name, ignore_errors=True)
            for path in lock.HOME.glob("schedule*"):
                path.unlink()
    except (ServiceError, OSError) as error:
        print(in_words(error), file=sys.stderr)
        return 1
    print(f"The data in {lock.HOME} are gone. `make run` starts afresh.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
