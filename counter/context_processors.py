"""What every template may use."""

from django.http import HttpRequest


def house(request: HttpRequest) -> dict[str, object]:
    """`request_id`: the reference that an error page and the log share."""
    return {"request_id": getattr(request, "reference", "")}
