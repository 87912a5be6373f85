"""The holder's pages, and whether a browser is let in at a page."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse

from tests.activation.helpers import path
from tests.activation.holder.helpers import path as keys_path

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)
PAGES = (
    *("overview", "add_key", "change_password", "change_email", "change_language"),
    *("activity", "activity_csv"),
)

#: The pages to which somebody is led who is not signed in, or no longer.
DOORS = (
    *(keys_path("sign_in"), keys_path("forgotten"), path("enter_code")),
    reverse("counter_sign_in:sign_in"),
)


def is_in(client: Client, url: str) -> bool:
    """Whether the browser is let in: the page is shown, or asks for a key first."""
    response = client.get(url)
    leads_to = str(response.headers.get("Location", "")).partition("?")[0]
    return response.status_code in {200, 303} and leads_to not in DOORS
