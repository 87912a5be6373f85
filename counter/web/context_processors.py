"""Context that is available in every template."""

from django.http import HttpRequest

from counter.desk import registry
from counter.sign_in import screen_lock


def house(request: HttpRequest) -> dict[str, object]:
    """`request_id`: the reference that an error page and the log share.
    `idle_seconds`: after how long without anybody a staff screen locks.
    `parts`: by slot, the templates that the apps bring to the desk's pages.
    """
    return {
        "request_id": getattr(request, "request_id", ""),
        "parts": registry.parts,
        "idle_seconds": screen_lock.idle_seconds(request),
    }
