"""The token in a mailed link, whichever page the link opens."""

import secrets
import uuid

import pytest
from django.conf import settings

from counter.email import mailed_links

PK, MAC = uuid.uuid4(), secrets.token_bytes(32)


def test_a_token_says_its_row_and_what_has_to_prove_it() -> None:
    token = mailed_links.pack(PK, MAC)
    assert len(token) == mailed_links.TOKEN_CHARACTERS
    assert mailed_links.unpack(token) == (PK, MAC)


@pytest.mark.parametrize("left", ["<{}>", "{}.", "{}/", "{}\n", "{} (not mine)"])
def test_what_a_mail_program_leaves_around_a_token_is_looked_past(left: str) -> None:
    presented = left.format(mailed_links.pack(PK, MAC))
    assert mailed_links.unpack(presented) == (PK, MAC)


@pytest.mark.parametrize("presented", ["", "a", "A" * 63, "=" * 64, "\x00" * 64])
def test_what_is_too_short_is_no_token(presented: str) -> None:
    assert mailed_links.unpack(presented) is None


@pytest.mark.parametrize(
    "page",
    [
        "activation_journey:open_link",
        "activation_journey:open_refusal",
        "activation_holder:open_mail",
        "counter_staff:choose_password",
    ],
)
def test_a_slash_stands_behind_every_token(page: str) -> None:
    """A token may end in `-`, which programs that find links in a text leave off."""
    token = "a" * 63 + "-"
    link = mailed_links.url(page, token)
    assert link.startswith(f"{settings.SITE_URL}/")
    assert f"/{token}/" in link
