"""A clerk and a key holder in one browser: neither can do what the other can."""

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from activation.models import DigitalKey, KeyHolder
from counter.models import Clerk
from tests import cast
from tests.activation.holder.helpers import path as keys_path
from tests.activation.holder.helpers import sign_in
from tests.activation.threats.crowd import cookies_of, with_cookies
from tests.activation.threats.doors import MINUTE, PAGES, is_in


def copy_of(client: Client) -> Client:
    """A browser with the same cookies, so that looking changes nothing in the first."""
    return with_cookies(cookies_of(client))


DESK = reverse("counter_desk:desk")


def test_a_holder_is_no_clerk_and_a_clerk_no_holder(
    els: Clerk, app: DigitalKey
) -> None:
    holder, clerk = Client(), Client()
    sign_in(holder, app)
    clerk.force_login(els)
    staff_pages = [
        DESK,
        reverse("admin:index"),
        reverse("counter_dossiers:record_applicant"),
    ]
    seen = sum(is_in(holder, url) for url in staff_pages)
    theirs = sum(is_in(clerk, keys_path(page)) for page in PAGES)
    print(
        f"a holder saw {seen} of {len(staff_pages)} pages of staff, "
        f"a clerk {theirs} of {len(PAGES)} of a holder (bound 0 each)"
    )
    assert seen == theirs == 0


def sign_both_in(els: Clerk, app: DigitalKey, *, clerk_first: bool) -> Client:
    client = Client()
    staff = {"username": els.username, "password": cast.PASSWORD}
    if clerk_first:
        client.post(reverse("counter_sign_in:sign_in"), staff)
    sign_in(client, app)
    if not clerk_first:
        client.post(reverse("counter_sign_in:sign_in"), staff)
    assert client.get(DESK).status_code == 200
    return client


@pytest.mark.parametrize("clerk_first", [True, False])
@pytest.mark.parametrize("door", ["sign_out", "sign_out_everywhere"])
def test_in_one_browser_a_holder_who_leaves_leaves_the_clerk_there(
    els: Clerk, app: DigitalKey, door: str, *, clerk_first: bool
) -> None:
    client = sign_both_in(els, app, clerk_first=clerk_first)
    stolen = cookies_of(client)
    client.post(keys_path(door))
    assert client.get(DESK).status_code == 200
    seen = sum(is_in(copy_of(client), keys_path(page)) for page in PAGES)
    seen += sum(is_in(with_cookies(stolen), keys_path(page)) for page in PAGES)
    print(f"{door}: the clerk goes on, {seen} pages of the holder seen (bound 0)")
    assert seen == 0


@pytest.mark.parametrize("clerk_first", [True, False])
def test_in_one_browser_a_clerk_who_leaves_takes_the_holder_along(
    els: Clerk, app: DigitalKey, *, clerk_first: bool
) -> None:
    client = sign_both_in(els, app, clerk_first=clerk_first)
    client.post(reverse("counter_sign_in:sign_out"))
    seen = sum(is_in(copy_of(client), url) for url in (DESK, keys_path("overview")))
    print(f"{seen} pages seen after the clerk left (bound 0)")
    assert seen == 0


def test_neither_keeps_the_other_awake(
    els: Clerk, app: DigitalKey, holder: KeyHolder
) -> None:
    """After twenty minutes on the pages of one, the session of the other has ended."""
    for busy, away in ((keys_path("overview"), DESK), (DESK, keys_path("overview"))):
        with time_machine.travel(timezone.now(), tick=False) as clock:
            client = sign_both_in(els, app, clerk_first=True)
            for _turn in range(4):
                clock.shift(5 * MINUTE)
                assert client.get(busy).status_code == 200
            status = client.get(away).status_code
        print(f"{busy} for twenty minutes, then {away}: {status} (bound: not shown)")
        assert status in {302, 303}
