"""What every template may use."""

from django.http import HttpRequest

from counter.sign_in import screen_lock


def house(request: HttpRequest) -> dict[str, object]:
    """`request_id`: the reference that an error page and the log share.
    `idle_seconds`: after how long without anybody a staff screen locks.
    """
    return {
        "request_id": getattr(request, "reference", ""),
        "idle_seconds": screen_lock.idle_seconds(request),
    }
