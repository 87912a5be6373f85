"""Whether a container does its work, for the health checks of docker-compose.yml.

`python -m config.health web` asks the web server of this container for /healthz, by a
name the application answers to. `python -m config.health deliver` looks whether a
message has been due for two minutes without anybody sending it. Exits with 1 when
the answer is no.
"""

import os
import sys
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

LATE = timedelta(minutes=2)


def web_answers() -> bool:
    """The status of one request, with five seconds for it."""
    port = int(os.environ.get("BIND", "127.0.0.1:8000").rpartition(":")[2])
    name = os.environ.get("ALLOWED_HOSTS", "127.0.0.1").partition(",")[0].strip()
    connection = HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz", headers={"Host": name.lstrip(".")})
        return connection.getresponse().status == 200
    except (OSError, HTTPException):
        return False


def deliveries_keep_up() -> bool:
    """Whether nothing due has been lying for two minutes; False without database."""
    import django  # noqa: PLC0415 (the web check needs none of it)

    django.setup()
    from django.db import DatabaseError  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from notifications.models import Delivery  # noqa: PLC0415

    try:
        return not Delivery.objects.due(timezone.now() - LATE).exists()
    except DatabaseError:
        return False


CHECKS = {"web": web_answers, "deliver": deliveries_keep_up}

if __name__ == "__main__":
    sys.exit(0 if CHECKS[sys.argv[1]]() else 1)
