"""Health checks for the containers of docker-compose.yml.

`python -m config.health web` asks the web server of this container for /healthz, by a
host name that the application accepts. `worker`, `beat` and `deliver` check that the
process of this container wrote a heartbeat within two minutes; one whose loop hangs did
not. Exits with 1 if the check fails. Whether mail is sent is a question about the whole
system, and not about one container: /readyz answers it.
"""

import os
import socket
import sys
from http.client import HTTPConnection, HTTPException


def web_answers() -> bool:
    """Whether one request gets the status 200 within five seconds."""
    port = int(os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2])
    name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").partition(",")[0].strip()
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name.lstrip(".")})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def is_heard(part: str) -> bool:
    """Whether this container's process wrote a recent heartbeat; False without a
    database.
    """
    import django  # noqa: PLC0415 (the web check needs none of it)

    django.setup()
    from django.db import DatabaseError  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from notifications.enums import Part  # noqa: PLC0415
    from notifications.health import heartbeats  # noqa: PLC0415

    host = socket.gethostname()
    try:
        return heartbeats.is_alive(Part(part), at=timezone.now(), host=host)
    except DatabaseError:
        return False


if __name__ == "__main__":
    wanted = sys.argv[1]
    sys.exit(0 if (web_answers() if wanted == "web" else is_heard(wanted)) else 1)
