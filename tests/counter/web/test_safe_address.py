"""Secrets are sent over TLS only, or to a server on this machine."""

import pytest

from counter.web.safe_address import is_safe as asked


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://gateway.example/send", True),
        ("http://127.0.0.1:8080/", True),
        ("http://[::1]/", True),
        ("http://localhost/", True),
        ("http://gateway.example/send", False),
        ("http://127.0.0.1.example/", False),
        ("ftp://gateway.example/", False),
        ("https:///send", False),
        ("https://gateway.example:port/", False),
        ("https://gateway.example/\x07", False),
        ("", False),
    ],
)
def test_plain_http_is_for_this_machine(url: str, *, is_safe: bool) -> None:
    assert asked(url) is is_safe
