"""The senders that are kept free for one-time codes."""

import threading

import pytest

from notifications.outbox import express, outbox


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("error", [LookupError, MemoryError])
def test_an_error_of_our_own_ends_no_sender_of_codes(
    monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    came_back = threading.Event()
    tried: list[str] = []

    def broken(*_args: object, **_options: object) -> bool:
        tried.append(threading.current_thread().name)
        if all(tried.count(name) > 1 for name in ("urgent-mail", "urgent-sms")):
            came_back.set()
        raise error

    monkeypatch.setattr(outbox, "is_due", broken)
    with express.beside():
        assert came_back.wait(20)
